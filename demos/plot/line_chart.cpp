#include "demos/plot/line_chart.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>

namespace ordinal::demos::plot {
namespace {

void check_positive(const std::vector<double>& values, const char* axis, const std::string& name) {
    for (double v : values)
        require<OptionError>(!(v <= 0), "line chart: expected positive numbers for the logarithmic ", axis,
                             " axis, got ", v, " in \"", name, "\"");
}

// A little air around the data, measured along the axis as it is drawn.
Range with_air(const Range& exact, bool logarithmic, double share) {
    if (logarithmic) {    // the widest range has its air within what doubles hold
        const double low = std::max(exact.low, 1e-280), high = std::min(exact.high, 1e280);
        const Range range = exact.low > exact.high ? Range{1, 10}
                            : low >= high          ? Range{high / 2, high * 2}
                                                   : Range{low, high};
        const double factor = std::pow(10, share * (std::log10(range.high) - std::log10(range.low)));
        return {range.low / factor, range.high * factor};
    }
    const Range range = at_least_some(exact);
    const double air = share * (range.high - range.low);
    return {range.low - air, range.high + air};
}

}    // namespace

void check_line_chart(const LineChart& chart) {
    require(!chart.lines.empty(), "line chart \"", chart.title, "\": expected at least one line, got none");
    for (const Line& line : chart.lines) {
        require(line.x.size() == line.y.size() && !line.x.empty(), "line \"", line.name,
                "\": expected as many y as x and at least one, got ", line.x.size(), " x and ", line.y.size(), " y");
        require(line.low.size() == line.high.size() && (line.low.empty() || line.low.size() == line.x.size()),
                "line \"", line.name, "\": expected a band of ", line.x.size(), " low and high values or none, got ",
                line.low.size(), " and ", line.high.size());
        require<OptionError>(line.low.empty() || std::is_sorted(line.x.begin(), line.x.end()), "line \"", line.name,
                             "\": a band needs x in increasing order");
        if (chart.log_x) check_positive(line.x, "x", line.name);
        if (chart.log_y)
            for (const auto* values : {&line.y, &line.low, &line.high}) check_positive(*values, "y", line.name);
    }
    for (const Reference& r : chart.horizontal)
        if (chart.log_y) check_positive({r.at}, "y", r.name);
    for (const Reference& r : chart.vertical)
        if (chart.log_x) check_positive({r.at}, "x", r.name);
    if (!chart.y_range) return;
    const auto [low, high] = *chart.y_range;
    const bool drawable = std::abs(low) <= 1e300 && std::abs(high) <= 1e300 && (!chart.log_y || low >= 1e-300);
    require<OptionError>(drawable && low < high, "line chart \"", chart.title, "\": expected a y range low < high",
                         chart.log_y ? " and both positive" : "", ", got ", low, " and ", high);
}

Axis x_axis(const LineChart& chart, double left, double right) {
    Range range = empty_range;
    for (const Line& line : chart.lines)
        for (double x : line.x) range = including(range, x);
    for (const Reference& r : chart.vertical) range = including(range, r.at);
    return {with_air(range, chart.log_x, 0.02), left, right, chart.log_x, chart.x_ticks};
}

Axis y_axis(const LineChart& chart, double bottom, double top) {
    if (chart.y_range) return {at_least_some(*chart.y_range), bottom, top, chart.log_y};
    Range range = empty_range;
    for (const Line& line : chart.lines)
        for (const auto* values : {&line.y, &line.low, &line.high})
            for (double y : *values) range = including(range, y);
    for (const Reference& r : chart.horizontal) range = including(range, r.at);
    return {with_air(range, chart.log_y, 0.05), bottom, top, chart.log_y};
}

}    // namespace ordinal::demos::plot
