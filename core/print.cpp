// Arrays as text, in the form that NumPy gives them. No locale changes their digits.
#include <cmath>
#include <locale>
#include <ostream>
#include <sstream>
#include <string>

#include <ordinal/core/index_array.h>
#include <ordinal/core/nd_array.h>

namespace ordinal {

constexpr Index edge_items = 3;         // of a long axis, the first and last three are shown
constexpr Index summarise_above = 8;    // axes up to this size are shown whole

// show(offset) is the text of the element there
template <class Show>
static std::string axis_text(const Shape& shape, const Strides& strides, int axis, Index at, Show show) {
    if (axis == shape.ndim()) return show(at);
    if (shape.size() == 0) return "[]";
    const Index size = shape[axis], step = strides[axis];
    const auto inner_axes = static_cast<std::size_t>(shape.ndim() - axis - 1),
               indent = static_cast<std::size_t>(axis + 1);
    // between rows a new line, between blocks of rows a blank line, as NumPy does
    const std::string gap = inner_axes == 0 ? " " : std::string(inner_axes, '\n') + std::string(indent, ' ');
    std::string text = "[";
    for (Index i = 0; i < size; ++i) {
        if (i > 0) text += ',' + gap;
        if (size > summarise_above && i == edge_items) {
            text += "...";
            i = size - edge_items - 1;
        } else {
            text += axis_text(shape, strides, axis + 1, at + i * step, show);
        }
    }
    return text + ']';
}

// Four digits, and from 1000 on one behind the point: 0.3333, 12.35, 1234.5, 10001; with an exponent 1.235e+09.
static std::string number_text(Scalar x, bool exponent) {
    if (std::isnan(x)) return "nan";    // whatever its sign
    int digits = 4;
    for (Scalar power = 1000; std::abs(x) >= power && digits < 9; power *= 10) ++digits;
    std::ostringstream out;    // of its own: whatever locale and flags others have
    out.imbue(std::locale::classic());
    out.precision(digits);
    if (!exponent || x == 0 || std::isinf(x)) return (out << x, out.str());
    out.precision(3);
    std::string text = (out << std::scientific << x, out.str());
    const std::size_t e = text.find('e');
    const std::size_t last = text.find_last_not_of("0.", e - 1);    // 1.000e+09 is 1e+09
    return text.erase(last + 1, e - last - 1);
}

std::ostream& operator<<(std::ostream& out, const NdArray& a) {
    if (!a.defined()) return out << "undefined";
    bool exponents = false;
    axis_text(a.shape(), a.strides(), 0, 0, [&](Index at) {
        const Scalar size = std::abs(a.data()[at]);
        exponents |= std::isfinite(size) && (size >= Scalar(1e8) || (size > 0 && size < Scalar(1e-4)));
        return std::string();
    });
    return out << axis_text(a.shape(), a.strides(), 0, 0,
                            [&](Index at) { return number_text(a.data()[at], exponents); });
}

std::ostream& operator<<(std::ostream& out, const IndexArray& a) {
    return out << axis_text(a.shape, row_major_strides(a.shape), 0, 0, [&](Index at) { return std::to_string(a[at]); });
}

}    // namespace ordinal
