#include "demos/plot/colormap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace ordinal::demos::plot {

namespace {

// Viridis by Stefan van der Walt and Nathaniel Smith (matplotlib, 2015; public domain, CC0). Its table has 256 colours;
// these are every 15th of them, and straight lines between them stay within 5/255 of the rest.
constexpr std::array<Color, 18> viridis{{{68, 1, 84},
                                         {72, 23, 105},
                                         {71, 42, 122},
                                         {67, 61, 132},
                                         {61, 78, 138},
                                         {53, 94, 141},
                                         {46, 109, 142},
                                         {41, 123, 142},
                                         {35, 137, 142},
                                         {31, 151, 139},
                                         {33, 165, 133},
                                         {46, 179, 124},
                                         {70, 192, 111},
                                         {101, 203, 94},
                                         {137, 213, 72},
                                         {176, 221, 47},
                                         {216, 226, 25},
                                         {253, 231, 37}}};

// The two arms of the diverging map, from 0 outwards. Chosen so that both lose brightness at the same pace.
constexpr std::array<Color, 5> blues{
    {{255, 255, 255}, {190, 213, 236}, {118, 165, 212}, {55, 108, 176}, {16, 48, 110}}};
constexpr std::array<Color, 5> reds{{{255, 255, 255}, {248, 203, 184}, {232, 138, 115}, {197, 66, 65}, {112, 12, 36}}};

// t in 0..1 along the colours, by straight lines.
Color along(std::span<const Color> colors, double t) {
    const double at = std::clamp(t, 0.0, 1.0) * static_cast<double>(colors.size() - 1);
    const std::size_t i = std::min(static_cast<std::size_t>(at), colors.size() - 2);
    const double f = at - static_cast<double>(i);
    const auto mix = [f](std::uint8_t a, std::uint8_t b) {
        return static_cast<std::uint8_t>(std::lround(a + f * (b - a)));
    };
    const Color &a = colors[i], &b = colors[i + 1];
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

}    // namespace

Color color_of(double value, Colormap colormap, const Range& range) {
    if (std::isnan(value)) return missing;
    value = std::clamp(value, range.low, range.high);
    if (colormap == Colormap::viridis) return along(viridis, (value - range.low) / (range.high - range.low));
    const double strongest = std::max(std::abs(range.low), std::abs(range.high));
    return along(value < 0 ? blues : reds, std::abs(value) / strongest);
}

}    // namespace ordinal::demos::plot
