// Differentiable elementwise operations. Shapes broadcast as in NumPy.
#pragma once

#include <ordinal/core/tensor.h>

namespace ordinal {

Tensor add(const Tensor& A, const Tensor& B);        // a + b
Tensor sub(const Tensor& A, const Tensor& B);        // a - b
Tensor mul(const Tensor& A, const Tensor& B);        // a b
Tensor div(const Tensor& A, const Tensor& B);        // a / b
Tensor maximum(const Tensor& A, const Tensor& B);    // the larger one; where equal, each gets half of the gradient
Tensor minimum(const Tensor& A, const Tensor& B);    // the smaller one; likewise

Tensor neg(const Tensor& X);                     // -x
Tensor scale(const Tensor& X, Scalar factor);    // factor x
Tensor shift(const Tensor& X, Scalar amount);    // x + amount
Tensor pow(const Tensor& X, Scalar exponent);    // x^exponent
Tensor exp(const Tensor& X);                     // right to the ends of the number type; in float 1e-7 relative
Tensor log(const Tensor& X);
Tensor log1p(const Tensor& X);    // ln(1 + x), with all digits near 0
Tensor sqrt(const Tensor& X);
Tensor sin(const Tensor& X);
Tensor cos(const Tensor& X);
Tensor tanh(const Tensor& X);
Tensor sigmoid(const Tensor& X);     // 1 / (1 + e^-x)
Tensor relu(const Tensor& X);        // max(x, 0)
Tensor gelu(const Tensor& X);        // x Phi(x), Phi = the normal distribution function; exact (erf), as BERT uses it
Tensor silu(const Tensor& X);        // x sigmoid(x)
Tensor softplus(const Tensor& X);    // ln(1 + e^x): 100 at 100, e^-100 at -100
Tensor abs(const Tensor& X);         // slope 0 at 0
Tensor clamp(const Tensor& X, Number low, Number high);    // gradient where low <= x <= high

// mask holds 0 or 1 and broadcasts; it gets no gradient.
Tensor where(const NdArray& mask, const Tensor& A, const Tensor& B);      // a where mask is 1, else b
Tensor masked_fill(const Tensor& X, const NdArray& mask, Scalar fill);    // fill where mask is 1, else x

inline Tensor operator+(const Tensor& A, const Tensor& B) { return add(A, B); }
inline Tensor operator-(const Tensor& A, const Tensor& B) { return sub(A, B); }
inline Tensor operator*(const Tensor& A, const Tensor& B) { return mul(A, B); }
inline Tensor operator/(const Tensor& A, const Tensor& B) { return div(A, B); }
inline Tensor operator-(const Tensor& X) { return neg(X); }

inline Tensor operator+(const Tensor& X, Number b) { return shift(X, b); }    // more of them: core/operators.h
inline Tensor operator*(const Tensor& X, Number b) { return scale(X, b); }
inline Tensor operator*(Number a, const Tensor& X) { return scale(X, a); }

}    // namespace ordinal
