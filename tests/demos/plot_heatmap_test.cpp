#include "demos/plot/heatmap.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "tests/temp_folder.h"

using namespace ordinal::demos::plot;
using ordinal::Index;
using ordinal::NdArray;
using ordinal::Scalar;
using ordinal::zeros;

namespace {

Image draw_heatmap(const Heatmap& heatmap) { return draw_grid("", {heatmap}, 1); }

// The top left pixel of the first block of width x height pixels of one colour, or {-1, -1}. (The colour bar has every
// colour, but only a line of each.)
struct Corner {
    int x = -1, y = -1;
};
Corner find_block(const Image& image, Color color, int width, int height) {
    for (int y = 0; y + height <= image.height(); ++y)
        for (int x = 0; x + width <= image.width(); ++x) {
            bool uniform = true;
            for (int v = 0; uniform && v < height; ++v)
                for (int u = 0; uniform && u < width; ++u) uniform = image.at(x + u, y + v) == color;
            if (uniform) return {x, y};
        }
    return {};
}

Index count_pixels(const Image& image, Color color) {
    Index count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) count += image.at(x, y) == color;
    return count;
}

Color diverging(double value, double strongest) {
    return color_of(value, Colormap::diverging, {-strongest, strongest});
}

}    // namespace

TEST_CASE("cell i j lies in row i and column j with its value's colour") {
    const Image image = draw_heatmap({.title = "t", .values = NdArray({2, 3}, {-4, -3, 2, 1, 3, 4}), .range = {-4, 4}});
    const Corner first = find_block(image, diverging(-4, 4), 48, 48);    // few cells: 48 pixels each
    REQUIRE(first.x > 0);
    const double values[2][3] = {{-4, -3, 2}, {1, 3, 4}};
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 3; ++j)
            for (int inside : {0, 20, 47})
                CHECK(image.at(first.x + 48 * j + inside, first.y + 48 * i + inside) == diverging(values[i][j], 4));
    CHECK(image.at(first.x - 1, first.y - 1) == ink);    // the frame
    CHECK(image.at(first.x + 3 * 48, first.y + 2 * 48) == ink);
}

TEST_CASE("zero is white and NaN grey and infinity the end of the scale") {
    const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN(), inf = std::numeric_limits<Scalar>::infinity();
    const Image image = draw_heatmap({.values = NdArray({1, 5}, {2, 0, nan, inf, -inf}), .range = {-2, 2}});
    const Corner first = find_block(image, diverging(2, 2), 48, 48);
    REQUIRE(first.x > 0);
    CHECK(image.at(first.x + 48 + 24, first.y + 24) == white);
    CHECK(image.at(first.x + 2 * 48 + 24, first.y + 24) == missing);
    CHECK(image.at(first.x + 3 * 48 + 24, first.y + 24) == diverging(2, 2));
    CHECK(image.at(first.x + 4 * 48 + 24, first.y + 24) == diverging(-2, 2));
    CHECK(count_pixels(image, missing) >= 48 * 48);
}

TEST_CASE("ninety-six rows get five whole pixels each") {
    NdArray values = zeros({96, 96});
    for (Index k = 0; k < 96; ++k) values.mutable_data()[97 * k] = k == 40 ? Scalar(1) : Scalar(-1);
    const Image image = draw_heatmap({.values = values});
    const Corner only = find_block(image, diverging(1, 1), 5, 5);
    REQUIRE(only.x > 0);
    for (int u = 0; u < 5; ++u) {
        CHECK(image.at(only.x - 5 + u, only.y - 5 + u) == diverging(-1, 1));
        CHECK(image.at(only.x + 5 + u, only.y + 5 + u) == diverging(-1, 1));
        CHECK(image.at(only.x + 5 + u, only.y + u) == white);
    }
    const int left = only.x - 40 * 5, top = only.y - 40 * 5;
    CHECK(image.at(left - 1, top - 1) == ink);
    CHECK(image.at(left + 480, top + 480) == ink);
}

TEST_CASE("panels go in reading order and the last row may be short") {
    std::vector<Heatmap> panels;
    for (int k = 1; k <= 5; ++k)
        panels.push_back({.title = "panel " + std::to_string(k),
                          .values = NdArray({1, 1}, static_cast<Scalar>(k)),
                          .range = {-5, 5}});
    const Image image = draw_grid("", panels, 3);
    std::vector<Corner> at;
    for (int k = 1; k <= 5; ++k) at.push_back(find_block(image, diverging(k, 5), 48, 48));
    for (const Corner& p : at) REQUIRE(p.x > 0);
    CHECK(at[0].y == at[2].y);
    CHECK(at[0].x < at[1].x);
    CHECK(at[1].x < at[2].x);
    CHECK(at[3].y > at[0].y + 48);
    CHECK(at[3].x == at[0].x);
    CHECK(at[4].x == at[1].x);
}

TEST_CASE("the range sets the scale") {
    const Image given = draw_heatmap({.values = NdArray({1, 2}, {0.5, 9})});    // a cosine's
    CHECK(find_block(given, diverging(0.5, 1), 48, 48).x > 0);
    CHECK(find_block(given, diverging(1, 1), 48, 48).x > 0);
    const Image spanned =
        draw_heatmap({.values = NdArray({1, 2}, {3, 5}), .colormap = Colormap::viridis, .range = {3, 5}});
    CHECK(find_block(spanned, Color{68, 1, 84}, 48, 48).x > 0);
    CHECK(find_block(spanned, Color{253, 231, 37}, 48, 48).x > 0);
}

TEST_CASE("marks are lines before their row and column and must meet an axis") {
    const Heatmap plain{.values = NdArray({4, 4}, 1)};
    Heatmap marked = plain;
    marked.marks = {3};
    const Image without = draw_heatmap(plain), with = draw_heatmap(marked);
    const Corner cells = find_block(without, diverging(1, 1), 4 * 48, 4 * 48);
    REQUIRE(cells.x > 0);
    CHECK(with.at(cells.x + 3 * 48, cells.y + 10) == ink);
    CHECK(with.at(cells.x + 10, cells.y + 3 * 48) == ink);
    CHECK(with.at(cells.x + 3 * 48 - 1, cells.y + 10) == diverging(1, 1));
    marked.marks = {5};
    CHECK_THROWS_WITH_AS(draw_heatmap(marked), "heatmap \"\": mark 5 is outside values [4, 4]", ordinal::IndexError);
}

TEST_CASE("words change the picture and a long title widens it") {
    const NdArray values({4, 4}, 1);
    const Image bare = draw_heatmap({.values = values, .x_label = "", .y_label = ""});
    const Image named = draw_heatmap({.values = values, .x_label = "key", .y_label = ""});
    const Image titled = draw_heatmap({.title = std::string(200, 'W'), .values = values});
    CHECK(count_pixels(named, white) < count_pixels(bare, white));
    CHECK(titled.width() > 200 * 10);
}

TEST_CASE("degenerate values still make a picture") {
    const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN(), most = std::numeric_limits<Scalar>::max(),
                 least = std::numeric_limits<Scalar>::denorm_min();
    for (const Colormap map : {Colormap::diverging, Colormap::viridis})
        for (const Scalar value : {Scalar(0), Scalar(7), nan, most, -most, least})
            CHECK(draw_heatmap({.values = NdArray({2, 2}, value), .colormap = map}).width() > 100);
    CHECK(draw_heatmap({.values = NdArray({2, 1}, {-most, most})}).width() > 100);
    CHECK(draw_heatmap({.values = NdArray({1, 3000}, 1)}).width() > 3000);
}

TEST_CASE("values that are no matrix are refused by name") {
    CHECK_THROWS_WITH_AS(draw_heatmap({.title = "a", .values = NdArray({3}, 1)}),
                         "heatmap \"a\": expected values [rows, columns] with at least one of each, got [3]",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(draw_heatmap({.title = "a", .values = zeros({0, 4})}),
                         "heatmap \"a\": expected values [rows, columns] with at least one of each, got [0, 4]",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(draw_heatmap({.title = "a"}),
                         "heatmap \"a\": expected values [rows, columns] with at least one of each, got []",
                         ordinal::ShapeError);
    CHECK_THROWS_AS(draw_heatmap({.values = zeros({9000, 9000})}), ordinal::ShapeError);    // too many pixels
}

TEST_CASE("options that make no sense are refused by name") {
    const NdArray one({1, 1}, 1);
    CHECK_THROWS_WITH_AS(draw_heatmap({.title = "a", .values = one, .range = Range{2, 2}}),
                         "heatmap \"a\": expected a range low < high, got 2 and 2", ordinal::OptionError);
    CHECK_THROWS_WITH_AS(draw_heatmap({.title = "a", .values = one, .tick_step = -1}),
                         "heatmap \"a\": expected tick_step >= 0, got -1", ordinal::OptionError);
    CHECK_THROWS_WITH_AS(draw_grid("g", {}, 2), "grid \"g\": expected at least one panel, got none",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(draw_grid("g", {{.values = one}}, 0), "grid \"g\": expected at least one column, got 0",
                         ordinal::OptionError);
    for (const Heatmap& other : {Heatmap{.title = "b", .values = one, .colormap = Colormap::viridis},
                                 Heatmap{.title = "b", .values = one, .range = {-1, 2}}})
        CHECK_THROWS_WITH_AS(
            draw_grid("g", {{.values = one}, other}, 2),
            "grid \"g\": panel \"b\" has another colormap or range than the first, and they share one colour bar",
            ordinal::OptionError);
}

TEST_CASE("a heatmap drawn twice has the same bytes") {
    const Heatmap heatmap{.title = "cosine", .values = NdArray({2, 2}, {1, 0, 0, 1}), .value_label = "similarity"};
    CHECK(png(draw_grid("", {heatmap}, 1)) == png(draw_grid("", {heatmap}, 1)));
}
