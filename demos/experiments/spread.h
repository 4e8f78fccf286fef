// One number a seed becomes a cell of a table and a point of a curve.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "demos/lab/expectation.h"
#include "demos/plot/line_chart.h"

namespace ordinal {

// "0.42 [0.37 .. 0.48]", the number alone where there is one seed, "-" where there is no number (NaN).
inline std::string spread_text(const std::vector<double>& seeds) {
    return std::isnan(summary(seeds).mean) ? "-" : measured_text({.what = "", .measured = seeds, .band = {}});
}

// The mean, within the band from the least to the greatest.
inline void add_point(plot::Line& line, double x, const std::vector<double>& seeds) {
    const Summary s = summary(seeds);
    line.x.push_back(x);
    line.y.push_back(s.mean);
    line.low.push_back(s.least);
    line.high.push_back(s.greatest);
}

}    // namespace ordinal
