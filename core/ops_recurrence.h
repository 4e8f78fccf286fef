// A whole recurrent sequence as one operation.
#pragma once

#include <ordinal/core/tensor.h>

namespace ordinal {

// h_t = tanh(z_t + W h_{t-1}),  t = 0 .. T - 1,  h_{-1} = start          Elman 1990
// Z: [B, T, H], what the inputs contribute (W_ih x_t and all biases)     W: [H, H]     start: [B, H]     -> [B, T, H]
// The numbers of T small operations, up to rounding, in one node: nothing is recorded, allocated or waited for between
// steps, and the gradient of W is one product over all steps.
Tensor tanh_recurrence(const Tensor& Z, const Tensor& W, const Tensor& start);

}    // namespace ordinal
