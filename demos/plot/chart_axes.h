// What a line chart's axes show, whatever draws it: a PNG picture or an SVG element.
#pragma once

#include <vector>

#include "demos/plot/axis.h"
#include "demos/plot/line_chart.h"

namespace ordinal::plot {

// Throws what draw_line_chart says about its lines and its range.
void check_line_chart(const LineChart& chart);

// What lines, bands and references need, with a little air; y: or what the chart asks for.
Range range_of_x(const LineChart& chart);
Range range_of_y(const LineChart& chart);

std::vector<Tick> ticks_on_x(const LineChart& chart, int max_count);
std::vector<Tick> ticks_on_y(const LineChart& chart, int max_count);

}    // namespace ordinal::plot
