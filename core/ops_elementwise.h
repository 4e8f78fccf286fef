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
Tensor exp(const Tensor& X);
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

// A number on either side.
inline Tensor operator+(const Tensor& X, Number b) { return shift(X, b); }
inline Tensor operator-(const Tensor& X, Number b) { return shift(X, -b); }
inline Tensor operator*(const Tensor& X, Number b) { return scale(X, b); }
inline Tensor operator/(const Tensor& X, Number b) { return div(X, Tensor(b)); }
inline Tensor operator+(Number a, const Tensor& X) { return shift(X, a); }
inline Tensor operator-(Number a, const Tensor& X) { return shift(neg(X), a); }
inline Tensor operator*(Number a, const Tensor& X) { return scale(X, a); }
inline Tensor operator/(Number a, const Tensor& X) { return div(Tensor(a), X); }
inline Tensor maximum(const Tensor& X, Number b) { return maximum(X, Tensor(b)); }
inline Tensor maximum(Number a, const Tensor& X) { return maximum(Tensor(a), X); }
inline Tensor minimum(const Tensor& X, Number b) { return minimum(X, Tensor(b)); }
inline Tensor minimum(Number a, const Tensor& X) { return minimum(Tensor(a), X); }
inline Tensor where(const NdArray& mask, const Tensor& A, Number b) { return where(mask, A, Tensor(b)); }
inline Tensor where(const NdArray& mask, Number a, const Tensor& B) { return where(mask, Tensor(a), B); }

// A mask as a factor: x * (x > 0).
inline Tensor operator*(const Tensor& X, const NdArray& mask) { return mul(X, Tensor(mask)); }
inline Tensor operator*(const NdArray& mask, const Tensor& X) { return mul(Tensor(mask), X); }

// x += y makes x the handle of a new tensor, x + y of the same shape; other handles keep the old one. A parameter is
// refused: its optimizer would go on with the old one.
void rebind(Tensor& X, const Tensor& to, const char* who);
template <class B>
Tensor& operator+=(Tensor& X, const B& b) {
    return rebind(X, X + b, "+="), X;
}
template <class B>
Tensor& operator-=(Tensor& X, const B& b) {
    return rebind(X, X - b, "-="), X;
}
template <class B>
Tensor& operator*=(Tensor& X, const B& b) {
    return rebind(X, X * b, "*="), X;
}
template <class B>
Tensor& operator/=(Tensor& X, const B& b) {
    return rebind(X, X / b, "/="), X;
}

}    // namespace ordinal
