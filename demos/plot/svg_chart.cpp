#include "demos/plot/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <initializer_list>

#include <ordinal/core/error.h>
#include "demos/plot/chart_axes.h"

namespace ordinal::plot {
namespace {

// In units of the drawing, which a page shows at 350 to 520 pixels.
constexpr double width = 420, height = 300, left = 46, right = 412, top = 34, bottom = 256;
constexpr std::size_t colors = 7, dots_shown = 24, most_points = 400;

std::string number(double value, const char* format = "%.1f") {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string value_text(double value) { return number(value, "%.4g"); }

std::string attributes(std::initializer_list<std::pair<const char*, double>> list) {
    std::string text;
    for (const auto& [name, value] : list) text += std::string(" ") + name + "=\"" + number(value) + "\"";
    return text;
}

std::string line_from(double x1, double y1, double x2, double y2, const std::string& style) {
    return "<line class=\"" + style + "\"" + attributes({{"x1", x1}, {"y1", y1}, {"x2", x2}, {"y2", y2}}) + "/>";
}

std::string text_at(double x, double y, const std::string& anchor, const std::string& text) {
    return "<text" + attributes({{"x", x}, {"y", y}}) + " text-anchor=\"" + anchor + "\">" + escaped(text) + "</text>";
}

// "c2" for the third colour, "c2 dash1" in the second round through the colours
std::string style_of(std::size_t line) {
    const std::size_t round = line / colors % 3;
    return text_of("c", line % colors) + (round == 0 ? "" : text_of(" dash", round));
}

bool drawable(const Axis& axis, double value) { return std::isfinite(value) && (!axis.logarithmic || value > 0); }

bool inside(const Axis& axis, double value) {
    return drawable(axis, value) && axis.range.low <= value && value <= axis.range.high;
}

// "64 12.5 L 70 13": from point to point; what is missing interrupts the line.
std::string path_of(const std::vector<double>& x, const std::vector<double>& y, const Axis& x_axis,
                    const Axis& y_axis) {
    std::string path;
    bool down = false;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const bool there = drawable(x_axis, x[i]) && drawable(y_axis, y[i]);
        if (there) path += (down ? "L" : "M") + number(x_axis.pixel(x[i])) + " " + number(y_axis.pixel(y[i]));
        down = there;
    }
    return path;
}

// The area between low and high: there along the one, back along the other.
std::string band_of(const Line& line, const Axis& x_axis, const Axis& y_axis) {
    std::string there, back;
    for (std::size_t i = 0; i < line.low.size(); ++i) {
        if (!drawable(y_axis, line.low[i]) || !drawable(y_axis, line.high[i])) continue;
        const std::string x = number(x_axis.pixel(line.x[i]));
        there += (there.empty() ? "M" : "L") + x + " " + number(y_axis.pixel(line.high[i]));
        back = "L" + x + " " + number(y_axis.pixel(line.low[i])) + back;
    }
    return there.empty() ? "" : there + back + "Z";
}

std::string point_text(const LineChart& chart, const Line& line, std::size_t i) {
    std::string text = line.name.empty() ? "" : line.name + ", ";
    text += chart.x_label + " " + value_text(line.x[i]) + ": " + value_text(line.y[i]);
    if (!line.low.empty() && line.low[i] < line.high[i])
        text += " [" + value_text(line.low[i]) + " .. " + value_text(line.high[i]) + "]";
    return text;
}

// A dot, and around it a larger circle that is easy to hit. Of very long lines only some points.
std::string points_of(const LineChart& chart, const Line& line, const std::string& style, const Axis& x_axis,
                      const Axis& y_axis) {
    std::string svg;
    const std::size_t step = 1 + line.x.size() / most_points;
    for (std::size_t i = 0; i < line.x.size(); i += step) {
        if (!inside(x_axis, line.x[i]) || !inside(y_axis, line.y[i])) continue;
        const std::string place = attributes({{"cx", x_axis.pixel(line.x[i])}, {"cy", y_axis.pixel(line.y[i])}});
        svg += "<g class=\"point " + style + "\"><title>" + escaped(point_text(chart, line, i)) + "</title>";
        const bool quiet = line.x.size() > dots_shown && !line.only_dots;
        svg += "<circle class=\"dot" + std::string(quiet ? " quiet" : "") + "\"" + place +
               " r=\"3\"/><circle class=\"target\"" + place + " r=\"8\"/></g>\n";
    }
    return svg;
}

std::string axes(const LineChart& chart, const Axis& x_axis, const Axis& y_axis) {
    std::string svg;
    for (const Tick& tick : ticks_on_x(chart, 7)) {
        const double x = x_axis.pixel(tick.at);
        svg += line_from(x, top, x, bottom, "grid") + text_at(x, bottom + 16, "middle", tick.label) + "\n";
    }
    for (const Tick& tick : ticks_on_y(chart, 6)) {
        const double y = y_axis.pixel(tick.at);
        svg += line_from(left, y, right, y, "grid") + text_at(left - 6, y + 4, "end", tick.label) + "\n";
    }
    return svg + line_from(left, bottom, right, bottom, "axis") + text_at(right, height - 8, "end", chart.x_label) +
           text_at(2, 12, "start", chart.y_label) + "\n";
}

}    // namespace

std::string svg_line_chart(const LineChart& chart, const std::string& name) {
    check_line_chart(chart);
    const Axis x_axis{range_of_x(chart), left, right, chart.log_x};
    const Axis y_axis{range_of_y(chart), bottom, top, chart.log_y};    // y grows downwards
    std::string svg = "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 " + number(width, "%.0f") + " " +
                      number(height, "%.0f") + "\" aria-label=\"" + escaped(name) + "\">\n";
    svg += axes(chart, x_axis, y_axis);

    // What leaves the plot is cut off at its edge: an inner <svg> does that.
    svg += "<svg" + attributes({{"x", left}, {"y", top}, {"width", right - left}, {"height", bottom - top}}) +
           " viewBox=\"" + number(left) + " " + number(top) + " " + number(right - left) + " " + number(bottom - top) +
           "\">\n";
    for (std::size_t i = 0; i < chart.lines.size(); ++i)
        if (const std::string band = band_of(chart.lines[i], x_axis, y_axis); !band.empty())
            svg += "<path class=\"band " + style_of(i) + "\" d=\"" + band + "\"/>\n";
    for (const Reference& r : chart.horizontal)
        svg += line_from(left, y_axis.pixel(r.at), right, y_axis.pixel(r.at), "reference") + "\n";
    for (const Reference& r : chart.vertical)
        svg += line_from(x_axis.pixel(r.at), top, x_axis.pixel(r.at), bottom, "reference") + "\n";
    for (std::size_t i = 0; i < chart.lines.size(); ++i) {
        if (chart.lines[i].only_dots) continue;
        svg += "<path class=\"line " + style_of(i) + "\" d=\"" +
               path_of(chart.lines[i].x, chart.lines[i].y, x_axis, y_axis) + "\"/>\n";
    }
    svg += "</svg>\n";

    for (const Reference& r : chart.vertical) svg += text_at(x_axis.pixel(r.at), top - 6, "middle", r.name) + "\n";
    for (std::size_t i = 0; i < chart.lines.size(); ++i)
        svg += points_of(chart, chart.lines[i], style_of(i), x_axis, y_axis);
    return svg + "</svg>\n";
}

std::string svg_legend_sample(std::size_t line, bool only_dots) {
    const std::string dot = "<g class=\"" + style_of(line) + "\"><circle class=\"dot\"" +
                            attributes({{"cx", 14}, {"cy", 4}}) + " r=\"3\"/></g>";
    return "<svg class=\"sample\" aria-hidden=\"true\" viewBox=\"0 0 28 8\">" +
           (only_dots ? dot : line_from(1, 4, 27, 4, "line " + style_of(line))) + "</svg>";
}

std::string svg_reference_sample() {
    return "<svg class=\"sample\" aria-hidden=\"true\" viewBox=\"0 0 28 8\">" + line_from(1, 4, 27, 4, "reference") +
           "</svg>";
}

std::string svg_chart_style() {
    std::string css = R"css(
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart text { font-size: 12px; fill: var(--faint); }
.chart .grid { stroke: var(--grid); } .chart .axis { stroke: var(--faint); }
.reference { stroke: var(--faint); stroke-width: 1.3; stroke-dasharray: 5 4; }
.line { fill: none; stroke: var(--line); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line.dash1 { stroke-dasharray: 7 5; } .line.dash2 { stroke-dasharray: 1.5 4; }
.band { fill: var(--line); opacity: 0.16; }
.dot { fill: var(--line); } .dot.quiet { opacity: 0; } .target { fill: transparent; }
.point:hover .dot { opacity: 1; stroke: var(--line); stroke-width: 4; }
.sample { flex: none; width: 28px; height: 8px; vertical-align: middle; }
)css";
    for (std::size_t i = 0; i < colors; ++i) css += text_of(".c", i, " { --line: var(--line-", i, "); }\n");
    return css;
}

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text)
        safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
    return safe;
}

}    // namespace ordinal::plot
