// Curves over a common x, with a legend: losses over steps, accuracies over lengths.
//
//     LineChart{.title = "Accuracy beyond the trained length", .x_label = "length", .y_label = "accuracy",
//               .lines = {{.name = "table", .x = lengths, .y = table}},
//               .horizontal = {{"chance", 0.2}}, .vertical = {{"trained", 32}}};
//
// This is what a chart shows; svg_picture.h draws it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "demos/plot/axis.h"

namespace ordinal::demos::plot {

struct Line {
    std::string name = {};    // in the legend; without a name the line stays out of it
    std::vector<double> x = {}, y = {};
    std::vector<double> low = {}, high = {};    // a band around the line, e.g. min and max over seeds; or empty
    bool only_dots = false;                     // points with no order among them, such as one a seed: not joined
};

// A dashed line across the chart: a chance level (horizontal, named in the legend), a trained length (vertical).
struct Reference {
    std::string name;
    double at = 0;
};

struct LineChart {
    std::string title = {};
    std::string x_label = {}, y_label = {};
    std::vector<Line> lines = {};
    std::vector<Reference> horizontal = {}, vertical = {};
    bool log_x = false, log_y = false;
    std::optional<Range> y_range = {};    // default: what the lines, bands and horizontal references need
    std::vector<double> x_ticks = {};     // default: round numbers
};

// Throws ShapeError (no lines; x, y, low, high of different lengths), OptionError (a value <= 0 on a logarithmic axis,
// a range that is no range).
void check_line_chart(const LineChart& chart);

// Between these pixels: what lines, bands and references need, with a little air; y: or what the chart asks for.
Axis x_axis(const LineChart& chart, double left, double right);
Axis y_axis(const LineChart& chart, double bottom, double top);

}    // namespace ordinal::demos::plot
