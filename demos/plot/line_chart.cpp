#include "demos/plot/line_chart.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "demos/plot/axis.h"
#include "demos/plot/chart_axes.h"
#include "demos/plot/png.h"
#include "demos/plot/text.h"

namespace ordinal::plot {

namespace {

// Sizes in pixels.
constexpr double title_size = 18, label_size = 14, tick_size = 13;
constexpr int plot_width = 640, plot_height = 380, tick_length = 4, legend_step = 24, sample_width = 28;

// M. Okabe and K. Ito, "Color Universal Design" (2008): distinct for colour-blind readers too. Their yellow is left
// out, which is too pale on white; their grey-black is ours.
constexpr std::array<Color, 7> palette{
    {{0, 114, 178}, {213, 94, 0}, {0, 158, 115}, {204, 121, 167}, {230, 159, 0}, {86, 180, 233}, {51, 51, 51}}};
constexpr Stroke reference_stroke{{120, 120, 120}, 1.4, 5, 4};

Stroke stroke_of(std::size_t line) {
    const double dash[] = {0, 8, 2}, gap[] = {0, 5, 4};    // the second and third round through the colours
    const std::size_t round = line / palette.size() % 3;
    return {palette[line % palette.size()], 2.2, dash[round], gap[round]};
}

constexpr double dot_size = 7;

void draw_dot(Image& image, const Point& at, Color color, const Rect& clip) {
    draw_polyline(image, {at, at}, {color, dot_size}, clip);    // its ends are round
}

void draw_line(Image& image, const Line& line, const Stroke& stroke, const Axis& x_axis, const Axis& y_axis,
               const Rect& clip) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < line.x.size(); ++i)
        points.push_back({x_axis.pixel(line.x[i]), y_axis.pixel(line.y[i])});
    if (!line.only_dots) {
        draw_polyline(image, points, stroke, clip);
        if (points.size() > 24) return;    // few points: show where they are
    }
    for (const Point& p : points) draw_dot(image, p, stroke.color, clip);
}

void draw_line_band(Image& image, const Line& line, Color color, const Axis& x_axis, const Axis& y_axis,
                    const Rect& clip) {
    std::vector<double> x, top, bottom;
    for (std::size_t i = 0; i < line.low.size(); ++i) {
        x.push_back(x_axis.pixel(line.x[i]));
        top.push_back(y_axis.pixel(line.high[i]));
        bottom.push_back(y_axis.pixel(line.low[i]));
    }
    draw_band(image, x, top, bottom, color, 0.16, clip);
}

}    // namespace

Image draw_line_chart(const LineChart& chart) {
    check_line_chart(chart);
    const Font font(find_font());
    Axis x_axis{range_of_x(chart), 0, 0, chart.log_x}, y_axis{range_of_y(chart), 0, 0, chart.log_y};
    const std::vector<Tick> x_ticks = ticks_on_x(chart, 10), y_ticks = ticks_on_y(chart, 8);

    // Measure.
    const auto widest = [&font](const auto& items, double size, auto name_of) {
        double width = 0;
        for (const auto& item : items) width = std::max(width, font.width(name_of(item), size));
        return static_cast<int>(std::ceil(width));
    };
    const auto name = [](const auto& item) { return item.name; };
    const int y_numbers = widest(y_ticks, tick_size, [](const Tick& tick) { return tick.label; });
    const int names = std::max(widest(chart.lines, label_size, name), widest(chart.horizontal, label_size, name));
    const int legend_width = names > 0 ? 24 + sample_width + 8 + names : 0;
    const int legend_height = legend_step * static_cast<int>(chart.lines.size() + chart.horizontal.size());
    const Rect plot{20 + (chart.y_label.empty() ? 0 : 24) + y_numbers + 10,
                    14 + (chart.title.empty() ? 0 : 36) + (chart.vertical.empty() ? 0 : 20), plot_width,
                    std::max(plot_height, legend_height)};
    const int title_width = static_cast<int>(font.width(chart.title, title_size));
    Image image(plot.x + std::max(plot.width + legend_width, title_width) + 24,
                plot.y + plot.height + 30 + (chart.x_label.empty() ? 0 : 28));

    // Axes, ticks, grid.
    x_axis.first_pixel = plot.x;
    x_axis.last_pixel = plot.x + plot.width;
    y_axis.first_pixel = plot.y + plot.height;    // pixels grow downwards
    y_axis.last_pixel = plot.y;
    const int bottom = plot.y + plot.height;
    for (const Tick& tick : x_ticks) {
        const int x = static_cast<int>(std::lround(x_axis.pixel(tick.at)));
        fill_rect(image, {x, plot.y, 1, plot.height}, grid_grey);
        fill_rect(image, {x, bottom, 1, tick_length + 1}, ink);
        font.draw(image, tick.label, tick_size, {x + 0.5, bottom + 16.0}, Align::center);
    }
    for (const Tick& tick : y_ticks) {
        const int y = static_cast<int>(std::lround(y_axis.pixel(tick.at)));
        fill_rect(image, {plot.x, y, plot.width, 1}, grid_grey);
        fill_rect(image, {plot.x - 1 - tick_length, y, tick_length, 1}, ink);
        font.draw(image, tick.label, tick_size, {plot.x - 9.0, y + 0.5}, Align::right);
    }
    fill_rect(image, {plot.x - 1, plot.y, 1, plot.height + 1}, ink);
    fill_rect(image, {plot.x - 1, bottom, plot.width + 1, 1}, ink);
    font.draw(image, chart.title, title_size, {static_cast<double>(plot.x), 28}, Align::left);
    font.draw(image, chart.x_label, label_size, {plot.x + plot.width / 2.0, bottom + 42.0}, Align::center);
    font.draw_upwards(image, chart.y_label, label_size, {22, plot.y + plot.height / 2.0});

    // Bands under references under lines. Half a line's width may stick out of the plot.
    const Rect clip{plot.x - 4, plot.y - 4, plot.width + 8, plot.height + 8};
    for (std::size_t i = 0; i < chart.lines.size(); ++i)
        draw_line_band(image, chart.lines[i], stroke_of(i).color, x_axis, y_axis, plot);
    for (const Reference& r : chart.horizontal) {
        const double y = std::floor(y_axis.pixel(r.at)) + 0.5;    // on the middle of a pixel: crisp
        draw_polyline(image, {{x_axis.first_pixel, y}, {x_axis.last_pixel, y}}, reference_stroke, clip);
    }
    for (const Reference& r : chart.vertical) {
        const double x = std::floor(x_axis.pixel(r.at)) + 0.5;
        draw_polyline(image, {{x, y_axis.last_pixel}, {x, y_axis.first_pixel}}, reference_stroke, clip);
        font.draw(image, r.name, tick_size, {x, plot.y - 12.0}, Align::center);
    }
    for (std::size_t i = 0; i < chart.lines.size(); ++i)
        draw_line(image, chart.lines[i], stroke_of(i), x_axis, y_axis, clip);

    // Legend, right of the plot, where it hides nothing.
    const double sample_x = plot.x + plot.width + 24;
    double y = plot.y + 10;
    const Rect everywhere{0, 0, image.width(), image.height()};
    const auto legend_row = [&](const std::string& text, const Stroke& stroke, bool only_dot) {
        if (text.empty()) return;
        if (only_dot)
            draw_dot(image, {sample_x + sample_width / 2.0, y}, stroke.color, everywhere);
        else
            draw_polyline(image, {{sample_x, y}, {sample_x + sample_width, y}}, stroke, everywhere);
        font.draw(image, text, label_size, {sample_x + sample_width + 8, y}, Align::left);
        y += legend_step;
    };
    for (std::size_t i = 0; i < chart.lines.size(); ++i)
        legend_row(chart.lines[i].name, stroke_of(i), chart.lines[i].only_dots);
    for (const Reference& r : chart.horizontal) legend_row(r.name, reference_stroke, false);
    return image;
}

void save_line_chart(const std::string& path, const LineChart& chart) { save_png(path, draw_line_chart(chart)); }

}    // namespace ordinal::plot
