// What the demo `ladder` shows of its measurements.
#pragma once

#include <ostream>
#include <vector>

#include "demos/experiments/speed/ladder_pairs.h"
#include "demos/experiments/speed/ladder_steps.h"
#include "demos/plot/line_chart.h"

namespace ordinal {

struct Limits {                  // of the machine
    double peak, peak_of_all;    // GFLOP/s of one thread, of all threads
    double memory, cache;        // GB/s that one thread reads
};

// speeds: GFLOP/s, one a rung
void print_ladder(const std::vector<Rung>& rungs, const std::vector<double>& speeds, const Limits& limits,
                  std::ostream& out);

// GFLOP/s over operations a byte, both logarithmic (Williams et al. 2009). A slope is what a place can deliver: so many
// bytes, so many operations.
plot::LineChart roofline(const std::vector<Rung>& rungs, const std::vector<double>& speeds, const Limits& limits);

// milliseconds: plain and fast of the first pair, plain and fast of the second, ...
void print_pairs(const std::vector<Pair>& pairs, const std::vector<double>& milliseconds, std::ostream& out);

}    // namespace ordinal
