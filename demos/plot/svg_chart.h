// One line chart as SVG, without its title and legend: a page has HTML for them, where text wraps; a picture of its own
// (svg_picture.h) draws them around it. Each point tells its numbers when one points at it. chart.css says how all
// looks.
//
// NaN interrupts a line. Seven colours that colour-blind readers can tell apart; further lines are dashed (dots cannot
// be: of them, seven at most can be told apart).
#pragma once

#include <string>
#include <vector>

#include "demos/plot/line_chart.h"

namespace ordinal::demos::plot {

// In units of the drawing, which are shown as about one pixel each.
struct Size {
    double width, height;
};

// The elements of a drawing of that size. Throws what check_line_chart throws.
std::string svg_body(const LineChart& chart, const Size& size);

std::string value_text(const Line& line, std::size_t i);    // "0.42 [0.37 .. 0.48]"; without a band there "0.42"

// What stands in a chart's legend: a sample of the line (an <svg> element, 28 wide and 8 high) and its name.
struct LegendEntry {
    std::string sample, name;
};
std::vector<LegendEntry> legend_of(const LineChart& chart);
bool have_one_legend(const std::vector<LineChart>& charts);    // the same lines in all

}    // namespace ordinal::demos::plot
