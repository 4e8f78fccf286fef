#include "demos/plot/svg_chart.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>
#include "demos/plot/svg.h"

namespace ordinal::demos::plot {
namespace {

constexpr std::size_t colors = 7, dots_shown = 24, most_points = 60;

// One chart and where its plot lies. Around the plot is room for numbers and names.
struct Plot {
    const LineChart& chart;
    double left, right, top, bottom;
    Axis x, y;
};

// "c2" for the third colour, "c2 dash1" in the second round through the colours
std::string style_of(std::size_t line) {
    const std::size_t round = line / colors % 3;
    return text_of("c", line % colors) + (round == 0 ? "" : text_of(" dash", round));
}

bool inside(const Axis& axis, double value) { return axis.range.low <= value && value <= axis.range.high; }

// "M64 12.5L70 13": from point to point; what is missing interrupts the line.
std::string path_of(const Plot& plot, const Line& line) {
    std::string path;
    bool down = false;
    for (std::size_t i = 0; i < line.x.size(); ++i) {
        const bool there = std::isfinite(line.x[i]) && std::isfinite(line.y[i]);
        if (there) path += (down ? "L" : "M") + number(plot.x.pixel(line.x[i])) + " " + number(plot.y.pixel(line.y[i]));
        down = there;
    }
    return path;
}

// The area between low and high: there along the one, back along the other.
std::string band_of(const Plot& plot, const Line& line) {
    std::string there, back;
    for (std::size_t i = 0; i < line.low.size(); ++i) {
        if (!std::isfinite(line.low[i]) || !std::isfinite(line.high[i])) continue;
        const std::string x = number(plot.x.pixel(line.x[i]));
        there += (there.empty() ? "M" : "L") + x + " " + number(plot.y.pixel(line.high[i]));
        back = "L" + x + " " + number(plot.y.pixel(line.low[i])) + back;
    }
    return there.empty() ? "" : there + back + "Z";
}

std::string point_text(const Plot& plot, const Line& line, std::size_t i) {
    const std::string name = line.name.empty() ? "" : line.name + ", ";
    return name + plot.chart.x_label + " " + number_text(line.x[i]) + ": " + value_text(line, i);
}

// Of very long lines only some points: enough to point at.
std::string points_of(const Plot& plot, const Line& line, const std::string& style) {
    std::string svg;
    const bool quiet = line.x.size() > dots_shown && !line.only_dots;
    const std::size_t step = quiet ? 1 + line.x.size() / most_points : 1;
    for (std::size_t i = 0; i < line.x.size(); i += step) {
        if (!inside(plot.x, line.x[i]) || !inside(plot.y, line.y[i])) continue;
        svg += "<circle class=\"point " + style + (quiet ? " quiet" : "") + "\"" +
               attributes({{"cx", plot.x.pixel(line.x[i])}, {"cy", plot.y.pixel(line.y[i])}, {"r", 3}}) + "><title>" +
               escaped(point_text(plot, line, i)) + "</title></circle>\n";
    }
    return svg;
}

std::string axes_of(const Plot& plot, const std::vector<Tick>& x_ticks, const std::vector<Tick>& y_ticks) {
    std::string svg;
    for (const Tick& tick : x_ticks) {
        const double x = plot.x.pixel(tick.at);
        svg += line_from(x, plot.top, x, plot.bottom, "grid") + text_at(x, plot.bottom + 16, tick.label, "middle");
    }
    for (const Tick& tick : y_ticks) {
        const double y = plot.y.pixel(tick.at);
        svg += line_from(plot.left, y, plot.right, y, "grid") + text_at(plot.left - 6, y + 4, tick.label, "end");
    }
    return svg + line_from(plot.left, plot.bottom, plot.right, plot.bottom, "axis") + "\n" +
           text_at(plot.right, plot.bottom + 36, plot.chart.x_label, "end") + text_at(0, 12, plot.chart.y_label);
}

// Bands under references under lines.
std::string curves_of(const Plot& plot) {
    std::string svg;
    const std::vector<Line>& lines = plot.chart.lines;
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (const std::string band = band_of(plot, lines[i]); !band.empty())
            svg += "<path class=\"band " + style_of(i) + "\" d=\"" + band + "\"/>\n";
    for (const Reference& r : plot.chart.horizontal)
        svg += line_from(plot.left, plot.y.pixel(r.at), plot.right, plot.y.pixel(r.at), "reference") + "\n";
    for (const Reference& r : plot.chart.vertical)
        svg += line_from(plot.x.pixel(r.at), plot.top, plot.x.pixel(r.at), plot.bottom, "reference") + "\n";
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (!lines[i].only_dots)
            svg += "<path class=\"line " + style_of(i) + "\" d=\"" + path_of(plot, lines[i]) + "\"/>\n";
    return svg;
}

}    // namespace

std::string value_text(const Line& line, std::size_t i) {
    const bool spread = !line.low.empty() && line.low[i] < line.high[i];
    return number_text(line.y[i]) +
           (spread ? " [" + number_text(line.low[i]) + " .. " + number_text(line.high[i]) + "]" : "");
}

std::string svg_body(const LineChart& chart, const Size& size) {
    check_line_chart(chart);
    const double top = chart.vertical.empty() ? 24 : 36;    // below the name of y, and the names of vertical references
    const double bottom = size.height - 44, right = size.width - 8;
    const Axis y = y_axis(chart, bottom, top);    // its pixels grow downwards
    const std::vector<Tick> y_ticks = y.ticks(static_cast<int>(size.height / 48));
    double numbers = 40;
    for (const Tick& tick : y_ticks) numbers = std::max(numbers, width_of(tick.label, 12));
    const double left = numbers + 6;
    const Plot plot{chart, left, right, top, bottom, x_axis(chart, left, right), y};

    std::string svg = axes_of(plot, plot.x.ticks(static_cast<int>(size.width / 60)), y_ticks);
    // What leaves the plot is cut off at its edge: an inner <svg> does that. Half a line's width may stick out.
    const double x0 = left - 2, y0 = top - 2, width = right - x0 + 2, height = bottom - y0 + 2;
    svg += "<svg" + attributes({{"x", x0}, {"y", y0}, {"width", width}, {"height", height}}) + " viewBox=\"" +
           number(x0) + " " + number(y0) + " " + number(width) + " " + number(height) + "\">\n" + curves_of(plot) +
           "</svg>\n";
    for (const Reference& r : chart.vertical) svg += text_at(plot.x.pixel(r.at), plot.top - 6, r.name, "middle");
    for (std::size_t i = 0; i < chart.lines.size(); ++i) svg += points_of(plot, chart.lines[i], style_of(i));
    return svg;
}

std::vector<LegendEntry> legend_of(const LineChart& chart) {
    std::vector<LegendEntry> entries;
    const auto add = [&](const std::string& name, const std::string& drawing) {
        if (name.empty()) return;
        const std::string begin =
            "<svg class=\"sample\" width=\"28\" height=\"8\" viewBox=\"0 0 28 8\" aria-hidden=\"true\">";
        entries.push_back({begin + drawing + "</svg>", name});
    };
    for (std::size_t i = 0; i < chart.lines.size(); ++i) {
        const Line& line = chart.lines[i];
        const bool dot = line.only_dots || line.x.size() == 1;
        add(line.name, dot ? "<circle class=\"dot " + style_of(i) + "\" cx=\"14\" cy=\"4\" r=\"3\"/>"
                           : line_from(1, 4, 27, 4, "line " + style_of(i)));
    }
    for (const Reference& r : chart.horizontal) add(r.name, line_from(1, 4, 27, 4, "reference"));
    return entries;
}

bool have_one_legend(const std::vector<LineChart>& charts) {
    const auto same_name = [](const Line& a, const Line& b) { return a.name == b.name; };
    return std::ranges::all_of(charts, [&](const LineChart& chart) {
        return std::ranges::equal(chart.lines, charts.front().lines, same_name);
    });
}

}    // namespace ordinal::demos::plot
