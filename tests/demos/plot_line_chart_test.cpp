// What a line chart shows, whatever draws it: ranges, ticks, and what cannot be shown.
#include "demos/plot/line_chart.h"

#include <doctest/doctest.h>

#include <cmath>

#include <ordinal/core/error.h>

using namespace ordinal::demos::plot;

namespace {

Line flat(const std::string& name, double y) { return {.name = name, .x = {0, 10}, .y = {y, y}}; }

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
    std::vector<std::string> texts;
    for (const Tick& tick : ticks) texts.push_back(tick.label);
    return texts;
}

}    // namespace

TEST_CASE("a range holds lines and bands and references with a little air") {
    LineChart chart{.lines = {flat("", 1), flat("", 2)}};
    CHECK(y_axis(chart, 0, 1).range.low == doctest::Approx(1 - 0.05).epsilon(1e-12));
    CHECK(y_axis(chart, 0, 1).range.high == doctest::Approx(2 + 0.05).epsilon(1e-12));
    CHECK(x_axis(chart, 0, 1).range.low == doctest::Approx(-0.2).epsilon(1e-12));
    chart.lines[0].low = {0, 0};
    chart.lines[0].high = {1, 4};
    chart.horizontal = {{"", -1}};
    chart.vertical = {{"", 20}};
    CHECK(y_axis(chart, 0, 1).range.low == doctest::Approx(-1 - 0.25).epsilon(1e-12));
    CHECK(y_axis(chart, 0, 1).range.high == doctest::Approx(4 + 0.25).epsilon(1e-12));
    CHECK(x_axis(chart, 0, 1).range.high == doctest::Approx(20 + 0.4).epsilon(1e-12));
    chart.y_range = Range{0, 1};
    CHECK(y_axis(chart, 0, 1).range.low == 0);
    CHECK(y_axis(chart, 0, 1).range.high == 1);
}

TEST_CASE("air on a logarithmic axis is a factor") {
    LineChart chart{.lines = {{.x = {1, 100}, .y = {10, 1000}}}, .log_x = true, .log_y = true};
    CHECK(x_axis(chart, 0, 1).range.low == doctest::Approx(std::pow(100, -0.02)).epsilon(1e-12));
    CHECK(y_axis(chart, 0, 1).range.high == doctest::Approx(1000 * std::pow(100, 0.05)).epsilon(1e-12));
}

TEST_CASE("the largest and smallest numbers that there are have ticks") {
    const auto ticks = [](double from, double to, bool logarithmic) {
        const LineChart chart{
            .lines = {{.x = {from, to}, .y = {from, to}}}, .log_x = logarithmic, .log_y = logarithmic};
        std::vector<std::string> all = labels(x_axis(chart, 0, 1).ticks(4)),
                                 of_y = labels(y_axis(chart, 0, 1).ticks(4));
        CHECK(of_y.size() <= 5);
        return all;
    };
    CHECK(ticks(1e-310, 1e300, true).size() >= 3);    // their quotient is no double
    CHECK(ticks(5e-324, 5e-324, true).size() >= 2);
    CHECK(ticks(1e308, 1e308, true).size() >= 2);
    CHECK(ticks(5e-324, 5e-324, false) == std::vector<std::string>{"\u22120.5", "0", "0.5"});
    CHECK(ticks(-1e300, 1e300, false).size() >= 3);
    const LineChart narrow{.lines = {flat("", 0)}, .y_range = Range{0, 1e-310}};
    CHECK(labels(y_axis(narrow, 0, 1).ticks(2)) == std::vector<std::string>{"\u22120.5", "0", "0.5"});
}

TEST_CASE("chosen ticks are shown as they are and those outside are not") {
    LineChart chart{.lines = {{.x = {1, 225}, .y = {0, 1}}}, .log_x = true, .x_ticks = {1, 2.5, 33, 225, 900}};
    CHECK(labels(x_axis(chart, 0, 1).ticks(3)) == std::vector<std::string>{"1", "2.5", "33", "225"});
    chart.x_ticks.clear();
    CHECK(labels(x_axis(chart, 0, 1).ticks(3)) == std::vector<std::string>{"1", "10", "100"});
    chart.y_range = Range{0, 1};
    CHECK(labels(y_axis(chart, 0, 1).ticks(2)) == std::vector<std::string>{"0", "0.5", "1.0"});
}

TEST_CASE("lines that do not fit together are refused by name") {
    CHECK_THROWS_WITH_AS(check_line_chart({.title = "t"}), "line chart \"t\": expected at least one line, got none",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(check_line_chart({.lines = {{.name = "a", .x = {1, 2}, .y = {1}}}}),
                         "line \"a\": expected as many y as x and at least one, got 2 x and 1 y", ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(check_line_chart({.lines = {{.name = "a"}}}),
                         "line \"a\": expected as many y as x and at least one, got 0 x and 0 y", ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(check_line_chart({.lines = {{.name = "a", .x = {1, 2}, .y = {1, 2}, .low = {1}, .high = {}}}}),
                         "line \"a\": expected a band of 2 low and high values or none, got 1 and 0",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(
        check_line_chart({.lines = {{.name = "a", .x = {2, 1}, .y = {1, 2}, .low = {1, 2}, .high = {1, 2}}}}),
        "line \"a\": a band needs x in increasing order", ordinal::OptionError);
}

TEST_CASE("what an axis cannot show is refused by name") {
    CHECK_THROWS_WITH_AS(check_line_chart({.lines = {flat("loss", -1)}, .log_y = true}),
                         "line chart: expected positive numbers for the logarithmic y axis, got -1 in \"loss\"",
                         ordinal::OptionError);
    CHECK_THROWS_WITH_AS(check_line_chart({.lines = {flat("loss", 1)}, .log_x = true}),
                         "line chart: expected positive numbers for the logarithmic x axis, got 0 in \"loss\"",
                         ordinal::OptionError);
    CHECK_THROWS_WITH_AS(check_line_chart({.title = "t", .lines = {flat("", 1)}, .y_range = Range{1, 0}}),
                         "line chart \"t\": expected a y range low < high, got 1 and 0", ordinal::OptionError);
    CHECK_THROWS_WITH_AS(check_line_chart({.title = "t", .lines = {flat("", 1)}, .y_range = Range{0, 1e301}}),
                         "line chart \"t\": expected a y range low < high, got 0 and 1e+301", ordinal::OptionError);
    CHECK_THROWS_WITH_AS(
        check_line_chart({.title = "t", .lines = {flat("", 1)}, .log_y = true, .y_range = Range{0, 1}}),
        "line chart \"t\": expected a y range low < high and both positive, got 0 and 1", ordinal::OptionError);
}
