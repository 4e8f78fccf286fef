// Positions far away, texts of a million tokens, and decays near 1: what a float can hold is still right there.
#include <doctest/doctest.h>

#include <ordinal/positional/biases/cope.h>
#include <ordinal/positional/biases/fire.h>
#include <ordinal/positional/biases/forgetting.h>
#include <ordinal/positional/biases/kerple.h>
#include <ordinal/positional/recurrences/linear_recurrence.h>
#include <ordinal/positional/rotations/rotary.h>
#include <ordinal/positional/waves/learned_sinusoid.h>
#include <ordinal/positional/waves/sinusoidal.h>
#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

const std::vector<double> far_positions{1e4, 1e6, 12345678.0, 1e9, -1e9, 1.7e18};
const double rounding_of_sines = tolerance(6.1e-8, 2e-16);    // of the sine itself; the angle is the same double

double number(const NdArray& a, Index t, Index i) { return static_cast<double>(a.at({t, i})); }

}    // namespace

TEST_CASE("sines and cosines are right at any position") {
    const Sinusoidal fixed(16);
    const LearnedSinusoid learned(16);
    const NdArray w = parameter_of(learned, "frequency").values();
    const NdArray P = fixed.vectors(Positions::of(far_positions)).values(),
                  Q = learned.vectors(Positions::of(far_positions)).values();
    const NdArray ones = concat({NdArray(Shape{1, 1, 6, 1}, 1), zeros({1, 1, 6, 1})}, 3);    // the pair (1, 0)
    for (Index t = 0; t < 6; ++t)
        for (Index j = 0; j < 8; ++j) {
            const double k = far_positions[static_cast<std::size_t>(t)];
            CAPTURE(k);
            CHECK(std::abs(number(P, t, 2 * j) - std::sin(k * fixed.frequency(j))) <= rounding_of_sines);
            CHECK(std::abs(number(P, t, 2 * j + 1) - std::cos(k * fixed.frequency(j))) <= rounding_of_sines);
            const double angle = k * static_cast<double>(w.at({j}));
            CHECK(std::abs(number(Q, t, 2 * j) - std::sin(angle)) <= rounding_of_sines);
            CHECK(std::abs(number(Q, t, 2 * j + 1) - std::cos(angle)) <= rounding_of_sines);
        }
    const Rotary rope(1, 2);    // its one pair has w = 1, as the sinusoid's first
    const NdArray rotated = rope.apply_to_queries_and_keys({Tensor(ones), Tensor(ones), Tensor(ones)},
                                                           {.positions = Positions::of(far_positions)})
                                .query.values();
    for (Index t = 0; t < 6; ++t) {
        CHECK(std::abs(static_cast<double>(rotated.at({0, 0, t, 0})) - number(P, t, 1)) <= 2 * rounding_of_sines);
        CHECK(std::abs(static_cast<double>(rotated.at({0, 0, t, 1})) - number(P, t, 0)) <= 2 * rounding_of_sines);
    }
}

TEST_CASE("a learned speed gets its gradient from far away too") {
    const LearnedSinusoid encoding(6, 50);
    const Tensor w = parameter_of(encoding, "frequency");
    Rng rng(2);
    const NdArray dp = random_normal({6, 6}, 1, rng);
    encoding.vectors(Positions::of(far_positions)).backward(dp);
    for (Index j = 0; j < 3; ++j) {
        double expected = 0, size = 0;
        for (Index t = 0; t < 6; ++t) {
            const double k = far_positions[static_cast<std::size_t>(t)],
                         angle = k * static_cast<double>(w.values().at({j}));
            expected += k * (std::cos(angle) * number(dp, t, 2 * j) - std::sin(angle) * number(dp, t, 2 * j + 1));
            size += std::abs(k) * (std::abs(number(dp, t, 2 * j)) + std::abs(number(dp, t, 2 * j + 1)));
        }
        CHECK(std::abs(static_cast<double>(w.grad().at({j})) - expected) <= tolerance(2e-7, 1e-15) * size);
    }
}

TEST_CASE("learned rotations and decays are right far away") {
    constexpr double least = tolerance(6e-45, 0);    // where floats end, four of their last steps
    Rng rng(3);
    const LinearRecurrence rotating(2, {.state = 2}, rng), fading(2, {.state = 2, .decay = 0.99999}, rng);
    for (const LinearRecurrence* scheme : {&rotating, &fading}) {
        const bool fades = scheme == &fading;
        const double theta = static_cast<double>(parameter_of(*scheme, "angle").values().at({0}));
        const double raw = fades ? static_cast<double>(parameter_of(*scheme, "decay").values().at({0})) : 0;
        const NdArray start = parameter_of(*scheme, "start").values();
        const double x = static_cast<double>(start.at({0})), y = static_cast<double>(start.at({1}));
        for (const double k : {1e4, 1e6, 1e7, 1e9}) {
            const double rho = fades ? std::exp(-k * std::log1p(std::exp(-raw))) : 1;
            const NdArray p = scheme->vectors(Positions::of({k})).values();
            const double allowed = tolerance(1e-6, 1e-14);    // relative: four roundings and that of log rho, times 100
            CHECK(std::abs(number(p, 0, 0) - rho * (std::cos(k * theta) * x - std::sin(k * theta) * y)) <=
                  allowed * rho * (1 + k * (fades ? 1e-5 : 0)) + least);
            CHECK(std::abs(number(p, 0, 1) - rho * (std::sin(k * theta) * x + std::cos(k * theta) * y)) <=
                  allowed * rho * (1 + k * (fades ? 1e-5 : 0)) + least);
        }
    }
    const LinearRecurrence nearly_shut(2, {.state = 2, .decay = 1e-300}, rng);    // as a float, its sigmoid is 0
    CHECK(all_finite(nearly_shut.vectors(Positions::of({0, 1, 5})).values()));
    CHECK_THROWS_WITH_AS(nearly_shut.vectors(Positions::of({-2})),
                         "LinearRecurrence: at position -2 a decay to this power is too large for a number of this "
                         "build; choose a position nearer to 0",
                         PositionOutOfRange);
}

TEST_CASE("biases by distance are the same bits wherever a text begins") {
    Rng rng(4);
    for (const std::string specification : {"alibi", "t5", "shaw", "kerple", "kerple(kernel=power)"}) {
        CAPTURE(specification);
        const auto scheme = made(specification, {.d_model = 8, .max_length = 40, .num_heads = 2});
        const NdArray near = bias_at(*scheme, 2, Positions::arange(40));
        for (const Index start : {Index(10'000'000), Index(1'000'000'000), Index(1) << 52})
            CHECK(same_numbers(bias_at(*scheme, 2, Positions::arange(40, start)), near));
    }
}

TEST_CASE("a slow logarithm keeps its digits") {
    const Kerple kerple(2);
    parameter_of(kerple, "raw_r2").set_values(NdArray(Shape{2, 1, 1}, static_cast<Scalar>(std::log(1e-6))));
    const double r2 = std::exp(static_cast<double>(static_cast<Scalar>(std::log(1e-6))));
    const NdArray b = bias_at(kerple, 2, 4);
    for (const Index d : {1, 2, 3})    // log(1 + 10^-6) of floats is 5 % off
        CHECK(std::abs(static_cast<double>(b.at({0, 3, 3 - d})) + std::log1p(r2 * static_cast<double>(d))) <=
              tolerance(3e-6, 1e-14) * 1e-6);
    Rng rng(5);
    const Fire fire(2, 512, rng);
    parameter_of(fire, "c").set_values(NdArray(Shape{}, Scalar(1e-7)));
    const NdArray b_fire = bias_at(fire, 2, 6);
    const auto number = [&](const std::string& name, std::initializer_list<Index> at) {
        return static_cast<double>(parameter_of(fire, name).values().at(at));
    };
    for (Index j = 0; j < 6; ++j) {    // f(u) for head 0
        const double u = std::log1p(1e-7 * static_cast<double>(5 - j)) / (std::log1p(1e-7 * 512) + 1e-6);
        double f = number("output.bias", {0});
        for (Index n = 0; n < 32; ++n)
            f += number("output.weight", {0, n}) *
                 std::max(0.0, number("hidden.weight", {n, 0}) * u + number("hidden.bias", {n}));
        CHECK(std::abs(static_cast<double>(b_fire.at({0, 5, j})) - f) <= tolerance(1e-6, 1e-14));
    }
}

TEST_CASE("a gate that is nearly open keeps its digits") {
    Rng rng(6);
    const Forgetting forgetting(1, 1, rng);
    parameter_of(forgetting, "weight").set_values(zeros({1, 1}));
    for (const double z : {12.0, 17.0, 30.0, -12.0, -80.0}) {
        CAPTURE(z);
        parameter_of(forgetting, "bias").set_values(NdArray(Shape{1}, static_cast<Scalar>(z)));
        const ScoreBias bias =
            forgetting.score_bias(example_heads(2, 1, 2), {Positions::arange(2), Tensor(zeros({1, 2, 1}))});
        const double exact = z > 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));
        CHECK(std::abs(static_cast<double>(bias.rows(bias.sources, 1, 2).values().at({0, 0, 0, 0})) - exact) <=
              tolerance(3e-7, 1e-15) * std::abs(exact));
    }
}

TEST_CASE("over a million gates the last ones are still told apart") {
    const NoGrad guard;
    constexpr Index T = 1'000'000;
    Rng rng(7);
    const Forgetting forgetting(1, 1, rng);
    parameter_of(forgetting, "weight").set_values(zeros({1, 1}));
    const double f = std::exp(-0.1);
    parameter_of(forgetting, "bias").set_values(NdArray(Shape{1}, static_cast<Scalar>(std::log(f / (1 - f)))));
    const Tensor heads(zeros({1, 1, T, 2}));
    const ScoreBias bias =
        forgetting.score_bias({heads, heads, heads}, {Positions::arange(T), Tensor(zeros({1, T, 1}))});
    const NdArray last = bias.rows(bias.sources, T - 1, T).values();
    for (const Index steps : {0, 1, 10, 1000})    // a running sum in float says -1.0156 over ten
        CHECK(std::abs(static_cast<double>(last.at({0, 0, 0, T - 1 - steps})) + 0.1 * static_cast<double>(steps)) <=
              tolerance(3e-7, 1e-9) * (1 + 0.1 * static_cast<double>(steps)));
    const NdArray counts = sum_to_the_end(Tensor(NdArray(Shape{T}, Scalar(0.1))), 0).values();
    CHECK(std::abs(static_cast<double>(counts.at({T - 10})) - 1) <= tolerance(3e-7, 1e-14));
}

TEST_CASE("content that is no number makes no number and not an index") {
    Rng rng(8);
    const Cope cope(1, 2, 4, rng);
    NdArray keys = zeros({1, 1, 3, 2});
    keys.mutable_data()[0] = std::numeric_limits<Scalar>::quiet_NaN();
    const Tensor q(NdArray(Shape{1, 1, 3, 2}, 1));
    const ScoreBias bias = cope.score_bias({q, Tensor(keys), q}, {Positions::arange(3), Tensor(zeros({1, 3, 2}))});
    const NdArray b = bias.rows(bias.sources, 2, 3).values();
    CHECK(std::isnan(b.at({0, 0, 0, 0})));
    CHECK(std::isfinite(b.at({0, 0, 0, 2})));
}
