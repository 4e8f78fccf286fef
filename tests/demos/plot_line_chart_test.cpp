#include "demos/plot/line_chart.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "tests/temp_folder.h"

using namespace ordinal::plot;

namespace {

constexpr Color first_color{0, 114, 178}, second_color{213, 94, 0};

// The rectangle around all pixels of exactly this colour within columns 0 <= x < right.
Rect extent(const Image& image, Color color, int right) {
    int x0 = image.width(), y0 = image.height(), x1 = -1, y1 = -1;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < std::min(right, image.width()); ++x) {
            if (image.at(x, y) != color) continue;
            x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
        }
    return {x0, y0, x1 - x0 + 1, y1 - y0 + 1};
}

// How many pixels of a row have exactly this colour, and the row that has most. (The edges of letters are grey too.)
int count_in_row(const Image& image, Color color, int y) {
    int count = 0;
    for (int x = 0; x < image.width(); ++x) count += image.at(x, y) == color;
    return count;
}
int fullest_row(const Image& image, Color color) {
    int best = 0;
    for (int y = 0; y < image.height(); ++y)
        if (count_in_row(image, color, y) > count_in_row(image, color, best)) best = y;
    return best;
}

double middle_y(const Rect& rect) { return rect.y + rect.height / 2.0; }

Line flat(const std::string& name, double y) { return {.name = name, .x = {0, 10}, .y = {y, y}}; }

}    // namespace

TEST_CASE("larger values stand higher and halfway is halfway") {
    LineChart chart{.lines = {flat("", 1), flat("", 0)}, .y_range = Range{0, 1}};
    const Image image = draw_line_chart(chart);
    const Rect top = extent(image, first_color, image.width()), bottom = extent(image, second_color, image.width());
    CHECK(std::abs(middle_y(bottom) - middle_y(top) - 380) <= 1);    // the plot's height
    chart.lines[0].y = {0.5, 0.5};
    const Image halved = draw_line_chart(chart);
    CHECK(std::abs(middle_y(bottom) - middle_y(extent(halved, first_color, image.width())) - 190) <= 1);
}

TEST_CASE("on a logarithmic axis equal factors are equal distances") {
    LineChart chart{.lines = {flat("", 100), flat("", 10)}, .log_y = true, .y_range = Range{1, 100}};
    const Image image = draw_line_chart(chart);
    const double top = middle_y(extent(image, first_color, image.width()));
    const double below = middle_y(extent(image, second_color, image.width()));
    CHECK(std::abs(below - top - 190) <= 1);
}

TEST_CASE("a band tints its area and a legend names the lines right of the plot") {
    LineChart chart{.lines = {flat("", 0.5)}, .y_range = Range{0, 1}};
    const Image plain = draw_line_chart(chart);
    chart.lines[0].low = {0.2, 0.2};
    chart.lines[0].high = {0.8, 0.8};
    const Image banded = draw_line_chart(chart);
    const Rect line = extent(plain, first_color, plain.width());
    const int x = line.x + 200 - line.x % 2, y = static_cast<int>(middle_y(line));
    const int inside = y - 100, outside = y - 140;    // 0.5 + 100 / 380 < 0.8 < 0.5 + 140 / 380
    CHECK(plain.at(x, inside) != banded.at(x, inside));
    CHECK(banded.at(x, inside).blue > banded.at(x, inside).red);
    CHECK(plain.at(x, outside) == banded.at(x, outside));

    chart.lines[0].name = "table";
    const Image named = draw_line_chart(chart);
    CHECK(named.width() > banded.width() + 50);
    CHECK(extent(named, first_color, named.width()).width > extent(banded, first_color, banded.width()).width + 40);
}

TEST_CASE("references are dashed across the whole plot and widen the range") {
    LineChart chart{.lines = {flat("", 0.5)}, .horizontal = {{"", 0.2}}, .y_range = Range{0, 1}};
    const Color grey{120, 120, 120};
    const Image image = draw_line_chart(chart);
    const int dashes = fullest_row(image, grey);
    CHECK(count_in_row(image, grey, dashes) > 640 / 2);    // dashes of 5 with rounded ends and gaps of 4
    CHECK(count_in_row(image, grey, dashes) < 640 * 3 / 4);
    CHECK(std::abs(dashes + 0.5 - middle_y(extent(image, first_color, image.width())) - 0.3 * 380) <= 1.5);

    chart.y_range.reset();    // from 0.2 to 0.5 with 5 % of air on either side
    const Image wide = draw_line_chart(chart);
    const double distance = fullest_row(wide, grey) + 0.5 - middle_y(extent(wide, first_color, wide.width()));
    CHECK(std::abs(distance - 380 / 1.1) <= 1.5);
}

TEST_CASE("the eighth line has the first colour and is dashed") {
    LineChart chart{.y_range = Range{0, 9}};
    for (int k = 0; k < 8; ++k) chart.lines.push_back(flat("", k + 1));
    const Image image = draw_line_chart(chart);
    const Rect both = extent(image, first_color, image.width());
    CHECK(std::abs(both.height - 7.0 / 9 * 380) < 12);    // from the first line to the eighth
    int first_gaps = 0, eighth_gaps = 0;
    const int eighth = static_cast<int>(both.y + 3), first = static_cast<int>(both.y + both.height - 4);
    for (int x = both.x + 10; x < both.x + both.width - 10; ++x) {
        first_gaps += image.at(x, first) != first_color;
        eighth_gaps += image.at(x, eighth) != first_color;
    }
    CHECK(first_gaps == 0);
    CHECK(eighth_gaps > 100);
}

TEST_CASE("a line may have gaps or one point or nothing finite at all") {
    const double nan = std::nan("");
    for (const std::vector<double>& y : {std::vector<double>{1, nan, 3}, {nan, nan, nan}, {HUGE_VAL, 1, -HUGE_VAL}})
        for (bool logarithmic : {false, true}) {
            if (logarithmic && y[2] == -HUGE_VAL) continue;
            const LineChart chart{.lines = {{.x = {1, 2, 3}, .y = y}}, .log_x = logarithmic, .log_y = logarithmic};
            CHECK(draw_line_chart(chart).width() > 640);
        }
    const Image dot = draw_line_chart({.lines = {{.x = {5}, .y = {5}}}});
    CHECK(extent(dot, first_color, dot.width()).width >= 5);
    CHECK(extent(dot, first_color, dot.width()).width <= 8);
}

TEST_CASE("a line of dots is not joined and its sample in the legend is a dot") {
    LineChart chart{.lines = {{.x = {0, 10}, .y = {0, 1}}}, .y_range = Range{0, 1}};
    const auto ink_of = [&] {
        const Image image = draw_line_chart(chart);
        int inked = 0;
        for (int y = 0; y < image.height(); ++y) inked += count_in_row(image, first_color, y);
        return inked;
    };
    CHECK(ink_of() > 700);    // along a diagonal of 640 by 380
    chart.lines[0].only_dots = true;
    CHECK(ink_of() < 120);    // two dots of 7 pixels
    CHECK(ink_of() > 30);
    chart.lines[0].name = "a";
    CHECK(ink_of() < 180);    // and a third one
    chart.lines = {{.only_dots = true}};
    for (int i = 0; i < 100; ++i) chart.lines[0].x.push_back(i), chart.lines[0].y.push_back(0.5);
    CHECK(ink_of() > 1000);    // many dots are drawn, too
}

TEST_CASE("lines that do not fit together are refused by name") {
    CHECK_THROWS_WITH_AS(draw_line_chart({.title = "t"}), "line chart \"t\": expected at least one line, got none",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(draw_line_chart({.lines = {{.name = "a", .x = {1, 2}, .y = {1}}}}),
                         "line \"a\": expected as many y as x and at least one, got 2 x and 1 y", ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(draw_line_chart({.lines = {{.name = "a"}}}),
                         "line \"a\": expected as many y as x and at least one, got 0 x and 0 y", ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(draw_line_chart({.lines = {{.name = "a", .x = {1, 2}, .y = {1, 2}, .low = {1}, .high = {}}}}),
                         "line \"a\": expected a band of 2 low and high values or none, got 1 and 0",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(
        draw_line_chart({.lines = {{.name = "a", .x = {2, 1}, .y = {1, 2}, .low = {1, 2}, .high = {1, 2}}}}),
        "line \"a\": a band needs x in increasing order", ordinal::OptionError);
}

TEST_CASE("what an axis cannot show is refused by name") {
    CHECK_THROWS_WITH_AS(draw_line_chart({.lines = {flat("loss", -1)}, .log_y = true}),
                         "line chart: expected positive numbers for the logarithmic y axis, got -1 in \"loss\"",
                         ordinal::OptionError);
    CHECK_THROWS_WITH_AS(draw_line_chart({.lines = {flat("loss", 1)}, .log_x = true}),
                         "line chart: expected positive numbers for the logarithmic x axis, got 0 in \"loss\"",
                         ordinal::OptionError);
    CHECK_THROWS_WITH_AS(draw_line_chart({.title = "t", .lines = {flat("", 1)}, .y_range = Range{1, 0}}),
                         "line chart \"t\": expected a y range low < high, got 1 and 0", ordinal::OptionError);
    CHECK_THROWS_WITH_AS(draw_line_chart({.title = "t", .lines = {flat("", 1)}, .log_y = true, .y_range = Range{0, 1}}),
                         "line chart \"t\": expected a y range low < high and both positive, got 0 and 1",
                         ordinal::OptionError);
}

TEST_CASE("a line chart saved twice has the same bytes and no other file remains") {
    const TempFolder folder;
    const LineChart chart{.title = "Loss", .x_label = "step", .y_label = "loss", .lines = {flat("a", 1), flat("b", 2)}};
    save_line_chart(folder / "a.png", chart);
    save_line_chart(folder / "b.png", chart);
    CHECK(ordinal::read_file(folder / "a.png") == ordinal::read_file(folder / "b.png"));
    CHECK(folder.file_count() == 2);
}
