// Line charts as a picture of its own, an SVG file: sharp at any size, light or dark as the reader's system is, and
// `git diff` reads it.
//
//     write_file("accuracy.svg", svg_picture("Accuracy beyond the trained length", {off3, mod5}, 2));
#pragma once

#include <string>
#include <vector>

#include "demos/plot/line_chart.h"

namespace ordinal::demos::plot {

// Charts in reading order, `columns` to a row, under a common title; one chart alone is drawn larger. Where all charts
// show the same lines, one legend, the last chart's, serves them all.
// Throws ShapeError (no charts, no columns) and what check_line_chart throws.
std::string svg_picture(const std::string& title, const std::vector<LineChart>& charts, int columns);

// For a web page, which has titles and legends of its own: an <svg> element. `name` is what it is called where it
// cannot be seen.
std::string svg_panel(const LineChart& chart, const std::string& name);

}    // namespace ordinal::demos::plot
