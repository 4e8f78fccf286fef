#include <ordinal/core/nd_array.h>

#include <algorithm>
#include <numeric>
#include <ostream>

#include <ordinal/core/buffer.h>
#include <ordinal/core/row_cursor.h>

namespace ordinal {

NdArray NdArray::uninitialized(const Shape& shape) {
    NdArray a;
    a.buffer_ = make_buffer(shape.size());
    a.shape_ = shape;
    a.strides_ = row_major_strides(shape);
    return a;
}

NdArray::NdArray(const Shape& shape, Scalar fill) : NdArray(uninitialized(shape)) {
    std::fill_n(buffer_.get(), size(), fill);
}

NdArray::NdArray(const Shape& shape, std::span<const Scalar> values) : NdArray(uninitialized(shape)) {
    require(size() == static_cast<Index>(values.size()), "NdArray: shape ", shape, " needs ", size(), " values, got ",
            values.size());
    std::copy(values.begin(), values.end(), buffer_.get());
}

NdArray NdArray::arange(Index count) {
    NdArray a = uninitialized({count});
    for (Index i = 0; i < count; ++i) a.buffer_[i] = static_cast<Scalar>(i);    // counting in float ends at 2^24
    return a;
}

bool NdArray::is_contiguous() const {
    Index step = 1;
    for (int axis = ndim() - 1; axis >= 0; --axis) {
        if (shape_[axis] != 1 && strides_[static_cast<std::size_t>(axis)] != step) return false;
        step *= shape_[axis];
    }
    return true;
}

Scalar NdArray::item() const {
    require(size() == 1, "item: expected an array of one element, got shape ", shape_);
    return *data();
}

Scalar NdArray::at(std::initializer_list<Index> index) const {
    require(static_cast<int>(index.size()) == ndim(), "at: shape ", shape_, " needs ", ndim(), " indices, got ",
            index.size());
    Index offset = 0;
    for (int axis = 0; Index i : index) {
        require<IndexError>(0 <= i && i < shape_[axis], "at: index ", i, " is outside axis ", axis, " of size ",
                            shape_[axis]);
        offset += i * strides_[static_cast<std::size_t>(axis++)];
    }
    return data()[offset];
}

const Scalar* NdArray::data() const {
    require<GraphError>(defined(), "data: this array is undefined (default-constructed)");
    return buffer_.get() + offset_;
}

Scalar* NdArray::mutable_data() {
    require<GraphError>(defined(), "mutable_data: this array is undefined (default-constructed)");
    if (buffer_.use_count() > 1 || !is_contiguous()) {
        const NdArray values = contiguous(*this);
        *this = NdArray(shape_, std::span<const Scalar>(values.data(), static_cast<std::size_t>(values.size())));
    }
    return buffer_.get() + offset_;
}

std::vector<Scalar> NdArray::to_vector() const {
    const NdArray row_major = contiguous(*this);
    return {row_major.data(), row_major.data() + size()};
}

NdArray NdArray::view(const Shape& shape, const Strides& strides, Index offset_from_here) const {
    NdArray a = *this;
    a.shape_ = shape;
    a.strides_ = strides;
    a.offset_ += offset_from_here;
    return a;
}

NdArray transpose(const NdArray& a, Index axis0, Index axis1) {
    const auto i = static_cast<std::size_t>(normalize_axis(axis0, a.ndim(), "transpose"));
    const auto j = static_cast<std::size_t>(normalize_axis(axis1, a.ndim(), "transpose"));
    std::array<Index, Shape::max_rank> axes{};
    std::iota(axes.begin(), axes.end(), Index(0));
    std::swap(axes[i], axes[j]);
    return permute(a, std::span<const Index>(axes.data(), static_cast<std::size_t>(a.ndim())));
}

NdArray permute(const NdArray& a, std::span<const Index> axes) {
    require(static_cast<int>(axes.size()) == a.ndim(), "permute: shape ", a.shape(), " needs ", a.ndim(), " axes, got ",
            axes.size());
    Shape shape = a.shape();
    Strides strides{};
    std::array<bool, Shape::max_rank> seen{};
    for (int out_axis = 0; out_axis < a.ndim(); ++out_axis) {
        const int axis = normalize_axis(axes[static_cast<std::size_t>(out_axis)], a.ndim(), "permute");
        require(!seen[static_cast<std::size_t>(axis)], "permute: axis ", axis, " is named twice");
        seen[static_cast<std::size_t>(axis)] = true;
        shape[out_axis] = a.shape()[axis];
        strides[static_cast<std::size_t>(out_axis)] = a.strides()[static_cast<std::size_t>(axis)];
    }
    return a.view(shape, strides, 0);
}

NdArray slice(const NdArray& a, Index axis, Index begin, Index end) {
    const int which = normalize_axis(axis, a.ndim(), "slice");
    require<IndexError>(0 <= begin && begin <= end && end <= a.shape()[which], "slice: ", begin, "..", end,
                        " is outside axis ", which, " of size ", a.shape()[which]);
    Shape shape = a.shape();
    shape[which] = end - begin;
    return a.view(shape, a.strides(), begin * a.strides()[static_cast<std::size_t>(which)]);
}

NdArray broadcast_to(const NdArray& a, const Shape& shape) {
    const int added = shape.ndim() - a.ndim();
    require(added >= 0 && broadcast_shapes(a.shape(), shape, "broadcast_to") == shape, "broadcast_to: ", a.shape(),
            " does not broadcast to ", shape);
    Strides strides{};
    for (int axis = 0; axis < a.ndim(); ++axis) {
        const bool repeated = a.shape()[axis] == 1 && shape[axis + added] != 1;
        strides[static_cast<std::size_t>(axis + added)] = repeated ? 0 : a.strides()[static_cast<std::size_t>(axis)];
    }
    return a.view(shape, strides, 0);
}

NdArray reshape(const NdArray& a, const Shape& shape) {
    require(a.size() == shape.size(), "reshape: ", a.shape(), " has ", a.size(), " elements, ", shape, " needs ",
            shape.size());
    return contiguous(a).view(shape, row_major_strides(shape), 0);
}

NdArray contiguous(const NdArray& a) {
    if (a.is_contiguous()) return a;
    NdArray out = NdArray::uninitialized(a.shape());
    Scalar* to = out.mutable_data();
    const Index columns = a.shape().last(), step = RowCursor::step(a.shape(), a.strides());
    RowCursor cursor(a.shape(), a.strides());
    for (Index row = 0; row < RowCursor::rows(a.shape()); ++row, cursor.next()) {
        const Scalar* from = a.data() + cursor.offset();
        for (Index j = 0; j < columns; ++j) *to++ = from[j * step];
    }
    return out;
}

Shape resolve_reshape(const Shape& from, std::initializer_list<Index> sizes) {
    std::vector<Index> solved(sizes);
    const auto unknown = std::find(solved.begin(), solved.end(), -1);
    if (unknown != solved.end()) {
        *unknown = 1;
        require(std::find(solved.begin(), solved.end(), -1) == solved.end(), "reshape: only one size may be -1");
        const Index known = Shape(solved).size();
        require(known > 0 && from.size() % known == 0, "reshape: ", from, " has ", from.size(),
                " elements, which the sizes that are given (", known, " together) do not divide");
        *unknown = from.size() / known;
    }
    return Shape(solved);
}

constexpr Index edge_items = 3;         // of a long axis, the first and last three are shown
constexpr Index summarise_above = 8;    // axes up to this size are shown whole

static void print_axis(std::ostream& out, const NdArray& a, int axis, const Scalar* at) {
    if (axis == a.ndim()) {
        out << *at;
        return;
    }
    const Index size = a.shape()[axis];
    const Index step = a.strides()[static_cast<std::size_t>(axis)];
    const auto inner_axes = static_cast<std::size_t>(a.ndim() - axis - 1), indent = static_cast<std::size_t>(axis + 1);
    // between rows a new line, between blocks of rows a blank line, as NumPy does
    const std::string gap = inner_axes == 0 ? " " : std::string(inner_axes, '\n') + std::string(indent, ' ');
    out << '[';
    for (Index i = 0; i < size; ++i) {
        if (i > 0) out << ',' << gap;
        if (size > summarise_above && i == edge_items) {
            out << "...";
            i = size - edge_items - 1;
        } else {
            print_axis(out, a, axis + 1, at + i * step);
        }
    }
    out << ']';
}

std::ostream& operator<<(std::ostream& out, const NdArray& a) {
    if (!a.defined()) return out << "undefined";
    const auto precision = out.precision(4);
    print_axis(out, a, 0, a.data());
    out.precision(precision);
    return out;
}

}    // namespace ordinal
