#include <ordinal/positional/recurrences/gated_recurrence.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"
#include "tests/positional/contract.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("the scan of a gated recurrence is its loop") {
    for (const GatedOutput output : {GatedOutput::add, GatedOutput::replace}) {
        Rng rng(1);
        const auto owned = std::make_shared<GatedRecurrence>(4, output, rng);
        const GatedRecurrence& encoding = *owned;
        parameter_of(encoding, "start").set_values(NdArray({4}, {1, -1, 2, 0}));
        const NdArray x = random_normal({2, 21, 4}, 1, rng), y = input_of(encoding, x);
        const auto stream = encoding.stream();
        Tensor h = parameter_of(encoding, "start");
        for (Index t = 0; t < 21; ++t) {
            const Tensor token(slice(x, 1, t, t + 1));
            const Bundle step = encoding.affine_steps(token);
            h = step[0] * h + step[1];
            const NdArray expected = output == GatedOutput::add ? (token + h).values() : h.values();
            CHECK(largest_error(slice(y, 1, t, t + 1), expected) <= tolerance(2e-6, 1e-14));
            CHECK(largest_error(stream->next(token).values(), slice(y, 1, t, t + 1)) <= tolerance(2e-6, 1e-14));
        }
    }
}

TEST_CASE("the gates of a gated recurrence are the published formula") {
    Rng rng(2);
    const GatedRecurrence encoding(1, GatedOutput::replace, rng);
    const auto set = [&](const std::string& name, double value) {
        const Tensor parameter = parameter_of(encoding, name);
        parameter.set_values(NdArray(parameter.shape(), static_cast<Scalar>(value)));
    };
    set("start", 2);
    set("gate.weight", 0.5);
    set("gate.bias", -0.5);
    set("candidate.weight", 3);
    set("candidate.bias", 1);
    const NdArray y = input_of(encoding, NdArray({1, 2, 1}, {3, -1}));
    const double z0 = 1 / (1 + std::exp(-1.0)), h0 = (1 - z0) * 2 + z0 * 10;
    const double z1 = 1 / (1 + std::exp(1.0)), h1 = (1 - z1) * h0 + z1 * -2;
    CHECK(std::abs(static_cast<double>(y.at({0, 0, 0})) - h0) <= tolerance(2e-6, 1e-14));
    CHECK(std::abs(static_cast<double>(y.at({0, 1, 0})) - h1) <= tolerance(2e-6, 1e-14));
    std::ostringstream out;
    encoding.explain(0, out);
    CHECK(out.str().find("Position 0 by a gated recurrence, h_k = (1 - z_k) h_{k-1} + z_k c_k; h_{-1} = [+2.0000] "
                         "(learned)\n  token 0: z[0] = ") == 0);
}

TEST_CASE("an open gate forgets and a closed one remembers for ever") {
    Rng rng(3);
    const GatedRecurrence encoding(2, GatedOutput::replace, rng);
    parameter_of(encoding, "gate.weight").set_values(zeros({2, 2}));
    parameter_of(encoding, "start").set_values(NdArray({2}, {5, 5}));
    const NdArray x = random_normal({1, 300, 2}, 1, rng);
    parameter_of(encoding, "gate.bias").set_values(NdArray({2}, -200));
    CHECK(same_numbers(slice(input_of(encoding, x), 1, 299, 300), NdArray({1, 1, 2}, 5)));
    parameter_of(encoding, "gate.bias").set_values(NdArray({2}, 200));    // z = 1: h_k = c_k
    const NdArray c = encoding.affine_steps(Tensor(x))[1].values();
    CHECK(same_numbers(input_of(encoding, x), c));
}

TEST_CASE("a gated recurrence refuses what it cannot run along") {
    Rng rng(4);
    const GatedRecurrence encoding(4, GatedOutput::add, rng);
    const auto run = [&](const Shape& shape, const Positions& positions) {
        return encoding.apply_to_input(Tensor(NdArray(shape)), positions, Mode::evaluation());
    };
    CHECK_THROWS_WITH_AS(run({1, 3, 4}, Positions::arange(3, 1)),
                         "GatedRecurrence: it runs along the tokens, so positions must be 0, 1, ..., T - 1",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(run({1, 3, 5}, Positions::arange(3)),
                         "GatedRecurrence: expected x [B, T, 4] and T positions, got x [1, 3, 5] and 3 positions",
                         ShapeError);
    CHECK(run({2, 0, 4}, Positions::arange(0)).shape() == Shape{2, 0, 4});
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(encoding.explain(-1, out),
                         "GatedRecurrence: positions are explained step by step, from 0 to 999999, got -1",
                         PositionOutOfRange);
}

TEST_CASE("a gated recurrence waits for the logarithm of the length") {
    Rng rng(5);
    const GatedRecurrence encoding(4, GatedOutput::add, rng);
    const auto depth = [&](Index length) {
        const Tensor x(zeros({1, length, 4}));
        return graph_depth(encoding.apply_to_input(x, Positions::arange(length), Mode::evaluation()));
    };
    CHECK(depth(32) - depth(16) == depth(16) - depth(8));
    CHECK(depth(1024) - depth(512) == depth(16) - depth(8));
}

TEST_CASE("a gated recurrence passes the gradient check" * doctest::skip(!is_double)) {
    for (const GatedOutput output : {GatedOutput::add, GatedOutput::replace}) {
        Rng rng(6);
        const GatedRecurrence encoding(3, output, rng);
        const Tensor x = random_parameter({2, 5, 3}, rng);
        CHECK(wrong_gradients(encoding, {x}, rng, [&] {
                  return encoding.apply_to_input(x, Positions::arange(5), Mode::evaluation());
              }) == "");
    }
}
