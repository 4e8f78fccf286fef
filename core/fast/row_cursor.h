// RowCursor: walks an array row by row (a row = the last axis), whatever its strides.
//
// Every kernel on strided arrays is the same two loops: an outer one over rows, whose offsets the cursor keeps like
// an odometer, and a plain inner one along the last axis.
#pragma once

#include <algorithm>

#include <ordinal/core/shape.h>

namespace ordinal {

class RowCursor {
public:
    // `strides` may differ from the shape's own: with a stride of 0 an axis is repeated (broadcasting).
    RowCursor(const Shape& shape, const Strides& strides, Index first_row = 0)
        : shape_(shape), strides_(strides), axes_(std::max(shape.ndim() - 1, 0)) {
        for (int axis = axes_ - 1; axis >= 0 && first_row > 0; --axis) {
            index_[static_cast<std::size_t>(axis)] = first_row % shape[axis];
            offset_ += first_row % shape[axis] * strides[axis];
            first_row /= shape[axis];
        }
    }

    Index offset() const { return offset_; }    // of the current row's first element

    void next() {
        for (int axis = axes_ - 1; axis >= 0; --axis) {
            Index& i = index_[static_cast<std::size_t>(axis)];
            offset_ += strides_[axis];
            if (++i < shape_[axis]) return;
            offset_ -= strides_[axis] * shape_[axis];
            i = 0;
        }
    }

    // How many rows a shape has, and the stride inside a row.
    static Index rows(const Shape& shape) { return shape.last() == 0 ? 0 : shape.size() / shape.last(); }
    static Index step(const Shape& shape, const Strides& strides) {
        return shape.ndim() == 0 ? 1 : strides[shape.ndim() - 1];
    }

private:
    Shape shape_;
    Strides strides_;
    int axes_;
    std::array<Index, Shape::max_rank> index_{};
    Index offset_ = 0;
};

// Neighbouring axes that two arrays pass through in one go, or both not at all, are one axis: where a table [T, D] is
// added to a batch [B, T, D], the shape is [B, T D], and the strides are [T D, 1] and [0, 1]. Axes of size 1 are left
// out.
struct JoinedAxes {
    Shape shape;
    Strides a{}, b{};

    JoinedAxes(const Shape& whole, const Strides& whole_a, const Strides& whole_b) {
        for (int axis = 0; axis < whole.ndim(); ++axis) {
            const Index size = whole[axis], step_a = whole_a[axis], step_b = whole_b[axis];
            const int last = shape.ndim() - 1;
            if (size == 1) continue;
            if (last >= 0 && a[last] == step_a * size && b[last] == step_b * size)
                shape[last] *= size;
            else
                shape = shape.with(last + 1, size);
            a[shape.ndim() - 1] = step_a;
            b[shape.ndim() - 1] = step_b;
        }
    }
};

}    // namespace ordinal
