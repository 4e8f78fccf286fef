// The differentiable matrix product.
#pragma once

#include "core/tensor.h"

namespace ordinal {

// C = A B        A: [..., m, k]   B: [..., k, n]   C: [..., m, n]; leading (batch) axes broadcast.
// A transposed operand (transpose(X)) is read in place: it costs nothing.
Tensor matmul(const Tensor& A, const Tensor& B);

}    // namespace ordinal
