// Loops over rows of numbers: what softmax, GELU and the like spend their time in. Each is compiled for several
// instruction sets (core/instruction_set.h), all with the same bits.
#pragma once

#include <ordinal/core/scalar.h>

namespace ordinal::kernels {

// y_i = f(x_i), and dx_i = dy_i f'(x_i)          n numbers; y may be x
void exp(const Scalar* x, Scalar* y, Index n);
void tanh(const Scalar* x, Scalar* y, Index n);
void gelu(const Scalar* x, Scalar* y, Index n);                                // x Phi(x)
void gelu_backward(const Scalar* x, const Scalar* dy, Scalar* dx, Index n);    // dy (Phi(x) + x phi(x))

// pairs = sin a_0, cos a_0, sin a_1, cos a_1, ...,  a_i = factor angles_i          n angles
void sin_cos(double factor, const double* angles, Scalar* pairs, Index n);

// y_i = e^(x_i - max x)          returns the sum of y; *largest = max x. Of minus infinities alone: 0, and the sum is 0
Scalar exp_minus_max(const Scalar* x, Scalar* y, Index n, Scalar* largest);

Scalar sum(const Scalar* x, Index n);
Scalar dot(const Scalar* x, const Scalar* y, Index n);

}    // namespace ordinal::kernels
