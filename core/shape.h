// Shapes, strides, and the broadcasting rule.
#pragma once

#include <array>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <span>

#include <ordinal/core/scalar.h>

namespace ordinal {

// The sizes of an array's axes: [2, 3] has two axes; [] is a single number.
// The rank is limited, so that a shape lives inline and a small graph costs no allocation for it.
class Shape {
public:
    static constexpr int max_rank = 6;

    Shape() = default;
    Shape(std::initializer_list<Index> sizes) : Shape(std::span<const Index>(sizes.begin(), sizes.size())) {}
    explicit Shape(std::span<const Index> sizes);

    int ndim() const { return ndim_; }
    Index operator[](int axis) const& { return sizes_[checked(axis)]; }    // -1 is the last axis, as in Python
    Index& operator[](int axis) & { return sizes_[checked(axis)]; }        // size() checks what was written
    Index last() const { return ndim_ == 0 ? 1 : sizes_[static_cast<std::size_t>(ndim_ - 1)]; }
    Index size() const;                        // number of elements: the product of all sizes, 1 for []; checks them
    Shape with(int axis, Index size) const;    // one axis more, there: [2, 3] with(1, 5) -> [2, 5, 3]
    Shape without(int axis) const;

    const Index* begin() const { return sizes_.data(); }
    const Index* end() const { return sizes_.data() + ndim_; }
    bool operator==(const Shape& other) const = default;    // sizes past the last axis are always 0

private:
    std::size_t checked(int axis) const {
        if (axis < -ndim_ || axis >= ndim_) no_such_axis(axis);
        return static_cast<std::size_t>(axis < 0 ? axis + ndim_ : axis);
    }
    [[noreturn]] void no_such_axis(int axis) const;

    std::array<Index, max_rank> sizes_{};
    int ndim_ = 0;
};

std::ostream& operator<<(std::ostream& out, const Shape& shape);    // prints [2, 3]

// strides[axis] = how many elements to walk in the buffer for one step along that axis.
struct Strides {
    std::array<Index, Shape::max_rank> steps{};

    Index operator[](int axis) const& { return steps[static_cast<std::size_t>(axis)]; }
    Index& operator[](int axis) & { return steps[static_cast<std::size_t>(axis)]; }
};

// Row-major ("C order"): the last axis is contiguous. [2, 3, 4] -> strides (12, 4, 1)
Strides row_major_strides(const Shape& shape);

// NumPy's rule: align the shapes at the right; two sizes fit when they are equal or one of them is 1.
// [2, 1, 4] with [3, 1] -> [2, 3, 4].   `who` names the operation in the error.
Shape broadcast_shapes(const Shape& a, const Shape& b, const char* who);

// -1 is the last axis, as in Python. Throws IndexError when the axis is not one of the shape's.
int normalize_axis(Index axis, int ndim, const char* who);

// -1 is the last entry of an axis of `size`. Throws IndexError when there is no such entry.
Index normalize_index(Index i, Index size, int axis, const char* who);

// Which entries of an axis, as Python writes begin:end:step. Negative numbers count from the end, what lies outside is
// cut off, and what is not named reaches to the end: Slice{2, -2}, Slice{-3}, Slice{.end = 3}, Slice{.step = -1}.
struct Slice {
    std::optional<Index> begin = {}, end = {};
    Index step = 1;

    struct Entries {
        Index first, count;    // first, first + step, first + 2 step, ...
    };
    Entries of_axis(Index size) const;
};

// Short forms that arrays, tensors and ids have in common.
template <class T>
T slice(const T& a, Index axis, Index begin, Index end, Index step = 1) {
    return slice(a, axis, Slice{begin, end, step});
}

// One size of a reshape may be -1: whatever is left.
Shape resolve_reshape(const Shape& from, std::initializer_list<Index> sizes);
template <class T>
T reshape(const T& a, std::initializer_list<Index> sizes) {
    return reshape(a, resolve_reshape(a.shape(), sizes));
}

}    // namespace ordinal
