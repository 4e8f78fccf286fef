// NdArray: "our NumPy". Numbers in a shared buffer, seen through a shape and strides. No gradients here.
//
// transpose, slice, broadcast_to (and reshape, where the layout allows) are views: they share the buffer and copy
// nothing. Sharing is safe because values are never written while someone else holds them: mutable_data() first
// makes this array the only owner of a contiguous buffer, copying when it is not.
#pragma once

#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>
#include <ordinal/core/shape.h>

namespace ordinal {

class NdArray {
public:
    NdArray() = default;                                      // undefined: no numbers at all
    explicit NdArray(const Shape& shape, Scalar fill = 0);    // all elements = fill
    NdArray(const Shape& shape, std::span<const Scalar> values);
    NdArray(const Shape& shape, std::initializer_list<Scalar> values)
        : NdArray(shape, std::span(values.begin(), values.size())) {}
    static NdArray uninitialized(const Shape& shape);    // for kernels that write every element
    static NdArray arange(Index count);                  // 0, 1, ..., count - 1: [count]

    bool defined() const { return buffer_ != nullptr; }
    const Shape& shape() const { return shape_; }
    const Strides& strides() const { return strides_; }
    int ndim() const { return shape_.ndim(); }
    Index dim(Index axis) const { return shape_[normalize_axis(axis, ndim(), "dim")]; }
    Index size() const { return defined() ? shape_.size() : 0; }
    bool is_contiguous() const;

    Scalar item() const;                                    // the only element
    Scalar at(std::initializer_list<Index> index) const;    // checked: throws IndexError
    const Scalar* data() const;                             // element [0, 0, ...]; walk it by strides
    Scalar* mutable_data();                                 // contiguous and owned by nobody else
    std::vector<Scalar> to_vector() const;                  // row-major copy

    // A view on this array's numbers; it may not reach others. The functions below build on it; prefer them.
    NdArray view(const Shape& shape, const Strides& strides, Index offset_from_here) const;

private:
    bool owned_alone() const;

    std::shared_ptr<Scalar[]> buffer_;
    Shape shape_;
    Strides strides_{};
    Index offset_ = 0;
};

// Views (no copy).
NdArray transpose(const NdArray& a, Index axis0 = -2, Index axis1 = -1);    // swaps two axes
NdArray permute(const NdArray& a, std::span<const Index> axes);             // out axis i = axis axes[i] of a
NdArray slice(const NdArray& a, Index axis, Index begin, Index end);        // begin <= i < end along one axis
NdArray broadcast_to(const NdArray& a, const Shape& shape);                 // repeats size-1 axes (stride 0)
NdArray reshape(const NdArray& a, const Shape& shape);                      // copies only when a is not contiguous
NdArray contiguous(const NdArray& a);                                       // a itself, or a row-major copy

// reshape takes one -1 ("whatever is left"): solved here, so that NdArray and Tensor agree on the rule.
Shape resolve_reshape(const Shape& from, std::initializer_list<Index> sizes);
NdArray reshape(const NdArray& a, std::initializer_list<Index> sizes);

// Prints like NumPy: [[1, 2],
//                     [3, 4]]; long axes show their first and last three entries.
std::ostream& operator<<(std::ostream& out, const NdArray& a);

}    // namespace ordinal
