#include "demos/plot/svg_picture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

#include <ordinal/core/error.h>
#include "tests/demos/contains.h"

using namespace ordinal::demos::plot;

namespace {

LineChart chart(const std::string& line, const std::string& title = "a chart") {
    return {.title = title,
            .x_label = "x",
            .lines = {{.name = line, .x = {0, 1}, .y = {0, 1}}},
            .horizontal = {{"chance", 0.5}}};
}

// Where a text stands: the numbers of the innermost translate(x y) before it and its own x and y, added.
std::pair<double, double> place_of(const std::string& svg, const std::string& text) {
    const std::string before = svg.substr(0, svg.find(">" + text + "<"));
    std::smatch moved, own;
    const std::string group = before.substr(before.rfind("translate("));
    REQUIRE(std::regex_search(group, moved, std::regex("translate\\(([0-9.]+) ([0-9.]+)\\)")));
    const std::string element = before.substr(before.rfind("<text"));
    REQUIRE(std::regex_search(element, own, std::regex("x=\"([0-9.]+)\" y=\"([0-9.]+)\"")));
    return {std::stod(moved[1]) + std::stod(own[1]), std::stod(moved[2]) + std::stod(own[2])};
}

// Each tag that is opened is closed, in order: what a browser asks of an SVG file.
bool is_well_formed(const std::string& svg) {
    std::vector<std::string> open;
    static const std::regex tag("<(/?)([a-z]+)((?: [a-zA-Z0-9:-]+=\"[^\"<]*\")*)(/?)>");
    std::string rest;
    auto at = svg.cbegin();
    for (std::sregex_iterator match(svg.begin(), svg.end(), tag), end; match != end; ++match) {
        rest += std::string(at, (*match)[0].first);
        at = (*match)[0].second;
        if (match->length(1) > 0) {
            if (open.empty() || open.back() != (*match)[2]) return false;
            open.pop_back();
        } else if (match->length(4) == 0) {
            open.push_back((*match)[2]);
        }
    }
    static const std::regex bare("&(?!lt;|gt;|amp;|quot;)");
    return open.empty() && !contains(rest, "<") && !std::regex_search(rest, bare);
}

}    // namespace

TEST_CASE("a picture of charts is a whole SVG file with its style and a title for those who cannot see it") {
    const std::string svg = svg_picture("a < b & \"c\"", {chart("one & <two>")}, 1);
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" width=\"760\""));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(is_well_formed(svg));
    CHECK(contains(svg, "aria-label=\"a &lt; b &amp; &quot;c&quot;\""));
    CHECK(contains(svg, "class=\"title\""));
    CHECK(contains(svg, "@media (prefers-color-scheme: dark)"));
    CHECK_FALSE(contains(svg, "class=\"subtitle\""));    // one chart alone has the picture's title
    CHECK(svg == svg_picture("a < b & \"c\"", {chart("one & <two>")}, 1));
    CHECK_FALSE(is_well_formed("<svg><g></svg>"));    // this check can fail
    CHECK_FALSE(is_well_formed("<svg>a & b</svg>"));
}

TEST_CASE("charts that show the same lines share one legend below them or in the place that is free") {
    const std::string pair = svg_picture("t", {chart("a", "first"), chart("a", "second")}, 2);
    CHECK(is_well_formed(pair));
    CHECK(count(pair, "class=\"sample\"") == 2);    // the line and the reference
    CHECK(place_of(pair, "a").first < 100);
    CHECK(place_of(pair, "a").second > 300);
    const std::string three = svg_picture("t", {chart("a"), chart("a"), chart("a")}, 2);
    CHECK(count(three, "class=\"sample\"") == 2);
    CHECK(place_of(three, "a").first > 480);    // beside the third
}

TEST_CASE("charts that show different lines have a legend each") {
    const std::string svg = svg_picture("t", {chart("a", "first"), chart("b", "second")}, 2);
    CHECK(count(svg, "class=\"sample\"") == 4);
    CHECK(count(svg, "class=\"subtitle\"") == 2);
    CHECK(place_of(svg, "b").first > place_of(svg, "a").first + 400);
    CHECK(place_of(svg, "b").second == place_of(svg, "a").second);
}

TEST_CASE("a legend has as many columns as there is room for and a line without a name is not in it") {
    LineChart many;
    for (int i = 0; i < 9; ++i) many.lines.push_back({.name = "line " + std::to_string(i), .x = {1, 2}, .y = {1, 2}});
    many.lines.push_back({.x = {1, 2}, .y = {3, 4}});
    const std::string svg = svg_picture("t", {many}, 1);
    CHECK(count(svg, "class=\"sample\"") == 9);
    CHECK(place_of(svg, "line 1").second == place_of(svg, "line 0").second);
    CHECK(place_of(svg, "line 8").second == place_of(svg, "line 0").second + 22);
    many.lines[0].name = std::string(100, 'm');    // too long for two columns
    const std::string longer = svg_picture("t", {many}, 1);
    CHECK(place_of(longer, "line 2").second == place_of(longer, "line 1").second + 22);
}

TEST_CASE("a panel for a page has a name and neither title nor legend nor style") {
    const std::string svg = svg_panel(chart("a"), "<i>");
    CHECK(is_well_formed(svg));
    CHECK(svg.starts_with("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 420 300\" aria-label=\"&lt;i&gt;\">"));
    for (const char* part : {"<style", "class=\"title\"", "class=\"sample\""}) CHECK_FALSE(contains(svg, part));
}

TEST_CASE("a picture needs charts and columns") {
    CHECK_THROWS_WITH_AS(svg_picture("none", {}, 2),
                         "svg_picture: expected charts and columns of 1 or more, got 0 charts in 2 columns",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(svg_picture("none", {chart("")}, 0),
                         "svg_picture: expected charts and columns of 1 or more, got 1 charts in 0 columns",
                         ordinal::ShapeError);
}
