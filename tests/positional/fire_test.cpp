#include <ordinal/positional/biases/fire.h>

#include <doctest/doctest.h>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// A Fire of one head whose network is f(u) = u: what is left is the measure of distance itself.
Fire bare(double threshold, double c) {
    Rng rng(1);
    const Fire fire(1, threshold, rng);
    NdArray first = zeros({32, 1}), last = zeros({1, 32});
    first.mutable_data()[0] = last.mutable_data()[0] = 1;
    parameter_of(fire, "hidden.weight").set_values(first);
    parameter_of(fire, "hidden.bias").set_values(zeros({32}));
    parameter_of(fire, "output.weight").set_values(last);
    parameter_of(fire, "output.bias").set_values(zeros({1}));
    parameter_of(fire, "c").set_values(NdArray(Shape{}, static_cast<Scalar>(c)));
    return fire;
}

}    // namespace

TEST_CASE("FIRE measures the distance by how much text there is so far") {
    const Index T = 30;
    const NdArray u = bias_at(bare(8, 0.5), 1, T);
    for (Index i = 0; i < T; ++i)
        for (Index j = 0; j < T; ++j) {
            const auto d = static_cast<double>(std::abs(i - j)), whole = std::max(8.0, static_cast<double>(i));
            const double expected = std::log(0.5 * d + 1) / (std::log(0.5 * whole + 1) + 1e-6);
            CHECK(std::abs(static_cast<double>(u.at({0, i, j})) - expected) <= tolerance(2e-6, 1e-13));
            if (j <= i) CHECK(u.at({0, i, j}) <= 1);    // behind: within what the network has seen, at any length
        }
    CHECK(u.at({0, 29, 0}) > Scalar(0.999));
}

TEST_CASE("FIRE is translation invariant up to its threshold and no longer past it") {
    const NdArray u = bias_at(bare(8, 0.5), 1, 30);
    CHECK(u.at({0, 3, 1}) == u.at({0, 8, 6}));
    CHECK(std::abs(u.at({0, 3, 1}) - u.at({0, 20, 18})) > Scalar(0.05));
    CHECK_FALSE(bare(8, 0.5).traits().translation_invariant);
}

TEST_CASE("a negative c or L counts like a positive one for FIRE") {
    CHECK(largest_error(bias_at(bare(8, -0.5), 1, 20), bias_at(bare(8, 0.5), 1, 20)) == 0);
    const Fire zero = bare(8, 0.5);
    parameter_of(zero, "L").set_values(NdArray(Shape{}, 0));
    CHECK(all_finite(bias_at(zero, 1, 20)));    // at position 0 the whole text is nothing
}

TEST_CASE("FIRE refuses a threshold of nothing") {
    Rng rng(1);
    CHECK_THROWS_WITH_AS(Fire(2, 0, rng), "Fire: expected a threshold > 0 that fits this build's numbers, got 0",
                         OptionError);
    CHECK_THROWS_WITH_AS(bare(8, 1).score_bias(example_heads(5, 2, 4), {Positions::arange(5), Tensor()}),
                         "Fire: expected queries [B, 1, 5, Dh], got [1, 2, 5, 4]", ShapeError);
}

TEST_CASE("FIRE refuses a position that its numbers cannot hold") {
    if (is_double) return;    // there is none: positions are double
    Rng rng(1);
    const Fire fire(1, 512, rng);
    const Tensor q(zeros({1, 1, 2, 4}));
    for (const std::vector<double>& ids : {std::vector<double>{0, 4e38}, {4e38, 0}})
        CHECK_THROWS_WITH_AS(fire.score_bias({q, q, q}, {.positions = Positions::of(ids)}),
                             "Fire: position 4e+38 is too large for this build's numbers", PositionOutOfRange);
}
