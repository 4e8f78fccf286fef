// NdArray: "our NumPy". Numbers in a shared buffer, seen through a shape and strides. No gradients here.
//
// transpose, slice, broadcast_to (and reshape, where the layout allows) are views: they share the buffer and copy
// nothing. Sharing is safe because values are never written while someone else holds them: mutable_data() first
// makes this array the only owner of a contiguous buffer, copying when it is not.
#pragma once

#include <iosfwd>
#include <memory>
#include <span>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/nested_list.h>
#include <ordinal/core/scalar.h>
#include <ordinal/core/shape.h>

namespace ordinal {

class NdArray {
public:
    NdArray() = default;                                           // undefined: no numbers at all
    explicit NdArray(Number value) : NdArray(Shape{}, value) {}    // a single number: []
    NdArray(std::initializer_list<NestedList<Scalar>> rows);       // {1, 2} -> [2], {{1}, {2}} -> [2, 1], {} -> [0]
    explicit NdArray(const Shape& shape, Number fill = 0);         // all elements = fill
    NdArray(const Shape& shape, std::span<const Scalar> values);
    NdArray(const Shape& shape, std::initializer_list<Number> values);
    static NdArray uninitialized(const Shape& shape);    // for kernels that write every element
    static NdArray arange(Index count);                  // 0, 1, ..., count - 1: [count]

    NdArray(const NdArray&) = default;
    NdArray(NdArray&&) = default;
    NdArray& operator=(const NdArray&) & = default;    // &: x[0] = y would change no x, so it does not compile;
    NdArray& operator=(NdArray&&) & = default;         // set() writes

    bool defined() const { return buffer_ != nullptr; }
    const Shape& shape() const& { return shape_; }
    Shape shape() const&& { return shape_; }    // of a temporary: a reference into it would dangle
    const Strides& strides() const& { return strides_; }
    Strides strides() const&& { return strides_; }
    int ndim() const { return shape_.ndim(); }
    Index dim(Index axis) const { return shape_[normalize_axis(axis, ndim(), "dim")]; }
    Index size() const { return defined() ? shape_.size() : 0; }
    bool is_contiguous() const;

    NdArray operator[](Index i) const;        // entry i of the first axis, which goes: [2, 3] -> [3]
    NdArray operator[](Slice range) const;    // entries of the first axis, which stays
    NdArray operator[](std::initializer_list<Index>) const = delete;    // x[{0, 2}] in NumPy is gather_rows, no slice
    NdArray T() const;                                                  // all axes in reverse order: [2, 3] -> [3, 2]
    Scalar item() const;                                                // the only element
    Scalar at(std::initializer_list<Index> index) const;                // -1 is the last; throws IndexError

    // Writing: an element, or the part that the first indices name, or entries of an axis. Values broadcast to the
    // part. &: x[0].set(...) would write into a view that is gone at once, so it does not compile.
    void set(std::initializer_list<Index> index, Number value) & { set(index, NdArray(value)); }
    void set(std::initializer_list<Index> index, NdArray values) &;
    void set(Index axis, Slice range, NdArray values) &;

    const Scalar* data() const;               // element [0, 0, ...]; walk it by strides
    Scalar* mutable_data() &;                 // contiguous and owned by nobody else
    std::vector<Scalar> to_vector() const;    // row-major copy

    // A view on this array's numbers; it may not reach others. The functions below build on it; prefer them.
    NdArray view(const Shape& shape, const Strides& strides, Index offset_from_here) const;

private:
    std::shared_ptr<Scalar[]> buffer_;
    Shape shape_;
    Strides strides_{};
    Index offset_ = 0;
};

// A shape needs its own name, for braces are values: zeros({2, 3}), but NdArray({2, 3}) holds 2 and 3.
inline NdArray zeros(const Shape& shape) { return NdArray(shape, 0); }
inline NdArray ones(const Shape& shape) { return NdArray(shape, 1); }
inline NdArray full(const Shape& shape, Number value) { return NdArray(shape, value); }

// Views (no copy); reshape, squeeze(a) and unsqueeze copy an array that is not contiguous.
NdArray transpose(const NdArray& a, Index axis0 = -2, Index axis1 = -1);    // swaps two axes
NdArray permute(const NdArray& a, std::span<const Index> axes);             // out axis i = axis axes[i] of a
NdArray slice(const NdArray& a, Index axis, Slice range);                   // entries of an axis, as in Python
NdArray broadcast_to(const NdArray& a, const Shape& shape);                 // repeats size-1 axes (stride 0)
NdArray reshape(const NdArray& a, const Shape& shape);                      // copies only when a is not contiguous
NdArray contiguous(const NdArray& a);                                       // a itself, or a row-major copy
NdArray select(const NdArray& a, Index axis, Index i);                      // entry i of an axis, which goes
NdArray squeeze(const NdArray& a);                                          // drops all axes of size 1
NdArray squeeze(const NdArray& a, Index axis);                              // drops this one
NdArray unsqueeze(const NdArray& a, Index axis);                            // adds an axis of size 1 there

// Prints like NumPy: [[1, 2],
//                     [3, 4]]; long axes show their first and last three entries. Four digits, and more where whole
// numbers or tenths need them; an array with numbers from 10^8 on or below 10^-4 is printed with exponents throughout.
std::ostream& operator<<(std::ostream& out, const NdArray& a);

}    // namespace ordinal
