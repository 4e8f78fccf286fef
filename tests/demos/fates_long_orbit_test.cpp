// Recursions whose fate and exponent can be computed by hand.
#include "demos/fates/long_orbit.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <ordinal/core/error.h>
#include <ordinal/core/random.h>
#include <ordinal/positional/registry.h>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

LongOrbit orbit_of_number(double w, double b = 0) {
    Matrix W(1, 1);
    W(0, 0) = w;
    return long_orbit({W, {b}, {0.3}});
}

TanhRecursion rotation(double angle, double factor) {
    Matrix W(2, 2);
    W(0, 0) = W(1, 1) = factor * std::cos(angle);
    W(1, 0) = factor * std::sin(angle);
    W(0, 1) = -W(1, 0);
    return {W, {0, 0}, {0.5, 0}};
}

}    // namespace

TEST_CASE("a number that flips its sign is a cycle of two whose exponent is that of the slope there") {
    double p = 1;    // p = tanh(2 p), by iteration
    for (int round = 0; round < 100; ++round) p = std::tanh(2 * p);
    const LongOrbit orbit = orbit_of_number(-2);
    CHECK(orbit.fate() == "cycle of 2");
    CHECK(orbit.nearest_return() == 2);
    CHECK(std::abs(orbit.exponent - std::log(2 * (1 - p * p))) < 1e-9);
    CHECK(std::abs(orbit.distance(4096, 4097) - 2) < 1e-9);    // from p to -p, in lengths |p|
}

TEST_CASE("a number that stays where it is is a fixed point") {
    const LongOrbit orbit = orbit_of_number(2);
    CHECK(orbit.fate() == "fixed point");
    CHECK(orbit.exponent < -0.5);
}

TEST_CASE("without a memory every push is gone at once") {
    const LongOrbit orbit = orbit_of_number(0, 1);
    CHECK(orbit.fate() == "fixed point");
    CHECK(orbit.exponent == -std::numeric_limits<double>::infinity());
}

TEST_CASE("a rotation by the golden angle is a torus on which a push stays") {
    const LongOrbit torus = long_orbit(rotation(std::numbers::pi * (std::sqrt(5.0) - 1), 1.2));
    CHECK(torus.fate() == "torus");
    CHECK(std::abs(torus.exponent) < 1e-3);
    CHECK(torus.period() == 0);
}

TEST_CASE("a rotation by a quarter is a cycle of four at the corners of a square") {
    TanhRecursion quarter = rotation(std::numbers::pi / 2, 1.2);
    quarter.start = {0.5, 0.2};
    const LongOrbit orbit = long_orbit(quarter);
    double a = 1;    // the corners are (a, a), (-a, a), ... with a = tanh(1.2 a)
    for (int round = 0; round < 1000; ++round) a = std::tanh(1.2 * a);
    CHECK(orbit.fate() == "cycle of 4");
    CHECK(std::abs(orbit.exponent - std::log(1.2 * (1 - a * a))) < 1e-9);
    CHECK(std::abs(orbit.mean_length - std::sqrt(2.0) * a) < 1e-9);
}

TEST_CASE("a large random W is chaos") {
    constexpr Index S = 32;
    Rng rng(1);
    TanhRecursion random{Matrix(S, S), std::vector<double>(S), std::vector<double>(S, 0.5)};
    for (double& number : random.W.values) number = rng.normal();    // spectral radius about sqrt(32)
    CHECK(long_orbit(random).fate() == "chaos");
}

TEST_CASE("of three numbers the two that vary are drawn and the one that rests is not") {
    Matrix W(3, 3);
    const TanhRecursion flat = rotation(1, 1.2);
    W(0, 0) = W(2, 2) = flat.W(0, 0);
    W(2, 0) = flat.W(1, 0);
    W(0, 2) = flat.W(0, 1);
    const LongOrbit orbit = long_orbit({W, {0, 1, 0}, {0.5, 0, 0}});
    const NdArray drawn = orbit.two_numbers(256);
    const Index k = LongOrbit::settled;
    const double x = static_cast<double>(drawn.at({0, 0})) - static_cast<double>(drawn.at({0, 7})),
                 y = static_cast<double>(drawn.at({1, 0})) - static_cast<double>(drawn.at({1, 7}));
    CHECK(std::abs(std::hypot(x, y) - orbit.distance(k, k + 7) * orbit.mean_length) < 1e-6);
}

TEST_CASE("the recursion of an RNN in double takes the steps that the RNN takes") {
    Rng rng(1);
    const auto rnn = make_encoding("rnn(init=orthogonal, gain=1)", {.d_model = 8}, rng);
    const TanhRecursion recursion = recursion_of(*rnn);
    const NdArray codes = rnn->vectors(Positions::arange(4)).values();
    const std::vector<double> p = recursion.next(recursion.next(recursion.next(recursion.start)));
    for (Index i = 0; i < 8; ++i)
        CHECK(std::abs(static_cast<double>(codes.at({3, i})) - p[static_cast<std::size_t>(i)]) < 1e-5);
    const auto table = make_encoding("table", {.d_model = 8}, rng);
    CHECK_THROWS_WITH_AS(recursion_of(*table), "recursion_of: expected an rnn, which has 'step.weight', got none",
                         OptionError);
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
