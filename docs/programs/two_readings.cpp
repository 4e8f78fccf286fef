// Change token 2 of 5. Whose code changes?
#include <iostream>
#include <ordinal/core/nd_math.h>
#include <ordinal/positional/registry.h>

int main() {
    using namespace ordinal;
    for (const std::string name : {"rnn", "rnn_over_inputs"}) {
        Rng rng(1);
        const auto encoding = make_encoding(name, {.d_model = 4}, rng);
        const auto codes = [&](const NdArray& x) {
            return encoding->apply_to_input(Tensor(x), Positions::arange(5), Mode::evaluation()).values() - x;
        };
        NdArray one = random_normal({1, 5, 4}, 1, rng), other = one;
        other.mutable_data()[2 * 4] += 1;                                       // token 2
        const NdArray d = codes(one) - codes(other), change = sum(d * d, 2);    // [1, 5, 1]
        for (Index k = 0; k < 5; ++k) std::cout << (change.at({0, k, 0}) > 1e-8 ? "new  " : "same ");
        std::cout << name << "\n";
    }
}
