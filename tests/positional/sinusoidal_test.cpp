#include <ordinal/positional/waves/sinusoidal.h>

#include <doctest/doctest.h>

#include <numbers>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// The largest difference along a diagonal of S = P P^T: 0 when products depend on the distance only.
double products_depart_from_toeplitz(const NdArray& codes) {
    const NdArray S = matmul(codes, transpose(codes));
    double largest = 0;
    for (Index i = 0; i + 1 < S.dim(0); ++i)
        for (Index j = 0; j + 1 < S.dim(1); ++j)
            largest = std::max(largest, std::abs(static_cast<double>(S.at({i + 1, j + 1}) - S.at({i, j}))));
    return largest;
}

// Positions up to k: the angle k w_j is rounded once in w_j (relatively about 1e-16 times the exponent ln(1 / w_j),
// which is at most 9.2) and once in the product; then the result is rounded to Scalar.
double angle_rounding(double k) { return tolerance(6.1e-8, 2e-16) + 1.5e-15 * k; }

}    // namespace

TEST_CASE("the sinusoid is the published formula - also far out") {
    const Index width = 64;
    const Sinusoidal encoding(width);
    for (const Index start : {Index(0), Index(10000), Index(100000), Index(999990)}) {
        const NdArray P = encoding.vectors(Positions::arange(10, start)).values();
        for (Index t = 0; t < 10; ++t)
            for (Index i = 0; i < width; ++i) {
                const long double k = static_cast<long double>(start + t), pair = static_cast<long double>(i / 2 * 2);
                const long double angle = k / std::pow(10000.0L, pair / static_cast<long double>(width));
                const long double expected = i % 2 == 0 ? std::sin(angle) : std::cos(angle);
                CHECK(std::abs(static_cast<long double>(P.at({t, i})) - expected) <=
                      angle_rounding(static_cast<double>(k)));
            }
    }
}

TEST_CASE("the base is an option of the sinusoid") {
    const NdArray P = Sinusoidal(4, 100).vectors(Positions::of({3})).values();
    CHECK(std::abs(static_cast<double>(P.at({0, 2})) - std::sin(0.3)) <=
          angle_rounding(3));    // w_1 = 100^(-2/4) = 0.1
    CHECK_THROWS_WITH_AS(Sinusoidal(4, 0), "Sinusoidal: expected a base >= 1 (no frequency above 1 rad a step), got 0",
                         OptionError);
    CHECK_THROWS_WITH_AS(Sinusoidal(4, 1e-300),
                         "Sinusoidal: expected a base >= 1 (no frequency above 1 rad a step), got 1e-300", OptionError);
}

TEST_CASE("the product of two sinusoidal codes depends on their distance only") {
    const Index width = 32;
    const Sinusoidal encoding(width);
    const NdArray near = encoding.vectors(Positions::arange(60)).values();
    const NdArray far = encoding.vectors(Positions::arange(60, 5000)).values();
    const double rounding = tolerance(1e-5, 1e-13) + 1.5e-15 * 5060 * 16;    // 32 roundings of sums up to 16; angles
    CHECK(products_depart_from_toeplitz(near) <= rounding);
    CHECK(products_depart_from_toeplitz(far) <= rounding);
    const NdArray S = matmul(near, transpose(far));
    for (Index i = 0; i < 60; ++i)
        for (Index j = 0; j < 60; ++j) {
            double expected = 0;    // sum_j cos(distance w_j)
            for (Index c = 0; c < width / 2; ++c)
                expected += std::cos(static_cast<double>(5000 + j - i) * encoding.frequency(c));
            CHECK(std::abs(static_cast<double>(S.at({i, j})) - expected) <= rounding);
        }
    const NdArray symmetric = matmul(near, transpose(near));
    CHECK(largest_error(transpose(symmetric), symmetric) <= tolerance(1e-6, 1e-15));
}

TEST_CASE("translation invariance catches a slip of precedence that a range check lets pass") {
    // One formula for both columns is sin(angle + pi/2 (i mod 2)). A shipped library computed (pi/2 i) mod 2.
    const Index width = 32;
    const Sinusoidal encoding(width);
    const auto codes = [&](auto phase) {
        NdArray P = zeros({40, width});
        for (Index k = 0; k < 40; ++k)
            for (Index i = 0; i < width; ++i)
                P.mutable_data()[k * width + i] =
                    static_cast<Scalar>(std::sin(static_cast<double>(k) * encoding.frequency(i / 2) + phase(i)));
        return P;
    };
    const NdArray right = codes([](Index i) { return std::numbers::pi / 2 * static_cast<double>(i % 2); });
    const NdArray wrong = codes([](Index i) { return std::fmod(std::numbers::pi / 2 * static_cast<double>(i), 2); });
    CHECK(largest_error(encoding.vectors(Positions::arange(40)).values(), right) <=
          angle_rounding(40) + tolerance(6e-8, 1e-15));
    CHECK(products_depart_from_toeplitz(right) <= tolerance(1e-5, 1e-13));
    CHECK(products_depart_from_toeplitz(wrong) > 1);         // of sums that are 16 on the diagonal
    CHECK(largest_error(wrong, zeros({40, width})) <= 1);    // all within -1 to 1: a range check sees nothing
}

TEST_CASE("a shift by k is one fixed rotation of every sinusoidal code") {
    const Index width = 16;
    const Sinusoidal encoding(width);
    for (const double k : {1.0, 7.0, 100.0, 0.5}) {
        NdArray M = zeros({width, width});    // p_{t+k} = M p_t, whatever t is
        for (Index j = 0; j < width / 2; ++j) {
            const auto c = static_cast<Scalar>(std::cos(k * encoding.frequency(j)));
            const auto s = static_cast<Scalar>(std::sin(k * encoding.frequency(j)));
            Scalar* block = M.mutable_data() + 2 * j * width + 2 * j;
            block[0] = c;
            block[1] = s;
            block[width] = -s;
            block[width + 1] = c;
        }
        for (const Index start : {Index(0), Index(1000)}) {
            const Positions positions = Positions::arange(20, start);
            const NdArray moved = matmul(encoding.vectors(positions).values(), transpose(M));
            const NdArray expected = encoding.vectors(positions.shifted(k)).values();
            CHECK(largest_error(moved, expected) <= tolerance(3e-7, 1e-15) + 1.5e-15 * 1120);    // 4 roundings; angles
        }
    }
}

TEST_CASE("the orbit of the rotation is the direct formula for thousands of positions") {
    const Index width = 32, count = 5000;
    const Sinusoidal encoding(width);
    const NdArray direct = encoding.vectors(Positions::arange(count)).values(), orbit = encoding.orbit(count);
    double worst = 0;    // in units of what is allowed: each of k rotations may add four roundings of a double
    for (Index k = 0; k < count; ++k)
        for (Index i = 0; i < width; ++i)
            worst = std::max(worst, std::abs(static_cast<double>(direct.at({k, i}) - orbit.at({k, i}))) /
                                        (tolerance(6.1e-8, 2e-16) + 1e-15 * static_cast<double>(k)));
    CHECK(worst <= 1);
}

TEST_CASE("positions of a sinusoid may be fractional or negative") {
    const Sinusoidal encoding(8);
    const NdArray P = encoding.vectors(Positions::of({2.5, -3})).values();
    CHECK(std::abs(static_cast<double>(P.at({0, 0})) - std::sin(2.5)) <= angle_rounding(3));
    CHECK(std::abs(static_cast<double>(P.at({1, 0})) - std::sin(-3.0)) <= angle_rounding(3));
}

TEST_CASE("a sinusoid needs pairs and is explained from 0 on") {
    CHECK_THROWS_WITH_AS(Sinusoidal(5), "Sinusoidal: expected an even width (pairs of sine and cosine), got 5",
                         ShapeError);
    CHECK_THROWS_WITH_AS(Sinusoidal(0), "Sinusoidal: expected an even width (pairs of sine and cosine), got 0",
                         ShapeError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(Sinusoidal(4).explain(-1, out),
                         "Sinusoidal: positions are explained step by step, from 0 to 999999, got -1",
                         PositionOutOfRange);
}
