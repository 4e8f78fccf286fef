// The differentiable matrix product.
#pragma once

#include <ordinal/core/tensor.h>

namespace ordinal {

// C = A B        A: [..., m, k]   B: [..., k, n]   C: [..., m, n]; leading (batch) axes broadcast.
// A transposed operand (transpose(X)) is read in place and costs nothing; only a batch [B, k, T] that lies transposed
// and meets one matrix [k, n] is copied once, so that it is one product of B T rows.
Tensor matmul(const Tensor& A, const Tensor& B);

// Y = X W^T + b          X: [..., in]   W: [out, in]   b: [out], or undefined: no bias   Y: [..., out]
// The same bits as matmul(X, transpose(W)) + b, in one pass over Y, and the gradient of W comes in W's own layout.
Tensor linear(const Tensor& X, const Tensor& W, const Tensor& b);

}    // namespace ordinal
