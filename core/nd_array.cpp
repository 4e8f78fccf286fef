#include <ordinal/core/nd_array.h>

#include <algorithm>
#include <utility>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/elementwise.h>

namespace ordinal {

static void require_defined(const char* who, const NdArray& a) {
    require<GraphError>(a.defined(), who, ": this array is undefined (default-constructed)");
}

NdArray NdArray::uninitialized(const Shape& shape) {
    NdArray a;
    a.buffer_ = make_buffer(shape.size());
    a.shape_ = shape;
    a.strides_ = row_major_strides(shape);
    return a;
}

NdArray::NdArray(const Shape& shape, Number fill) : NdArray(uninitialized(shape)) {
    std::fill_n(buffer_.get(), size(), Scalar(fill));
}

NdArray::NdArray(std::initializer_list<NestedList<Scalar>> rows) {
    const NestedList<Scalar> list(rows);
    *this = NdArray(list.shape, std::span<const Scalar>(list.values));
}

NdArray::NdArray(const Shape& shape, std::initializer_list<Number> values)
    : NdArray(shape, std::span<const Scalar>(std::vector<Scalar>(values.begin(), values.end()))) {}

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
        if (shape_[axis] != 1 && strides_[axis] != step) return false;
        step *= shape_[axis];
    }
    return true;
}

Scalar NdArray::item() const {
    require_defined("item", *this);
    require(size() == 1, "item: expected an array of one element, got shape ", shape_);
    return *data();
}

Scalar NdArray::at(std::initializer_list<Index> index) const {
    require(static_cast<int>(index.size()) == ndim(), "at: shape ", shape_, " needs ", ndim(), " indices, got ",
            index.size());
    Index offset = 0;
    for (int axis = 0; Index i : index) {
        offset += normalize_index(i, shape_[axis], axis, "at") * strides_[axis];
        ++axis;
    }
    return data()[offset];
}

const Scalar* NdArray::data() const {
    require_defined("data", *this);
    return buffer_.get() + offset_;
}

Scalar* NdArray::mutable_data() & {
    require_defined("mutable_data", *this);
    if (!is_contiguous()) *this = contiguous(*this);
    if (!owned_alone(buffer_)) *this = NdArray(shape_, std::span(data(), static_cast<std::size_t>(size())));
    return buffer_.get() + offset_;
}

NdArray NdArray::operator[](Index i) const { return select(*this, 0, i); }
NdArray NdArray::operator[](Slice range) const { return slice(*this, 0, range); }

NdArray NdArray::T() const {
    NdArray a = *this;
    for (int axis = 0; axis < ndim() / 2; ++axis) a = transpose(a, axis, -1 - axis);
    return a;
}

// `values` is a copy of the handle: if it is a view of this array, the buffer has two owners, and writing makes
// another one. So what is written is what was there before.
void NdArray::set(std::initializer_list<Index> index, NdArray values) & {
    require(static_cast<int>(index.size()) <= ndim(), "set: shape ", shape_, " has ", ndim(), " axes, got ",
            index.size(), " indices");
    const auto named = [&](NdArray part) {
        for (Index i : index) part = part[normalize_index(i, part.dim(0), ndim() - part.ndim(), "set")];
        return part;
    };
    zip_in_place(*this, named, values, [](Scalar, Scalar value) { return value; });
}

void NdArray::set(Index axis, Slice range, NdArray values) & {
    const auto named = [&](const NdArray& a) { return slice(a, axis, range); };
    zip_in_place(*this, named, values, [](Scalar, Scalar value) { return value; });
}

std::vector<Scalar> NdArray::to_vector() const {
    const NdArray row_major = contiguous(*this);
    const std::span numbers(row_major.data(), static_cast<std::size_t>(size()));
    return with_memory([&] { return std::vector<Scalar>(numbers.begin(), numbers.end()); },
                       "to_vector: there is no memory for ", size(), " numbers");
}

// How many steps in the buffer the first (lowest) and the last element lie from element [0, 0, ...].
static std::pair<Index, Index> reach(const Shape& shape, const Strides& strides) {
    Index low = 0, high = 0;
    for (int axis = 0; axis < shape.ndim(); ++axis) {
        const Index steps = (shape[axis] - 1) * strides[axis];
        (steps < 0 ? low : high) += steps;
    }
    return {low, high};
}

NdArray NdArray::view(const Shape& shape, const Strides& strides, Index offset_from_here) const {
    require_defined("view", *this);
    if (shape.size() > 0) {
        const auto [low, high] = reach(shape, strides);
        const auto [lowest, highest] = reach(shape_, strides_);
        require<IndexError>(size() > 0 && lowest <= offset_from_here + low && offset_from_here + high <= highest,
                            "view: ", shape, " at ", offset_from_here, " reaches outside the ", shape_, " it is of");
    }
    NdArray a = *this;
    a.shape_ = shape;
    a.strides_ = strides;
    a.offset_ += offset_from_here;
    return a;
}

NdArray transpose(const NdArray& a, Index axis0, Index axis1) {
    require_defined("transpose", a);
    const int i = normalize_axis(axis0, a.ndim(), "transpose"), j = normalize_axis(axis1, a.ndim(), "transpose");
    Shape shape = a.shape();
    Strides strides = a.strides();
    std::swap(shape[i], shape[j]);
    std::swap(strides[i], strides[j]);
    return a.view(shape, strides, 0);
}

NdArray permute(const NdArray& a, std::span<const Index> axes) {
    require_defined("permute", a);
    require(static_cast<int>(axes.size()) == a.ndim(), "permute: shape ", a.shape(), " needs ", a.ndim(), " axes, got ",
            axes.size());
    Shape shape = a.shape();
    Strides strides{};
    std::array<bool, Shape::max_rank> seen{};
    for (int out_axis = 0; out_axis < a.ndim(); ++out_axis) {
        const int axis = normalize_axis(axes[static_cast<std::size_t>(out_axis)], a.ndim(), "permute");
        require(!std::exchange(seen[static_cast<std::size_t>(axis)], true), "permute: axis ", axis, " is named twice");
        shape[out_axis] = a.shape()[axis];
        strides[out_axis] = a.strides()[axis];
    }
    return a.view(shape, strides, 0);
}

NdArray slice(const NdArray& a, Index axis, Slice range) {
    require_defined("slice", a);
    const int which = normalize_axis(axis, a.ndim(), "slice");
    const auto [first, count] = range.of_axis(a.shape()[which]);
    Shape shape = a.shape();
    Strides strides = a.strides();
    const Index stride = strides[which];
    shape[which] = count;
    if (count > 1) strides[which] = stride * range.step;
    return a.view(shape, strides, first * stride);
}

NdArray select(const NdArray& a, Index axis, Index i) {
    const int which = normalize_axis(axis, a.ndim(), "select");
    const Index entry = normalize_index(i, a.shape()[which], which, "select");
    return squeeze(slice(a, which, entry, entry + 1), which);
}

NdArray squeeze(const NdArray& a) {
    Shape shape = a.shape();
    for (int axis = a.ndim(); axis-- > 0;) shape = shape[axis] == 1 ? shape.without(axis) : shape;
    return reshape(a, shape);
}

NdArray squeeze(const NdArray& a, Index axis) {
    const int which = normalize_axis(axis, a.ndim(), "squeeze");
    require(a.shape()[which] == 1, "squeeze: axis ", which, " of ", a.shape(), " is not of size 1");
    Strides strides = a.strides();
    std::copy(strides.steps.begin() + which + 1, strides.steps.end(), strides.steps.begin() + which);
    return a.view(a.shape().without(which), strides, 0);
}

NdArray unsqueeze(const NdArray& a, Index axis) {
    return reshape(a, a.shape().with(normalize_axis(axis, a.ndim() + 1, "unsqueeze"), 1));
}

NdArray broadcast_to(const NdArray& a, const Shape& shape) {
    require_defined("broadcast_to", a);
    const int added = shape.ndim() - a.ndim();
    require(added >= 0 && broadcast_shapes(a.shape(), shape, "broadcast_to") == shape, "broadcast_to: ", a.shape(),
            " does not broadcast to ", shape);
    Strides strides{};
    for (int axis = 0; axis < a.ndim(); ++axis) {
        const bool repeated = a.shape()[axis] == 1 && shape[axis + added] != 1;
        strides[axis + added] = repeated ? 0 : a.strides()[axis];
    }
    return a.view(shape, strides, 0);
}

NdArray reshape(const NdArray& a, const Shape& shape) {
    require_defined("reshape", a);
    require(a.size() == shape.size(), "reshape: ", a.shape(), " has ", a.size(), " elements, ", shape, " needs ",
            shape.size());
    return contiguous(a).view(shape, row_major_strides(shape), 0);
}

}    // namespace ordinal
