// One chart: where things are drawn, and what they say. How charts become a picture: plot_svg_picture_test.cpp.
#include "demos/plot/svg_chart.h"

#include <doctest/doctest.h>

#include <cmath>
#include <regex>

#include <ordinal/core/error.h>
#include "tests/demos/contains.h"

using namespace ordinal::demos::plot;

namespace {

// cx and cy of the points, in order
std::vector<std::pair<double, double>> dots(const std::string& svg) {
    static const std::regex dot("class=\"point[^\"]*\" cx=\"([-0-9.]+)\" cy=\"([-0-9.]+)\"");
    std::vector<std::pair<double, double>> found;
    for (std::sregex_iterator match(svg.begin(), svg.end(), dot), end; match != end; ++match)
        found.emplace_back(std::stod((*match)[1]), std::stod((*match)[2]));
    return found;
}

constexpr Size size{420, 300};

LineChart one_line(std::vector<double> x, std::vector<double> y) {
    return {.x_label = "length", .lines = {{.name = "table", .x = std::move(x), .y = std::move(y)}}};
}

}    // namespace

TEST_CASE("a point of an SVG chart tells its numbers") {
    LineChart chart = one_line({32, 64}, {1, 0.0625});
    chart.lines[0].low = {1, 0.05};
    chart.lines[0].high = {1, 0.075};
    const std::string svg = svg_body(chart, size);
    CHECK(contains(svg, "<title>table, length 32: 1</title>"));    // no spread, no brackets
    CHECK(contains(svg, "<title>table, length 64: 0.0625 [0.05 .. 0.075]</title>"));
}

TEST_CASE("points of an SVG chart lie where the axes say") {
    auto linear = dots(svg_body(one_line({0, 1, 4}, {0, 1, 4}), size));
    REQUIRE(linear.size() == 3);
    CHECK(linear[2].first - linear[0].first == doctest::Approx(4 * (linear[1].first - linear[0].first)).epsilon(0.01));
    CHECK(linear[0].second - linear[2].second ==    // upwards is less
          doctest::Approx(4 * (linear[0].second - linear[1].second)).epsilon(0.01));
    LineChart chart = one_line({10, 100, 1000}, {1, 1, 1});
    chart.log_x = true;
    const auto log = dots(svg_body(chart, size));
    REQUIRE(log.size() == 3);
    CHECK(std::abs((log[1].first - log[0].first) - (log[2].first - log[1].first)) <= 0.11);    // one rounded digit
}

TEST_CASE("a missing number interrupts an SVG line and has no point") {
    const std::string svg = svg_body(one_line({1, 2, 3, 4}, {1, std::nan(""), 2, 3}), size);
    CHECK(dots(svg).size() == 3);
    const std::string path = svg.substr(svg.find("<path class=\"line"));
    CHECK(count(path.substr(0, path.find("/>")), "M") == 2);
    CHECK_FALSE(contains(svg, "nan"));
}

TEST_CASE("points outside the asked range are not drawn") {
    LineChart chart = one_line({1, 2, 3}, {0.5, 7, 1});
    chart.y_range = Range{0, 1};
    CHECK(dots(svg_body(chart, size)).size() == 2);
}

TEST_CASE("an SVG chart has a band and references where they are asked for") {
    LineChart chart = one_line({1, 2}, {1, 2});
    CHECK_FALSE(contains(svg_body(chart, size), "class=\"band"));
    CHECK_FALSE(contains(svg_body(chart, size), "class=\"reference"));
    chart.lines[0].low = {0, 1};
    chart.lines[0].high = {2, 3};
    chart.horizontal = {{"chance", 0.5}};
    chart.vertical = {{"trained", 1.5}};
    const std::string svg = svg_body(chart, size);
    CHECK(count(svg, "class=\"band") == 1);
    CHECK(count(svg, "class=\"reference") == 2);
    CHECK(contains(svg, ">trained</text>"));
}

TEST_CASE("the eighth line of an SVG chart has the first colour dashed") {
    LineChart chart;
    for (int i = 0; i < 8; ++i) chart.lines.push_back({.x = {1, 2}, .y = {1, 2}});
    const std::string svg = svg_body(chart, size);
    CHECK(count(svg, "\"line c0\"") == 1);
    CHECK(count(svg, "\"line c0 dash1\"") == 1);
    chart.lines[7].name = "the eighth";
    REQUIRE(legend_of(chart).size() == 1);
    CHECK(legend_of(chart)[0].name == "the eighth");
    CHECK(contains(legend_of(chart)[0].sample, "line c0 dash1"));
}

TEST_CASE("an SVG line of dots has its dots and no path and a dot in the legend") {
    LineChart chart = one_line({1, 3, 2}, {1, 2, 3});
    CHECK(contains(svg_body(chart, size), "<path class=\"line"));
    chart.lines[0].only_dots = true;
    const std::string svg = svg_body(chart, size);
    CHECK_FALSE(contains(svg, "<path class=\"line"));
    CHECK(dots(svg).size() == 3);
    CHECK(contains(legend_of(chart)[0].sample, "<circle class=\"dot c0\""));
    CHECK_FALSE(contains(legend_of(chart)[0].sample, "<line"));
    chart.lines[0] = {.name = "one point", .x = {1}, .y = {1}};
    CHECK(contains(legend_of(chart)[0].sample, "<circle class=\"dot c0\""));
}

TEST_CASE("names become text in SVG whatever they contain") {
    LineChart chart = one_line({1}, {1});
    chart.lines[0].name = "a < b & \"c\"";
    chart.y_label = "<i>";
    const std::string svg = svg_body(chart, size);
    CHECK(contains(svg, "a &lt; b &amp; &quot;c&quot;, length 1: 1"));
    CHECK(contains(svg, ">&lt;i&gt;</text>"));
}

TEST_CASE("a long SVG line shows no dots but some points tell their numbers when one points at them") {
    LineChart chart{.lines = {{}}};
    for (int i = 0; i < 1000; ++i) chart.lines[0].x.push_back(i), chart.lines[0].y.push_back(i);
    const std::string svg = svg_body(chart, size);
    CHECK(dots(svg).size() > 50);
    CHECK(dots(svg).size() <= 60);
    CHECK(count(svg, " quiet\"") == std::ssize(dots(svg)));
    CHECK(count(svg.substr(svg.find("<path class=\"line"), 20000), "L") == 999);    // and the line has them all
    chart.lines[0].only_dots = true;
    CHECK(dots(svg_body(chart, size)).size() == 1000);
}

TEST_CASE("an SVG chart may have nothing finite at all and points far away stay away") {
    for (const std::vector<double>& y : {std::vector<double>{std::nan(""), std::nan("")}, {HUGE_VAL, -HUGE_VAL}})
        CHECK(dots(svg_body(one_line({1, 2}, y), size)).empty());
    LineChart chart = one_line({1, 2}, {0.5, 1e300});
    chart.y_range = Range{0, 1};
    CHECK(contains(svg_body(chart, size), "-100000"));    // not 1e302
}

TEST_CASE("names of vertical references have room only where there are some") {
    LineChart chart = one_line({1, 2}, {0, 1});
    chart.y_range = Range{0, 1};
    const double without = dots(svg_body(chart, size))[1].second;
    chart.vertical = {{"trained", 1.5}};
    CHECK(dots(svg_body(chart, size))[1].second == without + 12);
}

TEST_CASE("an SVG chart refuses what its axes cannot show") {
    CHECK_THROWS_WITH_AS(svg_body({.title = "t"}, size), "line chart \"t\": expected at least one line, got none",
                         ordinal::ShapeError);
    LineChart chart = one_line({0, 1}, {1, 1});
    chart.log_x = true;
    CHECK_THROWS_AS(svg_body(chart, size), ordinal::OptionError);
}
