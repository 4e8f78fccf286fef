#include "demos/plot/heatmap.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>
#include "demos/plot/axis.h"
#include "demos/plot/text.h"

namespace ordinal::demos::plot {

namespace {

// Sizes in pixels.
constexpr double figure_title_size = 18, title_size = 16, label_size = 14, tick_size = 13;
constexpr int margin = 14, title_height = 32, label_room = 24, tick_length = 4, tick_room = 24, panel_gap = 26;
constexpr int bar_width = 16, bar_gap = 24, longest_bar = 720;

void check(const Heatmap& h) {
    require(h.values.ndim() == 2 && h.values.size() > 0, "heatmap \"", h.title,
            "\": expected values [rows, columns] with at least one of each, got ", h.values.shape());
    for (Index mark : h.marks)
        require<IndexError>(0 <= mark && mark <= std::max(h.values.dim(0), h.values.dim(1)), "heatmap \"", h.title,
                            "\": mark ", mark, " is outside values ", h.values.shape());
    require<OptionError>(h.tick_step >= 0, "heatmap \"", h.title, "\": expected tick_step >= 0, got ", h.tick_step);
    require<OptionError>(std::isfinite(h.range.high - h.range.low) && h.range.low < h.range.high, "heatmap \"", h.title,
                         "\": expected a range low < high, got ", h.range.low, " and ", h.range.high);
}

// How many pixels a cell gets so that `count` of them fill about `side`, and a few do not become huge.
int cell_size(Index count, int side) {
    return static_cast<int>(std::clamp<Index>(std::llround(side / static_cast<double>(count)), 1, 48));
}

// The coloured cells, their frame, marks and ticks. `at` says where the cells go.
void draw_cells(Image& image, const Font& font, const Heatmap& h, const Rect& at) {
    const Index rows = h.values.dim(0), columns = h.values.dim(1);
    const int cell_width = at.width / static_cast<int>(columns), cell_height = at.height / static_cast<int>(rows);
    const std::vector<Scalar> values = h.values.to_vector();
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) {
            const double value = static_cast<double>(values[static_cast<std::size_t>(i * columns + j)]);
            fill_rect(image, {at.x + j * cell_width, at.y + i * cell_height, cell_width, cell_height},
                      color_of(value, h.colormap, h.range));
        }
    const Color mark_color = h.colormap == Colormap::diverging ? ink : white;
    for (Index mark : h.marks) {
        const int x = at.x + static_cast<int>(mark) * cell_width, y = at.y + static_cast<int>(mark) * cell_height;
        if (mark <= columns) fill_rect(image, {x, at.y, 1, at.height}, mark_color);
        if (mark <= rows) fill_rect(image, {at.x, y, at.width, 1}, mark_color);
    }
    draw_frame(image, at, ink);

    const int widest = static_cast<int>(font.width(std::to_string(columns), tick_size)) + 14;
    for (const Tick& tick : index_ticks(columns, h.tick_step, std::max(1, std::min(8, at.width / widest)))) {
        const int x = at.x + static_cast<int>(tick.at) * cell_width + cell_width / 2;    // the middle of its cell
        fill_rect(image, {x, at.y + at.height + 1, 1, tick_length}, ink);
        font.draw(image, tick.label, tick_size, {x + 0.5, at.y + at.height + 15.0}, Align::center);
    }
    for (const Tick& tick : index_ticks(rows, h.tick_step, std::max(1, std::min(8, at.height / 22)))) {
        const int y = at.y + static_cast<int>(tick.at) * cell_height + cell_height / 2;
        fill_rect(image, {at.x - 1 - tick_length, y, tick_length, 1}, ink);
        font.draw(image, tick.label, tick_size, {at.x - 9.0, y + 0.5}, Align::right);
    }
}

int ticks_of_bar(const Rect& bar) { return std::clamp(bar.height / 40, 2, 9); }

// The colour bar: what each colour means. Low values at the bottom.
void draw_bar(Image& image, const Font& font, Colormap colormap, const Range& range, const Rect& at) {
    for (int y = 0; y < at.height; ++y) {
        const double t = 1 - static_cast<double>(y) / (at.height - 1);
        fill_rect(image, {at.x, at.y + y, at.width, 1},
                  color_of(range.low + t * (range.high - range.low), colormap, range));
    }
    draw_frame(image, at, ink);
    const Axis axis{range, at.y + at.height - 1.0, static_cast<double>(at.y)};
    for (const Tick& tick : axis.ticks(ticks_of_bar(at))) {
        const int y = static_cast<int>(std::lround(axis.pixel(tick.at)));
        fill_rect(image, {at.x + at.width + 1, y, tick_length, 1}, ink);
        font.draw(image, tick.label, tick_size, {at.x + at.width + 9.0, y + 0.5}, Align::left);
    }
}

// Where everything goes. All panels get a slot of the same size, as large as the largest needs.
struct Layout {
    int columns = 1;
    bool names_alike = true;    // then the axes are named at the outer edges only
    int number_width = 0;       // of the widest row number
    std::vector<Rect> cells;    // one a panel
    double title_above = 0;     // the cells
    double title_x = 0;
    Rect bar;
    int bar_numbers = 0;    // the width of the bar's widest number
    int width = 0, height = 0;
};

Layout lay_out(const Font& font, const std::string& title, const std::vector<Heatmap>& panels, int columns) {
    const int count = static_cast<int>(panels.size());
    const auto text_width = [&font](const std::string& text, double size) {
        return static_cast<int>(std::ceil(font.width(text, size)));
    };
    Layout layout;
    layout.columns = columns = std::min(columns, count);
    const int rows = (count + columns - 1) / columns;
    const int side = columns == 1 ? 440 : columns == 2 ? 380 : 300;    // of a panel's cells

    bool titled = false;
    int slot_width = 0, cells_height = 0;
    for (const Heatmap& h : panels) {
        const int h_rows = static_cast<int>(h.values.dim(0)), h_columns = static_cast<int>(h.values.dim(1));
        const Rect cells{0, 0, cell_size(h_columns, side) * h_columns, cell_size(h_rows, side) * h_rows};
        layout.cells.push_back(cells);
        layout.number_width = std::max(layout.number_width, text_width(std::to_string(h_rows), tick_size));
        layout.names_alike &= h.x_label == panels[0].x_label && h.y_label == panels[0].y_label;
        slot_width = std::max({slot_width, cells.width, text_width(h.title, title_size)});
        cells_height = std::max(cells_height, cells.height);
        titled = titled || !h.title.empty();
    }

    const int inner_room = layout.names_alike ? 0 : label_room, outer_room = label_room - inner_room;
    const int left = layout.number_width + 10 + inner_room;    // of the cells, in a slot
    const int top = titled ? title_height : 8;
    const int step_x = left + slot_width + panel_gap, step_y = top + cells_height + tick_room + inner_room + 6;
    const int first_x = margin + outer_room, first_y = 50;
    for (int k = 0; k < count; ++k) {
        Rect& cells = layout.cells[static_cast<std::size_t>(k)];
        cells.x = first_x + k % columns * step_x + left + (slot_width - cells.width) / 2;
        cells.y = first_y + k / columns * step_y + top;
    }

    layout.title_above = top / 2.0;

    const int panels_end = first_x + columns * step_x - panel_gap;
    const int panels_height = (rows - 1) * step_y + cells_height;
    layout.bar = {panels_end + bar_gap, first_y + top, bar_width, std::min(panels_height, longest_bar)};
    for (const Tick& tick : Axis{panels.front().range}.ticks(ticks_of_bar(layout.bar)))
        layout.bar_numbers = std::max(layout.bar_numbers, text_width(tick.label, tick_size));
    const int title_width = text_width(title, figure_title_size) + 2 * margin;
    layout.width = std::max(layout.bar.x + bar_width + 9 + layout.bar_numbers + label_room + margin, title_width);
    layout.height = first_y + rows * step_y + outer_room + 4;
    layout.title_x = std::max((first_x + left + panels_end) / 2.0, title_width / 2.0);
    return layout;
}

}    // namespace

Image draw_grid(const std::string& title, const std::vector<Heatmap>& panels, int columns) {
    require(!panels.empty(), "grid \"", title, "\": expected at least one panel, got none");
    require<OptionError>(columns >= 1, "grid \"", title, "\": expected at least one column, got ", columns);
    const Heatmap& first = panels.front();
    for (const Heatmap& h : panels) {
        check(h);
        require<OptionError>(
            h.colormap == first.colormap && h.range.low == first.range.low && h.range.high == first.range.high,
            "grid \"", title, "\": panel \"", h.title,
            "\" has another colormap or range than the first, and they share one colour bar");
    }
    const Font font(find_font());
    const Layout layout = lay_out(font, title, panels, columns);

    Image image(layout.width, layout.height);
    font.draw(image, title, figure_title_size, {layout.title_x, 28}, Align::center);
    for (std::size_t k = 0; k < panels.size(); ++k) {
        const Heatmap& h = panels[k];
        const Rect& at = layout.cells[k];
        const double middle_x = at.x + at.width / 2.0, middle_y = at.y + at.height / 2.0;
        draw_cells(image, font, h, at);
        font.draw(image, h.title, title_size, {middle_x, at.y - layout.title_above}, Align::center);
        const auto row_length = static_cast<std::size_t>(layout.columns);
        const bool lowest = k + row_length >= panels.size(), leftmost = k % row_length == 0;
        if (lowest || !layout.names_alike)
            font.draw(image, h.x_label, label_size, {middle_x, at.y + at.height + tick_room + 14.0}, Align::center);
        if (leftmost || !layout.names_alike)
            font.draw_upwards(image, h.y_label, label_size, {at.x - layout.number_width - 24.0, middle_y});
    }
    const Rect& bar = layout.bar;
    draw_bar(image, font, first.colormap, first.range, bar);
    font.draw_upwards(image, first.value_label, label_size,
                      {bar.x + bar.width + 25.0 + layout.bar_numbers, bar.y + bar.height / 2.0});
    return image;
}

}    // namespace ordinal::demos::plot
