// Comparisons, element by element, with broadcasting: 1 where it holds, else 0. A mask is an NdArray; it has no
// gradient.
//
//     where(x > 0, x, 0)          x * (x != y)          if (all(x == y)) ...          sum_all(x == 1)
#pragma once

#include <ordinal/core/nd_math.h>
#include <ordinal/core/tensor.h>

namespace ordinal {

// What may be compared: an array, the values of a tensor, a number.
struct Operand {
    NdArray values;

    Operand(const NdArray& a) : values(a) {}
    Operand(const Tensor& x) : values(x.values()) {}
    template <class T>
    requires std::is_arithmetic_v<T> Operand(T number) : values(Number(number)) {}
};

NdArray operator==(const Operand& a, const Operand& b);
NdArray operator!=(const Operand& a, const Operand& b);
NdArray operator<(const Operand& a, const Operand& b);
NdArray operator<=(const Operand& a, const Operand& b);
NdArray operator>(const Operand& a, const Operand& b);
NdArray operator>=(const Operand& a, const Operand& b);

// Masks together; as in NumPy and PyTorch, each comparison needs its parentheses: (0 < x) & (x < 1).
NdArray operator&(const NdArray& a, const NdArray& b);
NdArray operator|(const NdArray& a, const NdArray& b);
NdArray operator~(const NdArray& mask);

bool all(const NdArray& mask);    // no 0 in it; true for an empty one
bool any(const NdArray& mask);    // something else than 0 in it

// a where mask is 1, else b; for tensors see core/ops_elementwise.h
NdArray where(const NdArray& mask, const NdArray& a, const NdArray& b);
inline NdArray where(const NdArray& mask, const NdArray& a, Number b) { return where(mask, a, NdArray(b)); }
inline NdArray where(const NdArray& mask, Number a, const NdArray& b) { return where(mask, NdArray(a), b); }
inline NdArray where(const NdArray& mask, Number a, Number b) { return where(mask, NdArray(a), NdArray(b)); }

}    // namespace ordinal
