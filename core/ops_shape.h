// Differentiable operations that move numbers without changing them.
#pragma once

#include <initializer_list>

#include <ordinal/core/index_array.h>
#include <ordinal/core/tensor.h>

namespace ordinal {

Tensor reshape(const Tensor& X, const Shape& shape);                      // one size may be -1, see shape.h
Tensor transpose(const Tensor& X, Index axis0 = -2, Index axis1 = -1);    // swaps two axes, the last two if not told
Tensor permute(const Tensor& X, std::initializer_list<Index> axes);       // out axis i = axis axes[i] of X
Tensor slice(const Tensor& X, Index axis, Slice range);                   // entries of an axis, as in Python
Tensor select(const Tensor& X, Index axis, Index i);                      // entry i of an axis, which goes; x[i]
Tensor squeeze(const Tensor& X);                                          // drops all axes of size 1
Tensor squeeze(const Tensor& X, Index axis);                              // drops this one
Tensor unsqueeze(const Tensor& X, Index axis);                            // adds an axis of size 1 there
Tensor broadcast_to(const Tensor& X, const Shape& shape);                 // repeats size-1 axes

Tensor concat(const std::vector<Tensor>& parts, Index axis);    // joins along an existing axis
Tensor stack(const std::vector<Tensor>& parts, Index axis);     // joins along a new one
std::vector<Tensor> unstack(const Tensor& X, Index axis);       // the opposite of stack: [B, T, D], 1 -> T of [B, D]

// Rows of a table by number: table [V, D], ids of any shape, e.g. [B, T] -> [B, T, D].
// The gradient is added to the rows that were read; all others keep exactly 0.
Tensor gather_rows(const Tensor& table, const IndexArray& ids);

}    // namespace ordinal
