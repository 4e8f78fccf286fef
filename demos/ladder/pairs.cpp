#include "demos/ladder/ladder.h"

#include <cmath>
#include <numbers>

#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include <ordinal/core/ops_attention.h>
#include <ordinal/nn/recurrent.h>

namespace ordinal::demos {
namespace {

using Loop = void (*)(const Scalar* x, Scalar* y, Index n);

void standard_exp(const Scalar* x, Scalar* y, Index n) {
    for (Index i = 0; i < n; ++i) y[i] = std::exp(x[i]);
}
void standard_tanh(const Scalar* x, Scalar* y, Index n) {
    for (Index i = 0; i < n; ++i) y[i] = std::tanh(x[i]);
}
void standard_gelu(const Scalar* x, Scalar* y, Index n) {
    for (Index i = 0; i < n; ++i) y[i] = x[i] * (1 + std::erf(x[i] * (std::numbers::sqrt2_v<Scalar> / 2))) / 2;
}

std::function<NdArray()> looped(Loop f, const NdArray& x) {
    return [f, x] {
        NdArray y = NdArray::uninitialized(x.shape());
        f(x.data(), y.mutable_data(), x.size());
        return y;
    };
}

// The gradient of x under f, with 1 for every number of f(x): a forward and a backward pass.
template <class F>
std::function<NdArray()> trained(const Tensor& x, F f) {
    return [x, f] {
        const Tensor y = f(x);
        y.backward(NdArray(y.shape(), 1));
        const NdArray gradient = x.grad();
        x.clear_grad();
        return gradient;
    };
}

}    // namespace

std::vector<Pair> ladder_pairs(Index T) {
    Rng rng(1);
    std::vector<Pair> pairs;
    const NdArray x = random_normal({1024, T}, 2, rng);
    pairs.push_back({"exp, standard or vectorised", looped(standard_exp, x), looped(kernels::exp, x)});
    pairs.push_back({"tanh, standard or vectorised", looped(standard_tanh, x), looped(kernels::tanh, x)});
    pairs.push_back({"GELU, standard or vectorised", looped(standard_gelu, x), looped(kernels::gelu, x)});

    const Tensor q = Tensor::parameter(random_normal({1, 8, T, 64}, 1, rng));
    pairs.push_back({"attention, all scores or blocks",
                     trained(q, [](const Tensor& t) { return naive_attention(t, t, t); }),
                     trained(q, [](const Tensor& t) { return attention(t, t, t); })});

    const auto cell = std::make_shared<RnnCell>(64, 256, rng);
    const Tensor inputs = Tensor::parameter(random_normal({16, T / 4, 64}, 1, rng)), start(zeros({16, 256}));
    pairs.push_back({"RNN, a node a step or one for all",
                     trained(inputs, [=](const Tensor& t) { return run_cell(*cell, t, start); }),
                     trained(inputs, [=](const Tensor& t) { return cell->run(t, start); })});

    const Tensor logits = Tensor::parameter(random_normal({T, 2600}, 1, rng));
    const IndexArray targets{{T}, std::vector<Index>(static_cast<std::size_t>(T), 7)};
    pairs.push_back({"cross-entropy, three nodes or one",
                     trained(logits,
                             [T](const Tensor& t) {
                                 return scale(sum(slice(log_softmax(t), 1, 7, 8)), Scalar(-1) / static_cast<Scalar>(T));
                             }),
                     trained(logits, [targets](const Tensor& t) { return cross_entropy(t, targets); })});
    return pairs;
}

}    // namespace ordinal::demos
