// Orbits that are known: a fixed point, a cycle, a rotation that never returns.
#include "demos/fates/orbit.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include <ordinal/core/nd_math.h>

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
        CHECK(std::abs(orbit.distance(k, k + 1) - side) < 1e-3);
        CHECK(orbit.distance(k, k + 5) < 1e-3);
    }
    CHECK(orbit.period() == 5);
    CHECK(std::abs(orbit.nearest_two(5) - side) < 1e-3);
    CHECK(orbit.nearest_two(6) < 1e-3);
    CHECK(orbit.nearest_earlier(0) == std::numeric_limits<double>::infinity());
    CHECK(std::abs(orbit.nearest_earlier(4) - side) < 1e-3);
    CHECK(orbit.nearest_earlier(5) < 1e-3);
}

TEST_CASE("distances are measured in lengths of a code") {
    const Orbit one = orbit_of(circle(1)), three = orbit_of(circle(1) * Scalar(3));
    CHECK(max_abs_difference(one.distances, three.distances) < Scalar(1e-5));
}

TEST_CASE("a turn that is no fraction of the circle never comes back and no turn is a fixed point") {
    const Orbit torus = orbit_of(circle(std::numbers::pi * (std::sqrt(5.0) - 1)));    // the golden angle
    CHECK(torus.period() == 0);
    CHECK(torus.nearest_two(positions) > 0.001);
    CHECK(orbit_of(circle(0)).period() == 1);
    const Orbit nothing = orbit_of(zeros({positions, 2}));    // the codes of `none`
    CHECK(nothing.period() == 1);
    CHECK(nothing.nearest_two(256) == 0);
}
