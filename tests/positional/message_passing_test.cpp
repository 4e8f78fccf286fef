#include <ordinal/positional/graphs/message_passing.h>

#include <doctest/doctest.h>

#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"
#include "tests/positional/contract.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// The steps of a linear recurrence, [n, 3] each.
Bundle random_messages(Index nodes, Rng& rng) {
    return {Tensor(random_uniform({nodes, 3}, -1, 1, rng)), Tensor(random_normal({nodes, 3}, 1, rng))};
}

}    // namespace

TEST_CASE("message passing on a chain is the RNN cut off after as many steps as there are rounds") {
    for (const MakeStep& step : {tanh_step(), tanh_step(RecurrenceInit::rotation), gru_step()})
        for (const Index state : {6, 4})
            for (const Index rounds : {1, 5, 29, 40}) {
                Rng rng(1), same(1);
                const MessagePassing graph(6, state, rounds, step, rng);
                const RecurrentPositions rnn(6, state, step, same);
                const NdArray p = codes(rnn, 30), h = codes(graph, 30);
                for (Index k = 0; k < 30; ++k) {
                    const Index reached = std::min(k, rounds);
                    CHECK(largest_error(slice(h, 0, k, k + 1), slice(p, 0, reached, reached + 1)) <=
                          tolerance(2e-6, 1e-14));
                }
            }
}

TEST_CASE("beyond its rounds message passing tells no position from another") {
    Rng rng(2);
    const MessagePassing encoding(8, 0, 4, tanh_step(RecurrenceInit::rotation), rng);
    const NdArray h = codes(encoding, 12);
    for (Index k = 0; k < 4; ++k)
        CHECK(max_abs_difference(slice(h, 0, k, k + 1), slice(h, 0, k + 1, k + 2)) > Scalar(1e-2));
    for (Index k = 4; k < 11; ++k) CHECK(same_numbers(slice(h, 0, k, k + 1), slice(h, 0, k + 1, k + 2)));
}

TEST_CASE("one round of messages over any edges") {
    const Bundle h{Tensor(NdArray({4, 1}, {1, 10, 100, 1000}))};
    const auto add = [](const Bundle& heard, const Bundle& own) { return Bundle{heard[0] + own[0]}; };
    CHECK(hear_back(4, 2) == std::vector<Index>{nobody, nobody, 0, 1});
    CHECK(same_numbers(pass_messages(h, hear_back(4, 1), add)[0].values(), NdArray({4, 1}, {1, 11, 110, 1100})));
    CHECK(same_numbers(pass_messages(h, {3, nobody, 0, 0}, add)[0].values(), NdArray({4, 1}, {1001, 10, 101, 1001})));
    CHECK(same_numbers(pass_messages(h, hear_back(4, 9), add)[0].values(), h[0].values()));
}

TEST_CASE("with edges of 1 and 2 and 4 back message passing is the scan") {
    for (const Index nodes : {1, 2, 7, 16, 33}) {
        Rng rng(3);
        const Bundle x = random_messages(nodes, rng);
        Bundle skip = x;
        Index rounds = 0;
        for (Index reach = 1; reach < nodes; reach *= 2, ++rounds)
            skip = pass_messages(skip, hear_back(nodes, reach), Affine::combine);
        const Bundle expected = serial_scan<Affine>(x, 0);
        for (const std::size_t i : {0U, 1U})
            CHECK(largest_error(skip[i].values(), expected[i].values()) <= tolerance(5e-6, 1e-13));
        if (nodes == 33) CHECK(rounds == 6);
        // With edges of 1 back only, the same takes as many rounds as there are nodes.
        Bundle chain = x;
        for (Index round = 0; round + 1 < nodes; ++round)
            chain = pass_messages(chain, hear_back(nodes, 1), [&](const Bundle& heard, const Bundle&) {
                return Affine::combine(heard, slice_all(x, 0, 1, nodes));
            });
        for (const std::size_t i : {0U, 1U})
            CHECK(largest_error(chain[i].values(), expected[i].values()) <= tolerance(5e-6, 1e-13));
    }
}

TEST_CASE("message passing takes its rounds whatever the length") {
    Rng rng(4);
    const auto depth = [&](Index rounds, Index length) {
        return graph_depth(MessagePassing(4, 0, rounds, tanh_step(), rng).vectors(Positions::arange(length)));
    };
    CHECK(depth(3, 8) == depth(3, 500));
    CHECK(depth(6, 8) - depth(5, 8) == depth(3, 8) - depth(2, 8));
}

TEST_CASE("message passing lists what the RNN lists and refuses what it cannot reach") {
    Rng rng(5);
    const auto encoding = make_encoding("message_passing(rounds=2, state=4)", {.d_model = 8}, rng);
    CHECK(names(*encoding) == names(*make_encoding("rnn(state=4)", {.d_model = 8}, rng)));
    const auto& graph = dynamic_cast<const MessagePassing&>(*encoding);
    CHECK(graph.vectors(Positions::arange(0)).shape() == Shape{0, 8});
    CHECK_THROWS_WITH_AS(MessagePassing(8, 4, 2, nullptr, rng),
                         "MessagePassing: expected a step, got an empty function", OptionError);
    CHECK_THROWS_WITH_AS(MessagePassing(8, 4, 0, tanh_step(), rng),
                         "MessagePassing: expected rounds between 1 and 10000, for in every batch they wait for each "
                         "other, got 0",
                         OptionError);
    CHECK_NOTHROW(MessagePassing(8, 4, 10000, tanh_step(), rng));
    CHECK_THROWS_WITH_AS(
        graph.vectors(Positions::of({-1})),
        "MessagePassing: position -1 is not a whole number >= 0, and this scheme has nothing in between",
        PositionOutOfRange);
    CHECK_THROWS_WITH_AS(
        graph.vectors(Positions::of({1e6})),
        "MessagePassing: position 1000000 needs all positions before it, and only 0..999999 are computed; use a "
        "scheme that computes each position alone",
        PositionOutOfRange);
}

TEST_CASE("message passing passes the gradient check" * doctest::skip(!is_double)) {
    for (const Index state : {4, 3}) {
        Rng rng(6);
        const MessagePassing encoding(4, state, 3, tanh_step(), rng);
        CHECK(wrong_gradients(encoding, {}, rng, [&] { return encoding.vectors(Positions::of({5, 0, 2})); }) == "");
    }
}
