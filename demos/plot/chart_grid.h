// Several line charts in one picture, side by side.
#pragma once

#include <string>
#include <vector>

#include "demos/plot/line_chart.h"

namespace ordinal::plot {

// Charts in reading order, `columns` to a row, under a common title. Lines without names stay out of a chart's legend:
// where all charts show the same lines, name them in the last one only.
// Throws ShapeError (no charts, no columns) and what draw_line_chart throws.
Image draw_chart_grid(const std::string& title, const std::vector<LineChart>& charts, int columns);
void save_chart_grid(const std::string& path, const std::string& title, const std::vector<LineChart>& charts,
                     int columns);

}    // namespace ordinal::plot
