// Differentiable reductions, and the row-wise operations of a Transformer that are built on them.
#pragma once

#include <ordinal/core/tensor.h>

namespace ordinal {

Tensor sum(const Tensor& X);    // of all elements: []
Tensor mean(const Tensor& X);
// Over some axes, each kept with size 1: [2, 3], axis 1 -> [2, 1]; squeeze drops them.
Tensor sum(const Tensor& X, std::initializer_list<Index> axes);
Tensor mean(const Tensor& X, std::initializer_list<Index> axes);
inline Tensor sum(const Tensor& X, Index axis) { return sum(X, {axis}); }
inline Tensor mean(const Tensor& X, Index axis) { return mean(X, {axis}); }
Tensor max(const Tensor& X, Index axis);    // equal maxima share the gradient

// Along the last axis, in the stable form (the row's maximum is subtracted first).
Tensor softmax(const Tensor& X);
Tensor log_softmax(const Tensor& X);

// Each row to mean 0 and variance 1, then gamma and beta [D].   X: [..., D]
Tensor layer_norm(const Tensor& X, const Tensor& gamma, const Tensor& beta, double eps);

}    // namespace ordinal
