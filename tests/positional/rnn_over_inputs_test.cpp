#include <ordinal/positional/recurrences/rnn_over_inputs.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

template <class Cell>
RnnOverInputs make(Rng& rng, RnnOutput output = RnnOutput::add, Index width = 4) {
    return RnnOverInputs(std::make_unique<Cell>(width, width, rng), output);
}

}    // namespace

TEST_CASE("the states of an RNN over the inputs are added or put in their place") {
    Rng rng(1), twin(1), other(1);
    const RnnOverInputs adds = make<GruCell>(rng), replaces = make<GruCell>(twin, RnnOutput::replace);
    const GruCell cell(4, 4, other);    // the same numbers from the same seed
    const NdArray x = random_normal({2, 5, 4}, 1, rng);
    for (const RnnOverInputs* encoding : {&adds, &replaces})
        parameter_of(*encoding, "start").set_values(NdArray({4}, {1, -1, Scalar(0.5), 0}));
    const NdArray h0 = broadcast_to(parameter_of(adds, "start").values(), {2, 4});
    const NdArray states = run_cell(cell, Tensor(x), Tensor(h0)).values();
    CHECK(same_numbers(input_of(replaces, x), states));
    CHECK(same_numbers(input_of(adds, x), x + states));
}

TEST_CASE("an RNN over the inputs lists its start and its cell and starts at 0") {
    Rng rng(2);
    const RnnOverInputs encoding = make<RnnCell>(rng);
    CHECK(names(encoding) ==
          std::vector<std::string>{"start", "cell.weight_ih", "cell.weight_hh", "cell.bias_ih", "cell.bias_hh"});
    CHECK(same_numbers(parameter_of(encoding, "start").values(), zeros({4})));
}

TEST_CASE("an RNN over the inputs sees no later tokens and no other sequences") {
    Rng rng(3);
    for (const RnnOutput output : {RnnOutput::add, RnnOutput::replace}) {
        const RnnOverInputs encoding = make<RnnCell>(rng, output);
        const NdArray x = random_normal({3, 6, 4}, 1, rng), y = input_of(encoding, x);
        for (Index i = 0; i < 5; ++i) {
            const NdArray changed = concat({slice(x, 1, 0, i + 1), random_normal({3, 5 - i, 4}, 1, rng)}, 1);
            const NdArray z = input_of(encoding, changed);
            CHECK(same_numbers(slice(z, 1, 0, i + 1), slice(y, 1, 0, i + 1)));
            CHECK_FALSE(same_numbers(slice(z, 1, i + 1, i + 2), slice(y, 1, i + 1, i + 2)));
        }
        const NdArray others =
            concat({random_normal({1, 6, 4}, 1, rng), slice(x, 0, 1, 2), random_normal({1, 6, 4}, 1, rng)}, 0);
        CHECK(same_numbers(slice(input_of(encoding, others), 0, 1, 2), slice(y, 0, 1, 2)));
        // Alone in its batch a sequence takes another path through the matrix product, which may round differently.
        CHECK(largest_error(input_of(encoding, slice(x, 0, 1, 2)), slice(y, 0, 1, 2)) <= tolerance(1e-6, 1e-15));
    }
}

TEST_CASE("an RNN over the inputs knows the order of the tokens") {
    Rng rng(4);
    const RnnOverInputs encoding = make<RnnCell>(rng);
    const NdArray a = random_normal({1, 1, 4}, 1, rng), b = random_normal({1, 1, 4}, 1, rng);
    const NdArray ab = input_of(encoding, concat({a, b}, 1)), ba = input_of(encoding, concat({b, a}, 1));
    CHECK_FALSE(same_numbers(slice(ab, 1, 0, 1), slice(ba, 1, 1, 2)));    // token a, first and second
}

TEST_CASE("an RNN over the inputs runs along the tokens and nowhere else") {
    Rng rng(5);
    const RnnOverInputs encoding = make<RnnCell>(rng);
    const auto run = [&](const Shape& shape, const Positions& positions) {
        return encoding.apply_to_input(Tensor(NdArray(shape)), positions, Mode::evaluation());
    };
    const char* along = "RnnOverInputs: it runs along the tokens, so positions must be 0, 1, ..., T - 1";
    CHECK_THROWS_WITH_AS(run({1, 3, 4}, Positions::arange(3, 1)), along, PositionOutOfRange);
    CHECK_THROWS_WITH_AS(run({1, 3, 4}, Positions::of({0, 2, 1})), along, PositionOutOfRange);
    CHECK_THROWS_WITH_AS(run({1, 3, 4}, Positions::arange(3).scaled(0.5)), along, PositionOutOfRange);
    CHECK_THROWS_WITH_AS(run({1, 3, 4}, Positions::arange(2)),
                         "RnnOverInputs: expected x [B, T, D] and T positions, got x [1, 3, 4] and 2 positions",
                         ShapeError);
    CHECK_THROWS_WITH_AS(run({3, 4}, Positions::arange(3)),
                         "RnnOverInputs: expected x [B, T, D] and T positions, got x [3, 4] and 3 positions",
                         ShapeError);
    CHECK_THROWS_WITH_AS(run({1, 0, 4}, Positions::arange(0)),
                         "RnnCell::run: expected x [B, T, 4] with T > 0 and h0 [B, 4], got x [1, 0, 4] and h0 [1, 4]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(RnnOverInputs(std::make_unique<RnnCell>(4, 3, rng)),
                         "RnnOverInputs: expected a cell with equal input and state, got 4 and 3", ShapeError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(encoding.explain(-1, out),
                         "RnnOverInputs: positions are explained step by step, from 0 to 999999, got -1",
                         PositionOutOfRange);
}

TEST_CASE("an RNN over the inputs passes the gradient check by tokens and weights" * doctest::skip(!is_double)) {
    Rng rng(6);
    const RnnOverInputs tanh_adds = make<RnnCell>(rng), gru_adds = make<GruCell>(rng);
    const RnnOverInputs tanh_replaces = make<RnnCell>(rng, RnnOutput::replace);
    for (const RnnOverInputs* encoding : {&tanh_adds, &gru_adds, &tanh_replaces}) {
        const Tensor x = random_parameter({2, 4, 4}, rng);
        CHECK(wrong_gradients(*encoding, {x}, rng, [&] {
                  return encoding->apply_to_input(x, Positions::arange(4), Mode::evaluation());
              }) == "");
    }
}
