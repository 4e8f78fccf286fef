#include "demos/plot/chart_grid.h"

#include <doctest/doctest.h>

#include <ordinal/core/error.h>

using namespace ordinal;
using namespace ordinal::plot;

namespace {

LineChart chart(const std::string& name) {
    return {.title = "a title", .x_label = "x", .y_label = "y", .lines = {{.name = name, .x = {0, 1}, .y = {0, 1}}}};
}

bool holds(const Image& whole, const Image& part, int left, int top) {
    for (int y = 0; y < part.height(); ++y)
        for (int x = 0; x < part.width(); ++x)
            if (!(whole.at(left + x, top + y) == part.at(x, y))) return false;
    return true;
}

}    // namespace

TEST_CASE("a grid of charts holds every chart as it is drawn alone") {
    const Image plain = draw_line_chart(chart("")), named = draw_line_chart(chart("a line"));
    REQUIRE(named.width() > plain.width());
    const Image grid = draw_chart_grid("all of them", {chart(""), chart(""), chart("a line")}, 2);
    const int title = grid.height() - 2 * plain.height();
    CHECK(title > 20);
    CHECK(grid.width() == 2 * plain.width());
    CHECK(holds(grid, plain, 0, title));
    CHECK(holds(grid, plain, plain.width(), title));
    CHECK(holds(grid, named, 0, title + plain.height()));
}

TEST_CASE("a grid needs charts and columns") {
    CHECK_THROWS_WITH_AS(draw_chart_grid("none", {}, 2),
                         "chart grid: expected charts and columns of 1 or more, got 0 charts in 2 columns", ShapeError);
    CHECK_THROWS_WITH_AS(draw_chart_grid("none", {chart("")}, 0),
                         "chart grid: expected charts and columns of 1 or more, got 1 charts in 0 columns", ShapeError);
}
