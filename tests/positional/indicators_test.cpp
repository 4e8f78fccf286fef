// The indicators: by hand on small kernels, against reference values on known codes, and on a known bug.
#include <ordinal/positional/measures/indicators.h>

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/random.h>
#include <ordinal/positional/graphs/random_walk.h>
#include <ordinal/positional/measures/similarity.h>
#include <ordinal/positional/recurrences/dense_recurrence.h>
#include <ordinal/positional/waves/sinusoidal.h>
#include "tests/core/check_near.h"
#include "tests/nn/testing.h"

using namespace ordinal;

namespace {

constexpr Scalar hidden = std::numeric_limits<Scalar>::quiet_NaN();

NdArray filled(Index rows, Index columns, const std::function<double(double, double)>& f) {
    NdArray a = zeros({rows, columns});
    for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < columns; ++j)
            a.mutable_data()[i * columns + j] = static_cast<Scalar>(f(static_cast<double>(i), static_cast<double>(j)));
    return a;
}

void check_close(double got, double expected, double tolerance) {
    INFO("got ", got, ", expected ", expected);
    CHECK(std::abs(got - expected) <= tolerance);
}

// The reference values have three digits. They were computed by a small program of their own, in double.
void check_reference(const NdArray& codes, double invariance, double near, double everywhere, double sides) {
    REQUIRE(codes.shape() == Shape{128, 64});
    const Indicators got = indicators_of(cosine_similarity(codes));
    constexpr double three_digits = 0.00051;
    check_close(got.translation_invariance, invariance, three_digits);
    check_close(got.monotonicity_8, near, three_digits);
    check_close(got.monotonicity, everywhere, three_digits);
    check_close(got.symmetry, sides, three_digits);
}

// Eigenvectors 1 to 64 of the path graph's Laplacian: v_j(k) = cos(pi j (k + 1/2) / n).
double path_eigenvector(double k, double j) { return std::cos(std::numbers::pi * j * (k + 0.5) / 128); }

}    // namespace

TEST_CASE("indicators of known codes are the reference values") {
    check_reference(Sinusoidal(64).vectors(Positions::arange(128)).values(), 1, 0.877, 0.638, 1);
    check_reference(filled(128, 64, [](double k, double j) { return path_eigenvector(k, j + 1); }), 0.993, 0.629, 0.519,
                    0.887);
    check_reference(filled(128, 64, [](double k, double j) { return path_eigenvector(k, j + 1) / (j + 1); }), 0.910, 1,
                    0.814, 0.781);
}

TEST_CASE("indicators of random walks and of an orthogonal recurrence are the reference values") {
    const Indicators walk = indicators_of(cosine_similarity(return_probabilities(128, 64)));
    check_close(walk.translation_invariance, 0.070, 0.00051);
    check_close(walk.symmetry, 0.999, 0.00051);
    // Far inside, walks differ by 2^-64 or not at all, and MONO counts which way the rounding falls. In whole numbers,
    // without any, it is 0.489 and 0.422 (half of the steps are ties). In double the reference program has 0.360 and
    // 0.328, and six other ways to sum up 0.361 .. 0.373 and 0.327 .. 0.345. Float has less: no reference.
    if constexpr (testing::is_double) {
        check_close(walk.monotonicity_8, 0.367, 0.01);
        check_close(walk.monotonicity, 0.336, 0.012);
    }
    Rng rng(1);
    NoGrad guard;
    const Indicators orbit = indicators_of(cosine_similarity(DenseRecurrence(64, 64, rng).orbit(128).values()));
    check_close(orbit.translation_invariance, 1, 0.0005);
    check_close(orbit.symmetry, 1, 0.0005);
}

// Random codes have no exact reference value. The bands hold for all of ten seeds; the value of one known seed, from
// the program of the reference values, lies inside.
TEST_CASE("indicators of fresh tables and of tanh recursions lie in their bands") {
    const auto within = [](double got, double low, double high) {
        INFO("got ", got, ", expected ", low, " .. ", high);
        CHECK((got >= low && got <= high));
    };
    NoGrad guard;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const Indicators table = indicators_of(cosine_similarity(random_normal({128, 64}, 0.02, rng)));
        within(table.translation_invariance, 0.31, 0.37);    // 0.34
        within(table.monotonicity_8, 0.53, 0.61);            // 0.57
        within(table.monotonicity, 0.49, 0.53);              // 0.51
        within(table.symmetry, 0.27, 0.33);                  // 0.30
        // p_{k+1} = tanh(W p_k), W random with a spectral radius of about rho (circular law)
        const auto recursion = [&](double rho) {
            const NdArray W = random_normal({64, 64}, rho / 8, rng);
            NdArray codes = zeros({128, 64}), p = random_normal({1, 64}, 1, rng);
            for (Index k = 0; k < 128; ++k) {
                std::copy(p.data(), p.data() + 64, codes.mutable_data() + k * 64);
                p = tanh(matmul(Tensor(p), Tensor(transpose(W)))).values();
            }
            return indicators_of(cosine_similarity(codes));
        };
        const Indicators fading = recursion(0.9), wild = recursion(1.5);
        within(fading.symmetry, 0.6, 1.0);    // 0.93; TI is 0.13 there, but it is nearly anything over seeds
        within(wild.translation_invariance, 0.2, 1.0);    // 0.49: it never settles
        within(wild.monotonicity_8, 0.3, 0.9);            // 0.58
    }
}

TEST_CASE("translation invariance finds the operator precedence slip in a sinusoid's phase") {
    // Feature i should be shifted by pi/2 (i % 2), a sine or a cosine. Without the parentheses it is (pi/2 i) % 2.
    const auto wave = [](double k, double i, double phase) {
        return std::sin(k * std::pow(10000, -2 * std::floor(i / 2) / 64) + phase);
    };
    const NdArray right =
        filled(128, 64, [&](double k, double i) { return wave(k, i, std::numbers::pi / 2 * std::fmod(i, 2)); });
    const NdArray slip =
        filled(128, 64, [&](double k, double i) { return wave(k, i, std::fmod(std::numbers::pi / 2 * i, 2)); });
    CHECK(max_abs_difference(right, Sinusoidal(64).vectors(Positions::arange(128)).values()) < Scalar(1e-4));
    CHECK(translation_invariance(cosine_similarity(right)) > 0.999);
    check_reference(slip, 0.840, 0.819, 0.589, 0.959);
}

TEST_CASE("translation invariance by hand") {
    // mean 1, squares around it 0 + 1 + 1 + 4; along the diagonal (1, 3) vary by 2, the corners alone do not
    check_close(translation_invariance(NdArray({2, 2}, {1, 0, 0, 3})), 1 - 2.0 / 6, 1e-12);
    CHECK(translation_invariance(filled(9, 9, [](double i, double j) { return std::sin(i - 2 * j + j); })) > 1 - 1e-6);
    CHECK(translation_invariance(NdArray({5, 5}, 1)) == 1);    // nothing varies
    const NdArray half = filled(6, 6, [](double i, double j) { return j > i ? static_cast<double>(hidden) : j - i; });
    check_close(translation_invariance(half), 1, 1e-12);    // hidden scores take no part
    CHECK(std::isnan(translation_invariance(NdArray({2, 2}, hidden))));
    CHECK(translation_invariance(NdArray({1, 1}, 7)) == 1);    // one number does not vary
    CHECK(translation_invariance(NdArray({2, 2}, {hidden, 7, hidden, hidden})) == 1);
    check_close(translation_invariance(NdArray({2, 2}, {hidden, 7, 5, hidden})), 1, 1e-12);    // two: each on its own
}

TEST_CASE("monotonicity counts the steps that fall") {
    const NdArray falling = filled(7, 7, [](double i, double j) { return -std::abs(i - j); });
    CHECK(monotonicity(falling, 8) == 1);
    CHECK(monotonicity(NdArray({7, 7}, 1), 8) == 0);    // equal is not less
    const NdArray turning = filled(7, 7, [](double i, double j) { return std::abs(std::abs(i - j) - 2); });
    CHECK(monotonicity(turning, 2) == 1);
    // 7 positions have 12 steps from lag 0, 10 from 1, then 8 + 6 + 4 + 2 that rise
    check_close(monotonicity(turning, 6), 22.0 / 42, 1e-12);
    const NdArray one_side = filled(4, 4, [](double i, double j) { return j > i ? static_cast<double>(hidden) : j; });
    CHECK(monotonicity(one_side, 8) == 1);
    CHECK(std::isnan(monotonicity(NdArray({1, 1}, 1), 8)));
}

TEST_CASE("symmetry compares the two sides of each position") {
    CHECK(symmetry(filled(6, 6, [](double i, double j) { return std::cos(i - j); })) > 1 - 1e-6);
    CHECK(symmetry(filled(6, 6, [](double i, double j) { return j > i ? 1.0 : 0.0; })) == 0);
    // the only pair: S[1, 0] = 1 and S[1, 2] = 3
    check_close(symmetry(NdArray({3, 3}, {0, 0, 0, 1, 0, 3, 0, 0, 0})), 1 - 2.0 / 4, 1e-12);
    CHECK(std::isnan(symmetry(NdArray({3, 3}, {1, hidden, hidden, 1, 1, hidden, 1, 1, 1}))));
}

TEST_CASE("effective rank counts orthogonal directions") {
    check_close(effective_rank(NdArray({5, 3}, 2)), 1, 1e-6);
    check_close(effective_rank(filled(6, 6, [](double i, double j) { return i == j ? 1 + i : 0; })), 6,
                1e-6);    // lengths do not matter
    check_close(effective_rank(filled(12, 3, [](double i, double j) { return std::fmod(i, 3) == j ? 1 : 0; })), 3,
                1e-6);
    CHECK(std::isnan(effective_rank(zeros({4, 2}))));
    // two directions with shares 3/4 and 1/4: e^(3/4 log 4/3 + 1/4 log 4)
    check_close(effective_rank(NdArray({4, 3}, {1, 0, 0, 1, 0, 0, 5, 0, 0, 0, 2, 0})), 1.7547653506033232, 1e-6);
    check_close(effective_rank(NdArray({2, 3}, {1, 0, 0, 0, 2, 0})), 2, 1e-6);    // fewer codes than numbers
    check_close(effective_rank(Sinusoidal(64).vectors(Positions::arange(128)).values()), 6.80, 0.005);
}

TEST_CASE("distinct positions differ from all others") {
    const NdArray codes({5, 1}, {0, 1, 1, 100, Scalar(100.05)});
    CHECK(distinct_positions(codes) == 1);    // 0 alone; 0.05 is less than a thousandth of the longest
    CHECK(distinct_positions(codes, 1e-4) == 3);
    CHECK(distinct_positions(zeros({3, 2})) == 0);
    const Scalar no_number = std::numeric_limits<Scalar>::quiet_NaN();
    CHECK(distinct_positions(NdArray(Shape{3, 2}, std::vector<Scalar>{1, 0, no_number, 0, 0, 1})) == 2);
    CHECK(distinct_positions(Sinusoidal(64).vectors(Positions::arange(128)).values()) == 128);
}

TEST_CASE("a scheme without codes has only the indicators of its kernel") {
    const Indicators got = indicators_of(NdArray({4, 4}, 1));
    CHECK(got.translation_invariance == 1);
    CHECK(got.monotonicity == 0);
    CHECK(std::isnan(got.effective_rank));
    CHECK(std::isnan(got.distinct));
    CHECK(std::isnan(got.probe_error));
    CHECK(std::isnan(got.order_error));
    CHECK(std::isnan(got.shift_error));
}

TEST_CASE("indicators refuse other shapes") {
    CHECK_THROWS_WITH_AS(translation_invariance(zeros({2, 3})),
                         "translation_invariance: expected a square matrix [T, T], got [2, 3]", ShapeError);
    CHECK_THROWS_WITH_AS(monotonicity(zeros({2}), 1), "monotonicity: expected a square matrix [T, T], got [2]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(symmetry(zeros({0, 0})), "symmetry: expected a square matrix [T, T], got [0, 0]", ShapeError);
    CHECK_THROWS_WITH_AS(effective_rank(zeros({3})), "effective_rank: expected codes [T, D], got [3]", ShapeError);
    CHECK_THROWS_WITH_AS(distinct_positions(zeros({0, 3})), "distinct_positions: expected codes [T, D], got [0, 3]",
                         ShapeError);
}

TEST_CASE("a pair of which one is hidden counts for no symmetry") {
    for (const Index column : {1, 3}) {    // on the left, on the right
        NdArray kernel({5, 5}, 1);
        kernel.set({2, column}, hidden);
        CHECK(symmetry(kernel) == 1);
    }
}
