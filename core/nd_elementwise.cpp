// Numbers on either side of an operator, and functions of each element.
#include <cmath>

#include <ordinal/core/elementwise.h>
#include <ordinal/core/kernels.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

NdArray operator+(const NdArray& a, Number b) {
    return map(a, [y = Scalar(b)](Scalar x) { return x + y; });
}
NdArray operator-(const NdArray& a, Number b) {
    return map(a, [y = Scalar(b)](Scalar x) { return x - y; });
}
NdArray operator*(const NdArray& a, Number b) {
    return map(a, [y = Scalar(b)](Scalar x) { return x * y; });
}
NdArray operator/(const NdArray& a, Number b) {
    return map(a, [y = Scalar(b)](Scalar x) { return x / y; });
}
NdArray operator-(Number a, const NdArray& b) {
    return map(b, [x = Scalar(a)](Scalar y) { return x - y; });
}
NdArray operator/(Number a, const NdArray& b) {
    return map(b, [x = Scalar(a)](Scalar y) { return x / y; });
}

void replace(NdArray& a, const NdArray& by, const char* who) {
    require(a.shape() == by.shape(), who, ": the result has shape ", by.shape(), " and does not fit into ", a.shape());
    a = by;
}

NdArray exp(const NdArray& a) { return map_all(a, kernels::exp); }
NdArray tanh(const NdArray& a) { return map_all(a, kernels::tanh); }
NdArray log(const NdArray& a) {
    return map(a, [](Scalar x) { return std::log(x); });
}
NdArray log1p(const NdArray& a) {
    return map(a, [](Scalar x) { return std::log1p(x); });
}
NdArray sqrt(const NdArray& a) {
    return map(a, [](Scalar x) { return std::sqrt(x); });
}
NdArray sin(const NdArray& a) {
    return map(a, [](Scalar x) { return std::sin(x); });
}
NdArray cos(const NdArray& a) {
    return map(a, [](Scalar x) { return std::cos(x); });
}
NdArray abs(const NdArray& a) {
    return map(a, [](Scalar x) { return std::abs(x); });
}
NdArray pow(const NdArray& a, Number exponent) {
    return map(a, [y = Scalar(exponent)](Scalar x) { return std::pow(x, y); });
}

NdArray clamp(const NdArray& a, Number low, Number high) {
    require<OptionError>(low <= high, "clamp: expected low <= high, got ", Scalar(low), " and ", Scalar(high));
    return map(a, [from = Scalar(low), to = Scalar(high)](Scalar x) { return x < from ? from : x > to ? to : x; });
}

NdArray maximum(const NdArray& a, const NdArray& b) {
    return zip("maximum", a, b, [](Scalar x, Scalar y) { return x > y || x != x ? x : y; });
}
NdArray minimum(const NdArray& a, const NdArray& b) {
    return zip("minimum", a, b, [](Scalar x, Scalar y) { return x < y || x != x ? x : y; });
}

Shape without_axes(const Shape& shape, std::initializer_list<Index> axes, const char* who) {
    Shape kept = shape;
    std::array<bool, Shape::max_rank> seen{};
    for (Index axis : axes) {
        const int which = normalize_axis(axis, shape.ndim(), who);
        bool& named = seen[static_cast<std::size_t>(which)];
        require(!named, who, ": axis ", which, " is named twice");
        named = true;
        kept[which] = 1;
    }
    return kept;
}

NdArray sum(const NdArray& a, std::initializer_list<Index> axes) {
    return sum_to_shape(a, without_axes(a.shape(), axes, "sum"));
}

}    // namespace ordinal
