// An RNN over 10,000 steps is built, differentiated and freed on a small stack (see chain.cpp), and its gradient is
// compared with one that is computed step by step, without a graph.
#include <cmath>
#include <cstdio>

#include <ordinal/nn/recurrent.h>

using namespace ordinal;

namespace {

// h_t = tanh(w h_{t-1} + u x_t + b), all of them single numbers, by hand: d h_T / d w with h_0 = 0.
//     d h_t / d w = (1 - h_t^2) (h_{t-1} + w d h_{t-1} / d w)
double slope_by_hand(const RnnCell& cell, const std::vector<Scalar>& x) {
    const auto parameters = cell.parameters();
    const auto number = [&](std::size_t i) { return static_cast<double>(parameters[i].tensor.item()); };
    const double u = number(0), w = number(1), b = number(2) + number(3);
    double h = 0, slope = 0;
    for (Scalar x_t : x) {
        const double next = std::tanh(w * h + u * static_cast<double>(x_t) + b);
        slope = (1 - next * next) * (h + w * slope);
        h = next;
    }
    return slope;
}

}    // namespace

int main() {
    constexpr Index steps = 10'000;
    bool right = true;
    {
        Rng rng(1);
        const RnnCell cell(1, 1, rng);
        cell.parameters()[1].tensor.set_values(NdArray({1, 1}, {Scalar(0.9)}));    // W_hh: remembers some ten steps
        const NdArray x = random_normal({1, steps, 1}, 1, rng);                    // [B, T, D]
        const Tensor h0(zeros({1, 1}));
        const Tensor states = run_cell(cell, Tensor(x), h0);
        std::printf("built %lld nodes\n", static_cast<long long>(Node::live_count()));
        slice(states, 1, steps - 1, steps).backward(NdArray({1, 1, 1}, 1));
        const double got = static_cast<double>(cell.parameters()[1].tensor.grad().item());
        const double expected = slope_by_hand(cell, x.to_vector());
        // Contributions fade away within some hundred steps, so only a few hundred roundings add up.
        const double tolerance = (sizeof(Scalar) == 8 ? 1e-12 : 1e-4) * (1 + std::abs(expected));
        std::printf("differentiated: d h_T / d W_hh = %.9g, by hand %.9g\n", got, expected);
        right = std::abs(got - expected) <= tolerance && expected != 0;

        const Tensor dropped = run_cell(cell, Tensor(x), h0);    // freed without backward
    }
    std::printf("freed, %lld nodes left\n", static_cast<long long>(Node::live_count()));
    return right && Node::live_count() == 0 ? 0 : 1;
}
