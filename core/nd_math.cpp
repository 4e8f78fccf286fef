#include <ordinal/core/nd_math.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>

namespace ordinal {

NdArray operator+(const NdArray& a, const NdArray& b) { return zip("add", a, b, std::plus<>()); }
NdArray operator-(const NdArray& a, const NdArray& b) { return zip("sub", a, b, std::minus<>()); }
NdArray operator*(const NdArray& a, const NdArray& b) { return zip("mul", a, b, std::multiplies<>()); }
NdArray operator/(const NdArray& a, const NdArray& b) { return zip("div", a, b, std::divides<>()); }
NdArray operator-(const NdArray& a) { return map(a, std::negate<>()); }
NdArray operator+(const NdArray& a, Number b) {
    return map(a, [b = Scalar(b)](Scalar x) { return x + b; });
}
NdArray operator*(const NdArray& a, Number b) {
    return map(a, [b = Scalar(b)](Scalar x) { return x * b; });
}

void add_in_place(NdArray& a, const NdArray& b) {
    require(a.shape() == b.shape(), "add_in_place: shapes ", a.shape(), " and ", b.shape(), " differ");
    zip_in_place(
        a, [](const NdArray& whole) { return whole; }, b, std::plus<>());
}

Shape with_size_1(const Shape& shape, std::initializer_list<Index> axes, const char* who) {
    Shape kept = shape;
    for (Index axis : axes) {
        const int which = normalize_axis(axis, shape.ndim(), who);
        require(kept[which] >= 0, who, ": axis ", which, " is named twice");
        kept[which] = -1;
    }
    for (int axis = 0; axis < kept.ndim(); ++axis) kept[axis] = kept[axis] < 0 ? 1 : kept[axis];
    return kept;
}

NdArray sum(const NdArray& a, std::initializer_list<Index> axes) {
    return sum_to_shape(a, with_size_1(a.shape(), axes, "sum"));
}

NdArray max(const NdArray& a, Index axis) {
    const int which = normalize_axis(axis, a.ndim(), "max");
    require(a.shape()[which] > 0, "max: axis ", which, " of ", a.shape(), " is empty, so it has no maximum");
    if (which == a.ndim() - 1) return reduce_rows(a, kernels::largest);
    NdArray best = slice(a, which, 0, 1);
    for (Index i = 1; i < a.shape()[which]; ++i)
        best = zip("max", best, slice(a, which, i, i + 1), [](Scalar x, Scalar y) { return x > y || x != x ? x : y; });
    return contiguous(best);
}

IndexArray argmax_last(const NdArray& a) {
    require(a.ndim() > 0 && a.shape().last() > 0, "argmax_last: the last axis of ", a.shape(), " is empty");
    const NdArray rows = contiguous(a);
    const Index columns = a.shape().last();
    std::vector<Index> best = room_for<Index>(a.size() / columns, "argmax_last");
    for (Index row = 0; Index & place : best) place = kernels::place_of_largest(rows.data() + row++ * columns, columns);
    return {a.shape().without(a.ndim() - 1), std::move(best)};
}

NdArray concat(const std::vector<NdArray>& parts, Index axis) {
    require(!parts.empty(), "concat: expected at least one array, got none");
    const int which = normalize_axis(axis, parts.front().ndim(), "concat");
    Shape shape = parts.front().shape();
    shape[which] = 0;
    for (const auto& part : parts) {
        Shape expected = shape;
        if (part.ndim() == shape.ndim()) expected[which] = part.shape()[which];
        require(part.shape() == expected, "concat: ", parts.front().shape(), " and ", part.shape(),
                " differ in more than axis ", which);
        shape[which] += part.shape()[which];
    }
    NdArray out = NdArray::uninitialized(shape);
    for (Index begin = 0; const NdArray& part : parts) {
        const Index end = begin + part.shape()[which];
        out.set(which, {begin, end}, part);
        begin = end;
    }
    return out;
}

bool has_nan(const NdArray& a) {
    const NdArray values = contiguous(a);
    return std::any_of(values.data(), values.data() + values.size(), [](Scalar x) { return std::isnan(x); });
}

Scalar max_abs_difference(const NdArray& a, const NdArray& b) {
    require(a.shape() == b.shape(), "max_abs_difference: shapes ", a.shape(), " and ", b.shape(), " differ");
    const NdArray gap =
        zip("max_abs_difference", a, b, [](Scalar x, Scalar y) { return x == y ? 0 : std::abs(x - y); });
    return gap.size() == 0 ? 0 : kernels::largest(gap.data(), gap.size());
}

}    // namespace ordinal
