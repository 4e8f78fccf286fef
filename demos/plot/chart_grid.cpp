#include "demos/plot/chart_grid.h"

#include <algorithm>

#include <ordinal/core/error.h>
#include "demos/plot/png.h"
#include "demos/plot/text.h"

namespace ordinal::plot {

Image draw_chart_grid(const std::string& title, const std::vector<LineChart>& charts, int columns) {
    require(!charts.empty() && columns > 0, "chart grid: expected charts and columns of 1 or more, got ", charts.size(),
            " charts in ", columns, " columns");
    constexpr double title_size = 22, title_middle = 28;    // pixels
    constexpr int title_height = 52;

    // Place the charts: each row begins at the left edge and is as high as its highest chart.
    struct Placed {
        Image chart;
        int x, y;
    };
    std::vector<Placed> placed;
    int x = 0, y = title_height, width = 0, bottom = y;
    for (const LineChart& chart : charts) {
        if (!placed.empty() && placed.size() % static_cast<std::size_t>(columns) == 0) x = 0, y = bottom;
        placed.push_back({draw_line_chart(chart), x, y});
        x += placed.back().chart.width();
        width = std::max(width, x);
        bottom = std::max(bottom, y + placed.back().chart.height());
    }

    Image image(width, bottom);
    for (const Placed& p : placed)
        for (int row = 0; row < p.chart.height(); ++row)
            for (int column = 0; column < p.chart.width(); ++column)
                image.blend(p.x + column, p.y + row, p.chart.at(column, row), 1);
    Font(find_font()).draw(image, title, title_size, {width / 2.0, title_middle}, Align::center);
    return image;
}

void save_chart_grid(const std::string& path, const std::string& title, const std::vector<LineChart>& charts,
                     int columns) {
    save_png(path, draw_chart_grid(title, charts, columns));
}

}    // namespace ordinal::plot
