#include "demos/gallery/compare.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/plot/png.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using Moves = std::vector<std::string>;

namespace {

Results with(Expectation expectation) {
    Results results;
    results.expectations = {std::move(expectation)};
    return results;
}

Results measured(std::vector<double> values, double tolerance = 0) {
    return with({.what = "right", .measured = std::move(values), .band = at_least(0.3), .tolerance = tolerance});
}

Results chart(std::vector<double> y, bool timings = false) {
    plot::LineChart chart{.title = "c", .y_range = plot::Range{0, 1}};
    chart.lines = {{.name = "table", .x = {1, 2}, .y = std::move(y), .low = {0.4, 0.4}, .high = {0.4, 0.5}}};
    Results results;
    results.charts = {{"c.png", "C", "", {chart}, timings}};
    return results;
}

Results table(const std::string& cell, bool timings = false) {
    Results results;
    results.tables = {{.name = "t", .columns = {"who", "right"}, .rows = {{"rnn", cell}}, .timings = timings}};
    return results;
}

}    // namespace

TEST_CASE("a mean may move as far as the seeds lie apart") {
    CHECK(what_moved(measured({0.5, 0.7}), measured({0.7, 0.9})) == Moves{});
    CHECK(what_moved(measured({0.5, 0.7}), measured({0.71, 0.91})) ==
          Moves{"right: was 0.60 [0.50 .. 0.70], is 0.81 [0.71 .. 0.91]"});
    CHECK(what_moved(measured({0.5}), measured({0.51})) == Moves{});    // one seed: the last digit shown
    CHECK(what_moved(measured({0.5}), measured({0.52})) == Moves{"right: was 0.50, is 0.52"});
}

TEST_CASE("a stated tolerance counts instead and infinity lets timings move") {
    CHECK(what_moved(measured({0.5}, 0.2), measured({0.7})) == Moves{});
    CHECK(what_moved(measured({0.5}, 0.2), measured({0.71})).size() == 1);
    CHECK(what_moved(measured({0.5}, infinity), measured({50})) == Moves{});
    CHECK(what_moved(measured({0.5}, infinity), measured({0.1})) ==
          Moves{"right: was PASS, is MISSED (0.50, now 0.10)"});
}

TEST_CASE("a changed verdict is always news") {
    CHECK(what_moved(measured({0.3}), measured({0.299})) == Moves{"right: was PASS, is MISSED (0.30, now 0.30)"});
    CHECK(what_moved(measured({0.5}), measured({std::numeric_limits<double>::quiet_NaN()})).size() == 2);
}

TEST_CASE("expectations that come and go are news") {
    Results other = measured({0.5});
    other.expectations[0].what = "wrong";
    CHECK(what_moved(measured({0.5}), other) == Moves{"right: was expected, is no more", "wrong: is new, 0.50"});
}

TEST_CASE("a point of a curve may move within its band or a fiftieth of the axis") {
    CHECK(what_moved(chart({0.4, 0.4}), chart({0.42, 0.5})) == Moves{});
    CHECK(what_moved(chart({0.4, 0.4}), chart({0.43, 0.5})) == Moves{"chart 'c', line 'table' at 1: was 0.4, is 0.43"});
    CHECK(what_moved(chart({0.4, 0.4}), chart({0.4, 0.51})).size() == 1);
    CHECK(what_moved(chart({0.4, 0.4}, true), chart({9, 9}, true)) == Moves{});
    CHECK(what_moved(chart({0.4, 0.4}), Results{}) == Moves{"chart 'C': gone, or of other parts"});
    Results other = chart({0.4, 0.4});
    other.charts[0].charts[0].lines[0].name = "rnn";
    CHECK(what_moved(chart({0.4, 0.4}), other) == Moves{"chart 'c', line 'table': other points or gone"});
}

TEST_CASE("the numbers in a table may move within their spread") {
    CHECK(what_moved(table("0.50 [0.40 .. 0.60]"), table("0.65 [0.55 .. 0.75]")) == Moves{});
    CHECK(what_moved(table("0.50 [0.40 .. 0.60]"), table("0.75 [0.60 .. 0.90]")) ==
          Moves{"table 't', rnn, right: was 0.50 [0.40 .. 0.60], is 0.75 [0.60 .. 0.90]"});
    CHECK(what_moved(table("0.50"), table("0.51")) == Moves{});
    CHECK(what_moved(table("0.50"), table("0.52")).size() == 1);
    CHECK(what_moved(table("yes"), table("no")).size() == 1);
    CHECK(what_moved(table("-0.50"), table("0.50")).size() == 1);
    CHECK(what_moved(table("7 ms", true), table("9 ms", true)) == Moves{});
    CHECK(what_moved(table("7"), Results{}) == Moves{"table 't': gone"});
}

TEST_CASE("pictures are compared by their colours") {
    const TempFolder folder;
    plot::Image image(10, 10);
    plot::save_png(folder / "a.png", image);
    CHECK(picture_difference(folder / "a.png", folder / "a.png") == 0);
    plot::fill_rect(image, {0, 0, 10, 1}, {245, 255, 255});    // a tenth of the pixels, 10 less of one colour in three
    plot::save_png(folder / "b.png", image);
    CHECK(std::abs(picture_difference(folder / "a.png", folder / "b.png") - 10.0 / 3 / 10) < 1e-12);
    plot::save_png(folder / "c.png", plot::Image(10, 11));
    CHECK(picture_difference(folder / "a.png", folder / "c.png") == 255);
    write_file(folder / "d.png", "no picture");
    CHECK_THROWS_WITH_AS(picture_difference(folder / "a.png", folder / "d.png"),
                         (folder / "d.png: expected a PNG picture, got something else; draw it again").c_str(),
                         FileError);
}
