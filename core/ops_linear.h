// The operation that a layer of a network is made of.
#pragma once

#include "core/tensor.h"

namespace ordinal {

// Y = X W^T + b          X: [..., in]   W: [out, in]   b: [out], or undefined: no bias   Y: [..., out]
// The same numbers as matmul(X, transpose(W)) + b, in one pass over Y, and the gradient of W comes in W's own layout.
Tensor linear(const Tensor& X, const Tensor& W, const Tensor& b);

}    // namespace ordinal
