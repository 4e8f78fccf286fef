#include <ordinal/positional/measures/similarity.h>

#include <doctest/doctest.h>

#include <numbers>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// C[i, j] = f(j - i)
template <class F>
NdArray by_distance(Index T, F f) {
    NdArray C = zeros({T, T});
    for (Index i = 0; i < T; ++i)
        for (Index j = 0; j < T; ++j) C.mutable_data()[i * T + j] = static_cast<Scalar>(f(j - i));
    return C;
}

constexpr double rounding_of_means = tolerance(1e-6, 1e-14);    // means over at most 1000 numbers of size 1

}    // namespace

TEST_CASE("dot and cosine similarity by hand") {
    const NdArray codes({3, 2}, {3, 4, 0, 2, 0, 0});
    CHECK(dot_similarity(codes).to_vector() == std::vector<Scalar>{25, 8, 0, 8, 4, 0, 0, 0, 0});
    // |p| = 5, 2, 0; a zero vector is similar to nothing
    CHECK(largest_error(cosine_similarity(codes), NdArray({3, 3}, {1, Scalar(0.8), 0, Scalar(0.8), 1, 0, 0, 0, 0})) <=
          rounding_of_means);
    CHECK_THROWS_WITH_AS(dot_similarity(zeros({3})), "dot_similarity: expected codes [T, D], got [3]", ShapeError);
    CHECK_THROWS_WITH_AS(cosine_similarity(zeros({3})), "cosine_similarity: expected codes [T, D], got [3]",
                         ShapeError);
}

TEST_CASE("mean_by_lag averages the diagonals above the main one") {
    const NdArray C({3, 3}, {1, 2, 3, 9, 5, 6, 9, 9, 7});
    CHECK(largest_error(mean_by_lag(C), NdArray({3}, {Scalar(13.0 / 3), 4, 3})) <= rounding_of_means);
    CHECK_THROWS_WITH_AS(mean_by_lag(zeros({0, 0})), "mean_by_lag: expected a square matrix [T, T], got [0, 0]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(mean_by_lag(zeros({2, 3})), "mean_by_lag: expected a square matrix [T, T], got [2, 3]",
                         ShapeError);
}

TEST_CASE("a perfect rhythm has all of its power at the harmonics") {
    const PeriodScore beat = period_score(by_distance(48, [](Index lag) { return lag % 6 == 0 ? 1 : 0; }), 6);
    CHECK(std::abs(beat.score - 1) <= rounding_of_means);
    CHECK(std::abs(beat.harmonics - 1) <= rounding_of_means);
    const auto wave =
        by_distance(48, [](Index lag) { return std::cos(std::numbers::pi * static_cast<double>(lag) / 3); });
    const PeriodScore smooth = period_score(wave, 6);
    CHECK(smooth.score > 1);    // 1 minus a mean below 0
    CHECK(std::abs(smooth.harmonics - 1) <= rounding_of_means);
    CHECK(period_score(wave, 8).harmonics < 0.2);    // the wrong period; 40 lags hold 6.7 waves, a little leaks
    CHECK(period_score(wave, 8).score < 0.3);
}

TEST_CASE("codes without a rhythm score about 0") {
    double harmonics = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        Rng rng(seed);
        const PeriodScore noise = period_score(cosine_similarity(random_normal({48, 32}, 1, rng)), 6);
        // Means of 2 * 147 pairs in phase of cosines that deviate by 1/sqrt(32): 0.0146 for 147 different ones; 4 of
        // these
        CHECK(std::abs(noise.score) < 0.06);
        harmonics += noise.harmonics / 10;
    }
    CHECK(harmonics < 0.4);    // 3 of 21 frequencies: 0.14 on average if all were alike
    const PeriodScore flat = period_score(NdArray({48, 48}, 1), 6);
    CHECK(flat.score == 0);
    CHECK(flat.harmonics < 0.01);    // rounding_of_means alone, held against a power of 1e-9
}

TEST_CASE("a trend is no rhythm") {
    const PeriodScore trend =
        period_score(by_distance(48, [](Index lag) { return 1 - std::abs(static_cast<double>(lag)) / 48; }), 6);
    CHECK(std::abs(trend.score) < 0.15);
    CHECK(trend.harmonics < 0.1);
}

TEST_CASE("period_score agrees with torch") {
    // P[k, j] = (3k + 5j + k k j) mod 7 - 3, + 2 where k mod 4 = j: 18 codes of 5 numbers; C = their cosines.
    // The figures: torch 1.13.0a0 (Debian's python3-torch) in float64, written down in November 2026, from
    //     score     = C[(D % T == 0) & (D > 0)].mean() - C[D % T != 0].mean()          D = |i - j|
    //     z         = [C.diagonal(lag).mean() for lag in 1 .. 18 - T], cut to whole periods, minus its mean
    //     harmonics = S[n/T], S[2n/T], ... over all of S = abs(torch.fft.rfft(z))**2
    NdArray P = zeros({18, 5});
    for (Index k = 0; k < 18; ++k)
        for (Index j = 0; j < 5; ++j)
            P.mutable_data()[k * 5 + j] =
                static_cast<Scalar>((3 * k + 5 * j + k * k * j) % 7 - 3 + (k % 4 == j ? 2 : 0));
    const NdArray C = cosine_similarity(P);
    CHECK(std::abs(static_cast<double>(C.at({0, 5})) - 0.45226701686664544) <= rounding_of_means);
    struct Expected {
        Index period;
        double score, harmonics;
    };
    for (const Expected& torch :
         {Expected{3, -0.16071369243233674, 0.11462612242443702}, Expected{4, 0.08576677891727649, 0.35608864143001046},
          Expected{6, -0.08223182090766806, 0.3662941657988521}}) {
        const PeriodScore ours = period_score(C, torch.period);
        CHECK(std::abs(ours.score - torch.score) <= rounding_of_means);
        CHECK(std::abs(ours.harmonics - torch.harmonics) <= 10 * rounding_of_means);    // a ratio of sums of squares
    }
}

TEST_CASE("period_score explains what it cannot measure") {
    CHECK_THROWS_WITH_AS(period_score(zeros({2, 3}), 2), "period_score: expected a square matrix [T, T], got [2, 3]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(period_score(zeros({17, 17}), 6),
                         "period_score: a period of 6 does not fit three times into 17 positions", ShapeError);
    CHECK_THROWS_WITH_AS(period_score(zeros({18, 18}), 1),
                         "period_score: a period of 1 does not fit three times into 18 positions", ShapeError);
}

TEST_CASE("the angle between codes is the same for codes of any size") {
    Rng rng(1);
    const NdArray codes = random_normal({6, 4}, 1, rng), C = cosine_similarity(codes);
    for (const double size : {1e-25, 1e25})    // their squares are no floats
        CHECK(largest_error(cosine_similarity(codes * static_cast<Scalar>(size)), C) <= rounding_of_means);
    NdArray broken = codes;
    broken.mutable_data()[5] = std::numeric_limits<Scalar>::quiet_NaN();
    CHECK(std::isnan(cosine_similarity(broken).at({1, 0})));
    CHECK(std::abs(cosine_similarity(broken).at({2, 0}) - C.at({2, 0})) <= rounding_of_means);
}
