// Loops over rows of numbers: what softmax, GELU and the like spend their time in. Each is compiled for several
// instruction sets (core/fast/instruction_set.h), all with the same bits.
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

// Every sum of the library is kept in double and rounded once, at its end. In float a million equal numbers come out
// 1 % wrong, and beyond 2^24 adding 1 changes nothing.
double sum(const Scalar* x, Index n);
double sum_of_others(const Scalar* x, Index i, Index n);    // without x_i
double dot(const Scalar* x, const Scalar* y, Index n);
void add_to(const Scalar* x, double* sums, Index n);           // sums_i += x_i
double add_squares(double total, const Scalar* x, Index n);    // total + x_0^2 + x_1^2 + ..., one after the other

// The largest of n > 0 numbers, and the first place that it has. NaN is above all numbers.
Scalar largest(const Scalar* x, Index n);
Index place_of_largest(const Scalar* x, Index n);

// y_i = x_i - mean x, exactly 0 where all x are equal: what they have in common is taken off first.   y may be x
void center(const Scalar* x, Scalar* y, Index n);

}    // namespace ordinal::kernels
