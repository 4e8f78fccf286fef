// What arrays and tensors have in common: numbers on either side, +=, comparisons, and functions of each element.
#pragma once

#include <concepts>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_elementwise.h>

namespace ordinal {

template <class T>
concept Array = std::same_as<T, NdArray> || std::same_as<T, Tensor>;

template <Array T>
T like(const T&, Number number) {    // the number as an array, or as a tensor
    return T(number);
}

auto operator+(Number a, const Array auto& b) { return b + a; }
inline NdArray operator*(Number a, const NdArray& b) { return b * a; }
auto operator-(const Array auto& a, Number b) { return a + -b; }
auto operator-(Number a, const Array auto& b) { return -b + a; }
auto operator/(const Array auto& a, Number b) { return a / like(a, b); }
auto operator/(Number a, const Array auto& b) { return like(b, a) / b; }

// An array beside a tensor is a constant: x * (x > 0), y - targets. For two of a kind the functions in core/nd_math.h
// and core/ops_elementwise.h are chosen, which are no templates.
Tensor operator+(const Array auto& a, const Array auto& b) { return add(Tensor(a), Tensor(b)); }
Tensor operator-(const Array auto& a, const Array auto& b) { return sub(Tensor(a), Tensor(b)); }
Tensor operator*(const Array auto& a, const Array auto& b) { return mul(Tensor(a), Tensor(b)); }
Tensor operator/(const Array auto& a, const Array auto& b) { return div(Tensor(a), Tensor(b)); }

// a += b is a = a + b, of the same shape: the sum is complete before a changes, so b may be a view of a. A tensor
// becomes the handle of a new node. A parameter is refused: its optimizer would go on with the old one.
NdArray& assign(NdArray& a, NdArray result, const char* who);
Tensor& assign(Tensor& X, Tensor result, const char* who);
auto& operator+=(Array auto& a, const auto& b) { return assign(a, a + b, "+="); }
auto& operator-=(Array auto& a, const auto& b) { return assign(a, a - b, "-="); }
auto& operator*=(Array auto& a, const auto& b) { return assign(a, a * b, "*="); }
auto& operator/=(Array auto& a, const auto& b) { return assign(a, a / b, "/="); }

// Comparisons give masks: 1 where it holds, else 0. A mask is an NdArray and has no gradient.
//     where(x > 0, x, 0)          sum_all(x == 1)          if (all(x == y)) ...
struct Operand {    // an array, the values of a tensor, or a number
    NdArray values;

    Operand(const NdArray& a) : values(a) {}
    Operand(const Tensor& X) : values(X.values()) {}
    template <class T>
    requires std::is_arithmetic_v<T> Operand(T number) : values(Number(number)) {}
};
NdArray operator==(const Operand& a, const Operand& b);
NdArray operator!=(const Operand& a, const Operand& b);
NdArray operator<(const Operand& a, const Operand& b);
NdArray operator<=(const Operand& a, const Operand& b);
NdArray operator>(const Operand& a, const Operand& b);
NdArray operator>=(const Operand& a, const Operand& b);
NdArray operator&(const NdArray& a, const NdArray& b);    // as in NumPy, with parentheses: (0 < x) & (x < 1)
NdArray operator|(const NdArray& a, const NdArray& b);
inline NdArray operator~(const NdArray& mask) { return mask == 0; }
bool all(const NdArray& mask);    // no 0 in it; true for an empty one
inline bool any(const NdArray& mask) { return !all(mask == 0); }

// On arrays: what the tensor's function computes, without a graph.
inline NdArray exp(const NdArray& a) { return exp(Tensor(a)).values(); }
inline NdArray log(const NdArray& a) { return log(Tensor(a)).values(); }
inline NdArray log1p(const NdArray& a) { return log1p(Tensor(a)).values(); }
inline NdArray sqrt(const NdArray& a) { return sqrt(Tensor(a)).values(); }
inline NdArray sin(const NdArray& a) { return sin(Tensor(a)).values(); }
inline NdArray cos(const NdArray& a) { return cos(Tensor(a)).values(); }
inline NdArray tanh(const NdArray& a) { return tanh(Tensor(a)).values(); }
inline NdArray abs(const NdArray& a) { return abs(Tensor(a)).values(); }
inline NdArray pow(const NdArray& a, Number exponent) { return pow(Tensor(a), exponent).values(); }
inline NdArray clamp(const NdArray& a, Number low, Number high) { return clamp(Tensor(a), low, high).values(); }
inline NdArray maximum(const NdArray& a, const NdArray& b) { return maximum(Tensor(a), Tensor(b)).values(); }
inline NdArray minimum(const NdArray& a, const NdArray& b) { return minimum(Tensor(a), Tensor(b)).values(); }
inline NdArray where(const NdArray& mask, const NdArray& a, const NdArray& b) {
    return where(mask, Tensor(a), Tensor(b)).values();
}

// With a number in the place of an array.
auto maximum(const Array auto& a, Number b) { return maximum(a, like(a, b)); }
auto maximum(Number a, const Array auto& b) { return maximum(like(b, a), b); }
auto minimum(const Array auto& a, Number b) { return minimum(a, like(a, b)); }
auto minimum(Number a, const Array auto& b) { return minimum(like(b, a), b); }
auto where(const NdArray& mask, const Array auto& a, Number b) { return where(mask, a, like(a, b)); }
auto where(const NdArray& mask, Number a, const Array auto& b) { return where(mask, like(b, a), b); }
inline NdArray where(const NdArray& mask, Number a, Number b) { return where(mask, NdArray(a), NdArray(b)); }

}    // namespace ordinal
