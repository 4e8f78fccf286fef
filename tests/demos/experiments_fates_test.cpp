// Fates of orbits that are known: a fixed point, a cycle, a rotation that never returns.
#include "demos/experiments/sequences/fates_runs.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/random.h>
#include "demos/experiments/sequences/extrapolation_runs.h"
#include "demos/experiments/sequences/fates_report.h"

using namespace ordinal;

namespace {

// Points on the unit circle: position k at k times this angle.
NdArray circle(double angle) {
    NdArray codes = zeros({fate_positions, 2});
    for (Index k = 0; k < fate_positions; ++k) {
        codes.mutable_data()[2 * k] = static_cast<Scalar>(std::cos(angle * static_cast<double>(k)));
        codes.mutable_data()[2 * k + 1] = static_cast<Scalar>(std::sin(angle * static_cast<double>(k)));
    }
    return codes;
}

const StepDone nobody = [](double) {};

}    // namespace

TEST_CASE("five steps around a circle in fifths come back and one step does not") {
    const Fate fate = fate_of(circle(2 * std::numbers::pi / 5));
    const double side = 2 * std::sin(std::numbers::pi / 5);    // of the pentagon
    for (const Index k : {0, 100, 400}) {
        CHECK(std::abs(fate.step[static_cast<std::size_t>(k)] - side) < 1e-3);
        CHECK(fate.back[static_cast<std::size_t>(k)] < 1e-3);
    }
    CHECK(fate.period() == 5);
    CHECK(std::abs(fate.least_of(5) - side) < 1e-3);
    CHECK(fate.least_of(6) < 1e-3);
    CHECK(std::isnan(fate.nearest[0]));
}

TEST_CASE("distances are measured in lengths of a code") {
    const Fate one = fate_of(circle(1)), three = fate_of(circle(1) * Scalar(3));
    CHECK(max_abs_difference(one.distances, three.distances) < Scalar(1e-5));
}

TEST_CASE("a turn that is no fraction of the circle never comes back and no turn is a fixed point") {
    const Fate torus = fate_of(circle(std::numbers::pi * (std::sqrt(5.0) - 1)));    // the golden angle
    CHECK(torus.period() == 0);
    CHECK(torus.least_of(fate_positions) > 0.001);
    CHECK(fate_of(circle(0)).period() == 1);
}

TEST_CASE("the spectral radius of a scaled rotation and of a diagonal is their largest factor") {
    const double c = 0.7 * std::cos(1.0), s = 0.7 * std::sin(1.0);
    const auto number = [](double value) { return static_cast<Scalar>(value); };
    CHECK(std::abs(spectral_radius(NdArray({2, 2}, {number(c), number(-s), number(s), number(c)})) - 0.7) < 1e-4);
    CHECK(std::abs(spectral_radius(NdArray({2, 2}, {Scalar(-1.5), 3, 0, Scalar(0.5)})) - 1.5) < 1e-3);
    CHECK(spectral_radius(NdArray({2, 2}, {0, 1, 0, 0})) == 0);    // its square is 0
}

TEST_CASE("a smaller spectral radius has fewer distinct positions") {
    const Index few = distinct_positions(0.5, 1), more = distinct_positions(0.9, 1);
    CHECK(few > 10);
    CHECK(more > 2 * few);
    CHECK(more < most_distinct);
    CHECK(distinct_positions(0.0, 1) == 1);    // tanh(b) from the first step on
}

TEST_CASE("an untrained default RNN falls to a fixed point and a rotation does not") {
    CHECK(run_fate({default_rnn, ""}, 1, 10, nobody).period() == 1);
    CHECK(run_fate({rotation_rnn, ""}, 1, 10, nobody).period() == 0);
}

TEST_CASE("training changes the orbit and an encoding without enough added codes is refused") {
    const Fate untrained = run_fate({default_rnn, ""}, 1, 3, nobody),
               trained = run_fate({default_rnn, "mod5"}, 1, 3, nobody);
    CHECK(max_abs_difference(untrained.distances, trained.distances) > Scalar(1e-4));
    CHECK_THROWS_WITH_AS(require_codes("rnn_over_inputs"), "rnn_over_inputs: only codes that are added have a fate",
                         OptionError);
    CHECK_THROWS_WITH_AS(require_codes("table"), "table: expected 512 positions or more, got 256", OptionError);
}

TEST_CASE("the report of fates names what became of each seed") {
    FatesResults results{{{default_rnn, ""}, {rotation_rnn, "off3"}}, {1, 2}, {}, {0.5}, {{20, 26, 30}}};
    const Fate fixed = fate_of(circle(0)), torus = fate_of(circle(std::numbers::pi * (std::sqrt(5.0) - 1)));
    results.fates = {{fixed, fixed}, {torus, fate_of(circle(2 * std::numbers::pi / 4))}};
    CHECK(fates_table(results).rows[0].back() == "fixed point, fixed point");
    CHECK(fates_table(results).rows[1].back() == "nearly returns, cycle of 4");    // 256 points on a circle lie close
    Rng rng(1);
    results.fates[1] = {fate_of(random_normal({fate_positions, 64}, 1, rng))};
    CHECK(fates_table(results).rows[1].back() == "no return");
    results.fates[1] = {torus};
    const auto charts = fate_charts(results);
    CHECK(charts[0].lines[0].low == std::vector<double>(charts[0].lines[0].x.size(), 1e-9));    // 0 has no logarithm
    CHECK(distinct_table(results).rows[0] == std::vector<std::string>{"0.5", "26", "20", "30"});
    const Expectations verdict = judge_fates(results);
    CHECK(is_met(verdict.list()[0]));
    CHECK_FALSE(is_met(verdict.list()[1]));    // 256 points on a circle are not that far apart
}
