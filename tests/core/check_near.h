// Compares arrays, element by element.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include <ordinal/core/nd_array.h>

// Checks the shape, and |got - expected| <= tolerance (1 + |expected|) for every element.
inline void check_near(const ordinal::NdArray& got, const ordinal::NdArray& expected, double tolerance) {
    REQUIRE(got.shape() == expected.shape());
    const std::vector<ordinal::Scalar> x = got.to_vector(), y = expected.to_vector();
    double worst = 0;    // in units of the tolerance
    std::size_t where = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double a = static_cast<double>(x[i]), b = static_cast<double>(y[i]);
        const double error = std::abs(a - b) / (tolerance * (1 + std::abs(b)));
        if (!(error <= worst)) {    // written so that a NaN is the worst of all
            worst = error;
            where = i;
        }
        if (std::isnan(error)) break;
    }
    INFO("worst element: ", where, " of ", got.shape());
    CHECK(worst <= 1);
}

// Checks the shape and every element for equality, bit by bit but for the sign of zero.
inline void check_equal(const ordinal::NdArray& got, const ordinal::NdArray& expected) {
    REQUIRE(got.shape() == expected.shape());
    CHECK(got.to_vector() == expected.to_vector());
}
