#include "driver.h"

#include "attention.h"

using namespace ordinal;
using lab::to_ordinal;
using lab::to_wire;

namespace {

Tensor constant(lab::Call& call) { return Tensor(to_ordinal(call.array())); }

}    // namespace

#ifdef TASK_scores
const lab::Function scores("scores", [](lab::Call& call) {
    const Tensor Q = constant(call), K = constant(call);
    call.give(to_wire(mine::scores(Q, K).values()));
});
#endif

#ifdef TASK_weights
// The shares, and the gradient of sum over i, j of (j + 1) w[i][j].
const lab::Function weights("weights", [](lab::Call& call) {
    const Tensor S = Tensor::parameter(to_ordinal(call.array()));
    const Tensor w = mine::weights(S);
    call.give(to_wire(w.values()));
    sum(w * Tensor(NdArray::arange(S.dim(1)) + 1)).backward();
    call.give(to_wire(S.grad()));
});
#endif

#ifdef TASK_hide
const lab::Function hide("hide", [](lab::Call& call) { call.give(to_wire(mine::hide(constant(call)).values())); });
#endif

#ifdef TASK_heads
// What each head was given, what came together of (h + 1) X_h + column, and the gradient of its sum.
const lab::Function heads("heads", [](lab::Call& call) {
    const Tensor X = Tensor::parameter(to_ordinal(call.array()));
    const Index H = call.index();
    std::map<Index, NdArray> seen;
    const Tensor Y = mine::heads(X, H, [&](const Tensor& X_h, Index h) {
        seen[h] = X_h.values();
        return X_h * static_cast<double>(h + 1) + Tensor(NdArray::arange(X_h.dim(1)));
    });
    for (const auto& [h, values] : seen) call.give(to_wire(values));
    call.give(to_wire(Y.values()));
    sum(Y).backward();
    call.give(to_wire(X.grad()));
});
#endif

#ifdef TASK_back_through_weights
const lab::Function back_through_weights("back_through_weights", [](lab::Call& call) {
    const NdArray w = to_ordinal(call.array()), dw = to_ordinal(call.array());
    call.give(to_wire(mine::back_through_weights(w, dw)));
});
#endif

// --- What the predictions and the picture ask. ---

#if defined(TASK_weights) && defined(TASK_hide)
// All scores alike.
const lab::Function window("window", [](lab::Call& call) {
    const Index T = call.index();
    call.give(to_wire(mine::weights(mine::hide(Tensor(zeros({T, T})))).values()));
});
#endif

#if defined(TASK_scores) && defined(TASK_weights)
// dog, bites, man in this order; each sees all. What each of the three gets, sorted as dog, bites, man.
const lab::Function in_order("in_order", [](lab::Call& call) {
    const std::vector<Index> order = lab::to_indices(call.array());
    const Tensor X = gather_rows(Tensor({{1, 0}, {0, 1}, {1, 1}}), {{3}, order});
    const NdArray Y = matmul(mine::weights(mine::scores(X, X)), X).values();
    NdArray sorted = zeros({3, 2});
    for (Index t = 0; t < 3; ++t) sorted.set({order[static_cast<std::size_t>(t)]}, Y[t]);
    call.give(to_wire(sorted));
});
#endif

#if defined(TASK_scores) && defined(TASK_weights) && defined(TASK_hide)
// Twelve tokens on a spiral: the longer ones, later, get the larger scores.
const lab::Function picture("picture", [](lab::Call& call) {
    NdArray X = zeros({12, 2});
    for (Index t = 0; t < 12; ++t) {
        const double angle = 0.6 * static_cast<double>(t), length = 1 + 0.12 * static_cast<double>(t);
        X.set({t, 0}, length * std::cos(angle));
        X.set({t, 1}, length * std::sin(angle));
    }
    call.give(to_wire(mine::weights(mine::hide(mine::scores(Tensor(X), Tensor(X)))).values()));
});
#endif

int main() { return lab::serve(); }
