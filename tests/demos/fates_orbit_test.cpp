// Orbits that are known: a fixed point, a cycle, a rotation that never returns.
#include "demos/fates/orbit.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/random.h>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

constexpr Index positions = 512;

// Points on the unit circle: position k at k times this angle.
NdArray circle(double angle) {
    NdArray codes = zeros({positions, 2});
    for (Index k = 0; k < positions; ++k) {
        codes.mutable_data()[2 * k] = static_cast<Scalar>(std::cos(angle * static_cast<double>(k)));
        codes.mutable_data()[2 * k + 1] = static_cast<Scalar>(std::sin(angle * static_cast<double>(k)));
    }
    return codes;
}

}    // namespace

TEST_CASE("five steps around a circle in fifths come back and one step does not") {
    const Orbit orbit = orbit_of(circle(2 * std::numbers::pi / 5));
    const double side = 2 * std::sin(std::numbers::pi / 5);    // of the pentagon
    for (const Index k : {0, 100, 400}) {
        CHECK(std::abs(orbit.step[static_cast<std::size_t>(k)] - side) < 1e-3);
        CHECK(orbit.back[static_cast<std::size_t>(k)] < 1e-3);
    }
    CHECK(orbit.period() == 5);
    CHECK(std::abs(orbit.least_of(5) - side) < 1e-3);
    CHECK(orbit.least_of(6) < 1e-3);
    CHECK(std::isnan(orbit.nearest[0]));
}

TEST_CASE("distances are measured in lengths of a code") {
    const Orbit one = orbit_of(circle(1)), three = orbit_of(circle(1) * Scalar(3));
    CHECK(max_abs_difference(one.distances, three.distances) < Scalar(1e-5));
}

TEST_CASE("a turn that is no fraction of the circle never comes back and no turn is a fixed point") {
    const Orbit torus = orbit_of(circle(std::numbers::pi * (std::sqrt(5.0) - 1)));    // the golden angle
    CHECK(torus.period() == 0);
    CHECK(torus.least_of(positions) > 0.001);
    CHECK(orbit_of(circle(0)).period() == 1);
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
