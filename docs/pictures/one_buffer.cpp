// Chapter 1: six numbers in a buffer, and how five views walk over them. The steps are those of the library's strides.
#include <ordinal/core/nd_math.h>
#include <ordinal/core/operators.h>

#include "docs/pictures/drawing.h"

using namespace ordinal;
using drawing::Point;

int main() {
    const NdArray a = reshape(NdArray::arange(6), {2, 3});
    const std::vector<std::pair<std::string, NdArray>> views{{"a", a},
                                                             {"transpose(a)", transpose(a)},
                                                             {"a[1]", a[1]},
                                                             {"a[:, ::-1]", slice(a, 1, {.step = -1})},
                                                             {"the first row, broadcast", broadcast_to(a[0], {2, 3})}};
    constexpr double cell = 54, left = 250, row = 92;
    drawing::Sheet sheet(640, 24 + row * static_cast<double>(views.size()),
                         "Five views of one buffer of six numbers, each with its shape, its strides and its walk");
    double y = 46;
    for (const auto& [name, view] : views) {
        sheet.text({20, y}, name, "start", "subtitle");
        sheet.text({20, y + 18}, text_of("shape ", view.shape()), "start", "");
        std::string strides;
        for (int axis = 0; axis < view.ndim(); ++axis) strides += text_of(axis > 0 ? ", " : "", view.strides()[axis]);
        sheet.text({20, y + 34}, "strides (" + strides + ")", "start", "");
        const auto middle = [&](Index offset) { return left + cell * (static_cast<double>(offset) + 0.5); };
        for (Index i = 0; i < 6; ++i) {
            const bool seen = any(view == static_cast<double>(i));
            sheet.box({left + cell * static_cast<double>(i), y}, cell, 30, seen ? "c0" : "c6", seen ? 0.16 : 0);
            sheet.text({middle(i), y + 20}, std::to_string(i));
        }
        const std::vector<Scalar> walk = view.to_vector();    // a[i, j] is the offset, for a counts 0, 1, 2, ...
        sheet.dot({middle(static_cast<Index>(walk[0])), y - 3}, 4, "c1");
        for (std::size_t i = 1; i < walk.size(); ++i) {
            const double from = middle(static_cast<Index>(walk[i - 1])), to = middle(static_cast<Index>(walk[i]));
            sheet.hop({from, y - 3}, {to, y - 3}, 10 + std::abs(to - from) / 11, to > from ? "c1" : "c2");
        }
        y += row;
    }
    sheet.print();
}
