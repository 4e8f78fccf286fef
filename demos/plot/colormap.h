// From a number to a colour.
#pragma once

#include "demos/plot/image.h"

namespace ordinal::demos::plot {

enum class Colormap {
    diverging,    // blue below 0, white at exactly 0, red above: for values with a sign (similarities, gradients)
    viridis,      // dark blue to yellow, evenly brighter: for values without one (probabilities, distances)
};

struct Range {
    double low = 0, high = 1;
};

inline constexpr Color missing{128, 128, 128};    // NaN; neither map contains this grey

// Values beyond the range get the colour of its end. The diverging map gives +v and -v equal strength: it spans
// [-m, m] with m = max(|low|, |high|), so that white is 0 whatever the range.
Color color_of(double value, Colormap colormap, const Range& range);

}    // namespace ordinal::demos::plot
