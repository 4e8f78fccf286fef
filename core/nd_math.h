// Arithmetic on NdArrays: what forward passes and derivative formulas are made of. No gradients here.
#pragma once

#include <vector>

#include <ordinal/core/index_array.h>
#include <ordinal/core/nd_array.h>

namespace ordinal {

// Elementwise, with broadcasting.
NdArray operator+(const NdArray& a, const NdArray& b);
NdArray operator-(const NdArray& a, const NdArray& b);
NdArray operator*(const NdArray& a, const NdArray& b);
NdArray operator/(const NdArray& a, const NdArray& b);
NdArray operator-(const NdArray& a);
void add_in_place(NdArray& a, const NdArray& b);    // a += b, equal shapes
NdArray operator+(const NdArray& a, Number b);      // - and / and numbers on the left: core/operators.h
NdArray operator*(const NdArray& a, Number b);

// Adds up whatever broadcasting had repeated: a: [2, 3, 4], shape [3, 1] -> sums over axes 0 and 2, out [3, 1].
// It is the transpose of broadcast_to (not its inverse), and therefore its gradient. All sums over axes are this function,
// and all means: each sum is divided, if asked, before it is rounded, so that the mean of equal numbers is that number.
NdArray sum_to_shape(const NdArray& a, const Shape& shape, double divisor = 1);

// Keeps each of these axes with size 1: [2, 3], {1} -> [2, 1]; see squeeze.
NdArray sum(const NdArray& a, std::initializer_list<Index> axes);
inline NdArray sum(const NdArray& a, Index axis) { return sum(a, {axis}); }
Shape with_size_1(const Shape& shape, std::initializer_list<Index> axes, const char* who);    // each of these axes
inline Scalar sum_all(const NdArray& a) { return sum_to_shape(a, Shape{}).item(); }
NdArray max(const NdArray& a, Index axis);    // keeps the axis with size 1; refuses an empty axis; NaN above all
IndexArray argmax_last(
    const NdArray& a);    // along the last axis: [..., n] -> [...]; the first of equals, or the first NaN

// a: [..., m, k]   b: [..., k, n]   ->   [..., m, n]; leading (batch) axes broadcast.
NdArray matmul(const NdArray& a, const NdArray& b);

// Rows. ids may have any shape: [B, T] ids of a [V, D] table -> [B, T, D]. Of ids k, k + 1, k + 2, ... [T] a view.
NdArray gather_rows(const NdArray& table, const IndexArray& ids);
void scatter_add_rows(NdArray& table, const IndexArray& ids, const NdArray& rows);    // table[ids[i]] += rows[i]

NdArray concat(const std::vector<NdArray>& parts, Index axis);    // joins along an existing axis

bool has_nan(const NdArray& a);
Scalar max_abs_difference(const NdArray& a, const NdArray& b);    // equal shapes; NaN when there is a NaN

}    // namespace ordinal
