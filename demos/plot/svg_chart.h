// Line charts as SVG, to be set into a web page: sharp at any size, in the page's colours, and each point tells its
// numbers when one points at it. Titles and legends are the page's business, where text wraps.
#pragma once

#include <string>

#include "demos/plot/line_chart.h"

namespace ordinal::plot {

// An <svg> element. `name` is what it is called where it cannot be seen. Throws what draw_line_chart throws.
std::string svg_line_chart(const LineChart& chart, const std::string& name);

// The sample of line number `line` for a legend: an <svg> element, as wide as a few letters. A dot, for lines of dots.
std::string svg_legend_sample(std::size_t line, bool only_dots = false);
std::string svg_reference_sample();

// The CSS rules for these elements. The page says what --ink, --faint and --grid are and may change --line-0 ..
// --line-6.
std::string svg_chart_style();

// < > & " become entities.
std::string escaped(const std::string& text);

}    // namespace ordinal::plot
