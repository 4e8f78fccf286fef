#include "demos/plot/colormap.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace ordinal::demos::plot {

namespace {

// Viridis by Stefan van der Walt and Nathaniel Smith (matplotlib, 2015; public domain, CC0). Its table has 256 colours;
// these are every 15th of them, as 0xRRGGBB, and straight lines between them stay within 5/255 of the rest.
constexpr std::uint32_t viridis[]{0x440154, 0x481769, 0x472a7a, 0x433d84, 0x3d4e8a, 0x355e8d,
                                  0x2e6d8e, 0x297b8e, 0x23898e, 0x1f978b, 0x21a585, 0x2eb37c,
                                  0x46c06f, 0x65cb5e, 0x89d548, 0xb0dd2f, 0xd8e219, 0xfde725};

// The two arms of the diverging map, from 0 outwards. Chosen so that both lose brightness at the same pace.
constexpr std::uint32_t blues[]{0xffffff, 0xbed5ec, 0x76a5d4, 0x376cb0, 0x10306e};
constexpr std::uint32_t reds[]{0xffffff, 0xf8cbb8, 0xe88a73, 0xc54241, 0x700c24};

// t in 0..1 along the colours, by straight lines.
Color along(std::span<const std::uint32_t> colors, double t) {
    const double at = std::clamp(t, 0.0, 1.0) * static_cast<double>(colors.size() - 1);
    const std::size_t i = std::min(static_cast<std::size_t>(at), colors.size() - 2);
    const double f = at - static_cast<double>(i);
    const auto mix = [&](int shift) {
        const auto a = static_cast<int>(colors[i] >> shift & 255), b = static_cast<int>(colors[i + 1] >> shift & 255);
        return static_cast<std::uint8_t>(std::lround(a + f * (b - a)));
    };
    return {mix(16), mix(8), mix(0)};
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
