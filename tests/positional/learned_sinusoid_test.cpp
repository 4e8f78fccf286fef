#include <ordinal/positional/waves/learned_sinusoid.h>

#include <doctest/doctest.h>

#include <numbers>

#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/measures/similarity.h>
#include <ordinal/positional/waves/sinusoidal.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a learned sinusoid starts as the sinusoid") {
    const Positions positions = Positions::of({0, 1, 2, 40, 0.5, -3});
    for (const double base : {10000.0, 100.0})
        CHECK(largest_error(LearnedSinusoid(16, base).vectors(positions).values(),
                            Sinusoidal(16, base).vectors(positions).values()) <= tolerance(3e-6, 1e-14));
}

TEST_CASE("a learned sinusoid depends on the distance only - whatever it has learned") {
    const LearnedSinusoid encoding(8);
    Rng rng(1);
    parameter_of(encoding, "frequency").set_values(random_normal({4}, 1, rng));
    const NdArray S = dot_similarity(encoding.vectors(Positions::arange(30)).values());
    for (Index i = 0; i + 1 < 30; ++i)
        for (Index j = 0; j + 1 < 30; ++j)
            CHECK(std::abs(static_cast<double>(S.at({i, j}) - S.at({i + 1, j + 1}))) <= tolerance(2e-5, 1e-13));
}

// d loss / d w_j = sum over k of k (cos(k w_j) d p_k[2j] - sin(k w_j) d p_k[2j+1]): written out, beside the graph's.
TEST_CASE("the gradient of a frequency has the position as a factor") {
    const LearnedSinusoid encoding(6, 50);
    const Tensor w = parameter_of(encoding, "frequency");
    Rng rng(2);
    const Tensor p = encoding.vectors(Positions::arange(12));
    const NdArray dp = random_normal({12, 6}, 1, rng);
    p.backward(dp);
    for (Index j = 0; j < 3; ++j) {
        double expected = 0;
        for (Index k = 0; k < 12; ++k) {
            const double angle = static_cast<double>(k) * static_cast<double>(w.values().at({j}));
            expected += static_cast<double>(k) * (std::cos(angle) * static_cast<double>(dp.at({k, 2 * j})) -
                                                  std::sin(angle) * static_cast<double>(dp.at({k, 2 * j + 1})));
        }
        CHECK(std::abs(static_cast<double>(w.grad().at({j})) - expected) <= tolerance(5e-5, 1e-12));
    }
}

// The claim of the header: a wave finds the beat of the text when it starts near it, and not from far away.
TEST_CASE("a wave learns a period of 12 from a start nearby but not from far away") {
    const auto learned = [](double start) {    // fit sin(k w) to sin(2 pi k / 12) at 32 positions
        const LearnedSinusoid encoding(2);
        const Tensor w = parameter_of(encoding, "frequency");
        w.set_values(NdArray({1}, static_cast<Scalar>(start)));
        NdArray target = zeros({32, 2});
        for (Index k = 0; k < 32; ++k) {
            target.mutable_data()[2 * k] =
                static_cast<Scalar>(std::sin(2 * std::numbers::pi * static_cast<double>(k) / 12));
            target.mutable_data()[2 * k + 1] =
                static_cast<Scalar>(std::cos(2 * std::numbers::pi * static_cast<double>(k) / 12));
        }
        AdamW optimizer({{"frequency", w}}, 0, {});
        for (int step = 0; step < 500; ++step) {
            const Tensor gap = encoding.vectors(Positions::arange(32)) - Tensor(target);
            optimizer.clear_gradients();
            mean(gap * gap).backward();
            optimizer.step(0.002);
        }
        return static_cast<double>(w.values().at({0}));
    };
    constexpr double beat = 2 * std::numbers::pi / 12;
    CHECK(std::abs(learned(beat + 0.1) - beat) < 0.001);
    CHECK(std::abs(learned(beat + 0.8) - beat) > 0.3);
}

TEST_CASE("a learned sinusoid refuses odd widths and frequencies that cannot be") {
    CHECK_THROWS_WITH_AS(LearnedSinusoid(5),
                         "LearnedSinusoid: expected an even width (pairs of sine and cosine), got 5", ShapeError);
    CHECK_THROWS_WITH_AS(LearnedSinusoid(4, 0),
                         "LearnedSinusoid: expected a base >= 1 (no frequency above 1 rad a step), got 0", OptionError);
    CHECK_THROWS_WITH_AS(LearnedSinusoid(4, 1e-300),
                         "LearnedSinusoid: expected a base >= 1 (no frequency above 1 rad a step), got 1e-300",
                         OptionError);
}
