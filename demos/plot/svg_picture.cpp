#include "demos/plot/svg_picture.h"

#include <algorithm>

#include <ordinal/core/error.h>
#include "demos/embedded.h"
#include "demos/plot/svg.h"
#include "demos/plot/svg_chart.h"

namespace ordinal::demos::plot {
namespace {

constexpr Size on_a_page{420, 300}, in_a_row{440, 310}, alone{720, 410};    // of one chart
constexpr double border = 20, gap = 28, legend_step = 22;

// A legend in as many columns as there is room for.
struct Block {
    std::string svg;
    double height = 0;
};
Block legend_block(const LineChart& chart, double x, double y, double width) {
    const std::vector<LegendEntry> entries = legend_of(chart);
    double widest = 0;
    for (const LegendEntry& entry : entries) widest = std::max(widest, 36 + width_of(entry.name, 12) + 16);
    const auto columns = std::max<std::size_t>(1, static_cast<std::size_t>(width / std::max(widest, 1.0)));
    Block block;
    for (std::size_t k = 0; k < entries.size(); ++k) {
        const double at_x = x + widest * static_cast<double>(k % columns);
        const double at_y = y + legend_step * (static_cast<double>(k / columns) + 0.5);
        block.svg += "<g transform=\"translate(" + number(at_x) + " " + number(at_y - 4) + ")\">" + entries[k].sample +
                     text_at(36, 8, entries[k].name, "start", "name") + "</g>\n";
        block.height = at_y + legend_step / 2 - y;
    }
    return block;
}

}    // namespace

std::string svg_picture(const std::string& title, const std::vector<LineChart>& charts, int columns) {
    require(!charts.empty() && columns > 0, "svg_picture: expected charts and columns of 1 or more, got ",
            charts.size(), " charts in ", columns, " columns");
    const bool one = charts.size() == 1, one_legend = have_one_legend(charts);
    const Size size = one ? alone : in_a_row;
    const int across = std::min(columns, static_cast<int>(charts.size()));
    const double room = across * size.width + (across - 1) * gap;    // between the margins

    std::string svg;
    double y = border + 32, row_height = 0;
    for (std::size_t k = 0; k < charts.size(); ++k) {
        const int column = static_cast<int>(k) % across;
        if (k > 0 && column == 0) y += row_height + gap, row_height = 0;
        const double x = border + column * (size.width + gap), heading = one ? 0 : 24;
        if (!one) svg += text_at(x, y + 14, charts[k].title, "start", "subtitle");
        svg += "<g transform=\"translate(" + number(x) + " " + number(y + heading) + ")\">\n" +
               svg_body(charts[k], size) + "</g>\n";
        Block legend;
        if (!one_legend) legend = legend_block(charts[k], x, y + heading + size.height + 4, size.width);
        svg += legend.svg;
        row_height = std::max(row_height, heading + size.height + 4 + legend.height);
    }
    double bottom = y + row_height;
    if (one_legend) {    // below all charts, or in the place that the last row leaves free
        const int used = static_cast<int>(charts.size() % static_cast<std::size_t>(across));
        const double x = border + used * (size.width + gap), top = used > 0 ? y + 58 : bottom + 8;
        const Block legend = legend_block(charts.back(), x, top, room + border - x);
        svg += legend.svg;
        bottom = std::max(bottom, top + legend.height);
    }
    const double width = std::max(room, width_of(title, 18)) + 2 * border, height = bottom + border;
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\"" +
           attributes({{"width", width}, {"height", height}}) + " viewBox=\"0 0 " + number(width, "%.5g") + " " +
           number(height, "%.5g") + "\" aria-label=\"" + escaped(title) + "\">\n<style>\n" + chart_css + "</style>\n" +
           "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n" +
           text_at(border, border + 14, title, "start", "title") + svg + "</svg>\n";
}

std::string svg_panel(const LineChart& chart, const std::string& name) {
    return "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 " + number(on_a_page.width, "%.0f") + " " +
           number(on_a_page.height, "%.0f") + "\" aria-label=\"" + escaped(name) + "\">\n" +
           svg_body(chart, on_a_page) + "</svg>\n";
}

}    // namespace ordinal::demos::plot
