// Every rung of the ladder computes the same product; how fast is shown by the demo, not judged here.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/random.h>
#include "demos/ladder/ladder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

std::vector<Scalar> random_numbers(Index count, Rng& rng) {
    std::vector<Scalar> numbers(static_cast<std::size_t>(count));
    for (Scalar& x : numbers) x = static_cast<Scalar>(rng.uniform(-1, 1));
    return numbers;
}

constexpr std::size_t guarded = 40;    // numbers after the end of C that must stay as they are

void check_against_naive(const Rung& rung, Index m, Index n, Index k, Rng& rng) {
    const std::vector<Scalar> A = random_numbers(m * k, rng), B = random_numbers(k * n, rng);
    const auto size = static_cast<std::size_t>(m * n);
    std::vector<Scalar> expected(size);
    std::vector<Scalar> got(size + guarded, std::numeric_limits<Scalar>::quiet_NaN());    // what was there is lost
    std::fill(got.begin() + m * n, got.end(), Scalar(7));
    naive_gemm(m, n, k, {A.data(), k, 1}, {B.data(), n, 1}, expected.data(), n);
    rung.multiply(m, n, k, A.data(), B.data(), got.data());
    double worst = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const double error = std::abs(static_cast<double>(got[i]) - static_cast<double>(expected[i]));
        if (!(error <= worst)) worst = error;    // NaN is the worst
    }
    INFO(rung.name, ": m ", m, ", n ", n, ", k ", k);
    // Rounding of k additions in two orders: about k epsilon / 6, see gemm_test.cpp. A missing product is about 1/4.
    CHECK(worst <= 2 * static_cast<double>(k) * std::numeric_limits<Scalar>::epsilon());
    CHECK(std::vector<Scalar>(got.begin() + m * n, got.end()) == std::vector<Scalar>(guarded, Scalar(7)));
}

}    // namespace

TEST_CASE("every rung of the ladder is the naive product for random shapes") {
    Rng rng(1);
    for (const Rung& rung : ladder_rungs())
        for (int repetition = 0; repetition < 60; ++repetition)
            check_against_naive(rung, 1 + rng.below(40), 1 + rng.below(80), 1 + rng.below(80), rng);
}

TEST_CASE("every rung of the ladder is right across the borders of its blocks") {
    Rng rng(2);
    for (const Rung& rung : ladder_rungs()) {
        for (Index k : {31, 32, 33, 255, 256, 257}) check_against_naive(rung, 5, 37, k, rng);
        for (Index n : {255, 256, 257, 600}) check_against_naive(rung, 9, n, 35, rng);
        for (Index m : {1, 7, 8, 9, 16}) check_against_naive(rung, m, 33, 20, rng);
    }
}

TEST_CASE("the rungs move right on the roofline once the sums stay in registers") {
    const std::vector<Rung> rungs = ladder_rungs();
    REQUIRE(rungs.size() == 7);
    CHECK(rungs[0].flop_per_byte() == 1.0 / sizeof(Scalar));    // two operations on two numbers read
    for (std::size_t i = 1; i < 4; ++i) CHECK(rungs[i].flop_per_byte() == 2 / (3.0 * sizeof(Scalar)));
    for (std::size_t i = 4; i < 7; ++i) CHECK(rungs[i].flop_per_byte() > 2 * rungs[0].flop_per_byte());
    for (std::size_t i = 0; i < 7; ++i) CHECK(rungs[i].all_threads == (i == 6));
}

TEST_CASE("both ways of every pair come to the same numbers") {
    for (const Pair& pair : ladder_pairs(70)) {    // 70: attention has a second, shorter block of rows
        const NdArray plain = pair.plain(), fast = pair.fast();
        INFO(pair.what);
        REQUIRE(plain.shape() == fast.shape());
        const double largest = std::max(1.0, static_cast<double>(max_abs_difference(plain, NdArray(plain.shape()))));
        CHECK(max_abs_difference(plain, fast) <= 1e-5 * largest);    // exp_of alone: 1e-7 of e^9
        CHECK(max_abs_difference(plain, NdArray(plain.shape())) > 0);
    }
}
