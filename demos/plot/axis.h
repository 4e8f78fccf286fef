// One axis of a chart: which pixel a number falls on, and which numbers get a tick.
#pragma once

#include <string>
#include <vector>

#include <ordinal/core/scalar.h>
#include "demos/plot/colormap.h"

namespace ordinal::demos::plot {

struct Tick {
    double at = 0;
    std::string label;
};

struct Axis {
    Range range;
    double first_pixel = 0, last_pixel = 1;    // where range.low and range.high fall; either may be the larger
    bool logarithmic = false;                  // then range.low > 0
    std::vector<double> chosen = {};           // where ticks are asked for

    double pixel(double value) const;
    // Those that were chosen and lie inside the range; else at most max_count + 1 round numbers inside it. Minus is
    // written as the sign, not as a hyphen.
    std::vector<Tick> ticks(int max_count) const;
};

// The range, stretched where needed to hold the value too; `empty_range` is the start, holding nothing. NaN and
// infinity stretch nothing, nor does what is so large that differences would be infinite (beyond 1e300).
inline constexpr Range empty_range{1, 0};
Range including(const Range& range, double value);

// The range itself, or a wider one where it is empty or so narrow that nothing could be told apart.
Range at_least_some(const Range& range);

// The smallest of 1, 2, 5, 10, 20, 50, ... (and 0.5, 0.2, 0.1, ...) that is not below `step`.
double nice_step(double step);

// For rows and columns: multiples of `step` below `size`; step 0 chooses a nice one that gives about max_count ticks.
std::vector<Tick> index_ticks(Index size, Index step, int max_count);

}    // namespace ordinal::demos::plot
