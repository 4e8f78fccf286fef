#include <ordinal/core/shape.h>

#include <algorithm>
#include <ostream>
#include <string>

#include <ordinal/core/error.h>

namespace ordinal {

Shape::Shape(std::span<const Index> sizes) : ndim_(static_cast<int>(sizes.size())) {
    require(sizes.size() <= max_rank, "Shape: at most ", max_rank, " axes, got ", sizes.size());
    std::copy(sizes.begin(), sizes.end(), sizes_.begin());
    static_cast<void>(size());
}

void Shape::no_such_axis(int axis) const {
    throw IndexError(text_of("Shape: axis ", axis, " does not exist in ", *this, " of ", ndim_, " axes"));
}

Index Shape::size() const {
    Index product = 1, without_zeros = 1;
    for (Index size : *this) {
        require(size >= 0, "Shape: sizes are never negative, got ", *this);
        require(!__builtin_mul_overflow(without_zeros, std::max<Index>(size, 1), &without_zeros), "Shape: ", *this,
                " has more elements than a 64-bit index can count");
        product *= size;
    }
    return product;
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
    out << '[';
    for (int axis = 0; axis < shape.ndim(); ++axis) out << (axis ? ", " : "") << std::to_string(shape[axis]);
    return out << ']';
}

Shape Shape::with(int axis, Index size) const {
    std::array<Index, max_rank + 1> sizes{};    // one too many is refused below
    auto next = std::copy_n(begin(), axis, sizes.begin());
    *next++ = size;
    return Shape(std::span(sizes.begin(), std::copy(begin() + axis, end(), next)));
}

Shape Shape::without(int axis) const {
    std::array<Index, max_rank> sizes{};
    const auto next = std::copy_n(begin(), axis, sizes.begin());
    return Shape(std::span(sizes.begin(), std::copy(begin() + axis + 1, end(), next)));
}

Strides row_major_strides(const Shape& shape) {
    Strides strides{};
    Index step = 1;
    for (int axis = shape.ndim() - 1; axis >= 0; --axis) {
        strides[axis] = step;
        step *= shape[axis];
    }
    return strides;
}

Shape broadcast_shapes(const Shape& a, const Shape& b, const char* who) {
    Shape out = a.ndim() >= b.ndim() ? a : b;
    for (int axis = 1; axis <= out.ndim(); ++axis) {    // counted from the right
        const Index size_a = axis <= a.ndim() ? a[a.ndim() - axis] : 1;
        const Index size_b = axis <= b.ndim() ? b[b.ndim() - axis] : 1;
        require(size_a == size_b || size_a == 1 || size_b == 1, who, ": cannot broadcast ", a, " with ", b, ": sizes ",
                size_a, " and ", size_b, " differ and neither is 1");
        out[out.ndim() - axis] = size_a == 1 ? size_b : size_a;
    }
    return Shape(std::span(out.begin(), out.end()));    // checks that the product still fits in an Index
}

int normalize_axis(Index axis, int ndim, const char* who) {
    require<IndexError>(-ndim <= axis && axis < ndim, who, ": axis ", axis, " does not exist in an array of ", ndim,
                        " axes");
    return static_cast<int>(axis < 0 ? axis + ndim : axis);
}

Index normalize_index(Index i, Index size, int axis, const char* who) {
    require<IndexError>(-size <= i && i < size, who, ": index ", i, " is outside axis ", axis, " of size ", size);
    return i < 0 ? i + size : i;
}

Slice::Entries Slice::of_axis(Index size) const {
    require<IndexError>(step != 0, "slice: a step of 0 never arrives; expected 1, 2, ... or -1, -2, ...");
    const Index lowest = step > 0 ? 0 : -1, highest = lowest + size;    // where a walk may begin or end
    const auto cut = [&](Index i) { return i < 0 ? std::max(i + size, lowest) : std::min(i, highest); };
    const Index first = begin ? cut(*begin) : step > 0 ? lowest : highest;
    const Index behind = end ? cut(*end) : step > 0 ? highest : lowest;
    const Index last = behind - (step > 0 ? 1 : -1);
    const bool empty = step > 0 ? last < first : last > first;
    return {empty ? 0 : first, empty ? 0 : (last - first) / step + 1};
}

Shape resolve_reshape(const Shape& from, std::initializer_list<Index> sizes) {
    const auto unknown = std::find(sizes.begin(), sizes.end(), -1);
    if (unknown == sizes.end()) return Shape(sizes);
    require(std::find(unknown + 1, sizes.end(), -1) == sizes.end(), "reshape: only one size may be -1");
    Shape solved;
    for (Index size : sizes) solved = solved.with(solved.ndim(), size == -1 ? 1 : size);
    const Index known = solved.size();
    require(known > 0 && from.size() % known == 0, "reshape: ", from, " has ", from.size(),
            " elements, which the sizes that are given (", known, " together) do not divide");
    solved[static_cast<int>(unknown - sizes.begin())] = from.size() / known;
    return solved;
}

}    // namespace ordinal
