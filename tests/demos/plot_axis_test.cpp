#include "demos/plot/axis.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

using namespace ordinal::demos::plot;

namespace {

std::string labels_of(const std::vector<Tick>& ticks) {
    std::string all;
    for (const Tick& tick : ticks) all += (all.empty() ? "" : " ") + tick.label;
    return all;
}

Axis logarithmic(const Range& range) { return {.range = range, .logarithmic = true}; }

}    // namespace

TEST_CASE("ticks are round numbers inside the range") {
    CHECK(labels_of(Axis{{-1, 1}}.ticks(5)) == "\u22121.0 \u22120.5 0 0.5 1.0");
    CHECK(labels_of(Axis{{0.03, 0.97}}.ticks(5)) == "0.2 0.4 0.6 0.8");
    CHECK(labels_of(Axis{{0, 500}}.ticks(10)) == "0 50 100 150 200 250 300 350 400 450 500");
    CHECK(labels_of(Axis{{0, 3e-6}}.ticks(3)) == "0 1e\u22126 2e\u22126 3e\u22126");
    CHECK(labels_of(Axis{{0, 5e7}}.ticks(5)) == "0 1e7 2e7 3e7 4e7 5e7");
    CHECK(labels_of(Axis{{1.25e-5, 1.75e-5}}.ticks(5)) ==
          "1.3e\u22125 1.4e\u22125 1.5e\u22125 1.6e\u22125 1.7e\u22125");
}

TEST_CASE("a step is rounded up to 1 or 2 or 5 times a power of ten") {
    CHECK(nice_step(1) == 1);
    CHECK(nice_step(1.1) == 2);
    CHECK(nice_step(2.5) == 5);
    CHECK(nice_step(70) == 100);
    CHECK(std::abs(nice_step(0.013) - 0.02) < 1e-15);
}

TEST_CASE("a logarithmic axis ticks 1 2 5 or powers of ten or round numbers within a decade") {
    CHECK(labels_of(logarithmic({1, 100}).ticks(10)) == "1 2 5 10 20 50 100");
    CHECK(labels_of(logarithmic({0.001, 1000}).ticks(8)) == "0.001 0.01 0.1 1 10 100 1000");
    CHECK(labels_of(logarithmic({1e-6, 1e6}).ticks(5)) == "1e\u22126 0.001 1 1000 1000000");
    CHECK(labels_of(logarithmic({32, 38}).ticks(4)) == "32 34 36 38");
}

TEST_CASE("row and column ticks are whole and below the size") {
    CHECK(labels_of(index_ticks(96, 0, 8)) == "0 20 40 60 80");
    CHECK(labels_of(index_ticks(96, 12, 8)) == "0 12 24 36 48 60 72 84");
    CHECK(labels_of(index_ticks(5, 0, 8)) == "0 1 2 3 4");
    CHECK(labels_of(index_ticks(1, 0, 8)) == "0");
}

TEST_CASE("an axis maps its range onto its pixels in either direction and linearly in the logarithm") {
    const Axis up{{-1, 1}, 100, 0};
    CHECK(up.pixel(-1) == 100);
    CHECK(up.pixel(0) == 50);
    CHECK(up.pixel(1) == 0);
    const Axis logarithmic{{1, 10000}, 0, 400, true};
    CHECK(std::abs(logarithmic.pixel(100) - 200) < 1e-9);
    CHECK(std::abs(up.pixel(1e300)) < 1e6);
    CHECK(std::isnan(up.pixel(std::nan(""))));
}

TEST_CASE("a range grows by finite values only and never stays empty or a point") {
    Range range = empty_range;
    for (double value : {2.0, std::nan(""), std::numeric_limits<double>::infinity(), -3.0})
        range = including(range, value);
    CHECK(range.low == -3);
    CHECK(range.high == 2);
    CHECK(at_least_some(range).low == -3);
    CHECK(at_least_some(empty_range).low == 0);
    CHECK(at_least_some(empty_range).high == 1);
    CHECK(at_least_some({4, 4}).low == 2);
    CHECK(at_least_some({4, 4}).high == 6);
    CHECK(at_least_some({0, 0}).low == -0.5);
    CHECK(at_least_some({5e-324, 5e-324}).high == 0.5);    // no step could be counted in
    CHECK(at_least_some({0, 1e-310}).high == 0.5);
}
