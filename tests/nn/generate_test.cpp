// Writing on: how logits become a token.
#include <ordinal/nn/generate.h>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

const NdArray four_logits({4}, {2, 1, 0, -1});
constexpr double last_u = 1 - 0x1p-53;    // the largest number that Rng::uniform gives

bool near(const std::vector<double>& got, const std::vector<double>& expected, double error = 5e-5) {
    if (got.size() != expected.size()) return false;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (!(std::abs(got[i] - expected[i]) <= error)) return false;
    return true;
}

Transformer tiny_writer(bool causal, Rng& rng) {
    return Transformer({.vocab_size = 5,
                        .token_std = 1,
                        .encoder = {.d_model = 8, .num_heads = 2, .d_ff = 12, .num_layers = 2, .causal = causal}},
                       rng);
}

}    // namespace

TEST_CASE("the temperature sharpens and flattens - down to 0 which takes the largest") {
    CHECK(near(draw_probabilities(four_logits), {.6439, .2369, .0871, .0321}));
    CHECK(near(draw_probabilities(four_logits, {.temperature = 0.5}), {.8650, .1171, .0158, .0021}));
    CHECK(draw_probabilities(four_logits, {.temperature = 0}) == std::vector<double>{1, 0, 0, 0});
    CHECK(draw_probabilities(NdArray({2}, {10, 9}), {.temperature = 1e-4}) == std::vector<double>{1, 0});
    CHECK(draw_probabilities(NdArray({2}, {9, 10}), {.temperature = 1e-320}) == std::vector<double>{0, 1});
    CHECK(near(draw_probabilities(four_logits, {.temperature = 1e300}), {.25, .25, .25, .25}));
    CHECK(near(draw_probabilities(NdArray({3}, {-std::numeric_limits<Scalar>::infinity(), 0, 0})), {0, .5, .5}));
    Rng rng(1), unused(1);
    CHECK(draw(four_logits, {.temperature = 0}, rng) == 0);
    CHECK(rng.bits() == unused.bits());    // nothing was drawn
}

TEST_CASE("top_k keeps exactly k and the earlier of equal ones") {
    CHECK(near(draw_probabilities(four_logits, {.top_k = 2}), {.7311, .2689, 0, 0}));
    CHECK(draw_probabilities(four_logits, {.top_k = 1}) == std::vector<double>{1, 0, 0, 0});
    for (const Index k : {0, 4, 400})
        CHECK(draw_probabilities(four_logits, {.top_k = k}) == draw_probabilities(four_logits));
    CHECK(near(draw_probabilities(NdArray({4}, {1, 1, 1, 0}), {.top_k = 2}), {.5, .5, 0, 0}));
    CHECK(near(draw_probabilities(NdArray({4}, {0, 1, 1, 1}), {.top_k = 2}), {0, .5, .5, 0}));
    CHECK(draw_probabilities(NdArray({3}, {1, 1, 1}), {.temperature = 0}) == std::vector<double>{1, 0, 0});
}

TEST_CASE("what cannot be drawn from is refused") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double temperature : {-1.0, nan, std::numeric_limits<double>::infinity()})
        CHECK_THROWS_AS(draw_probabilities(four_logits, {.temperature = temperature}), OptionError);
    CHECK_THROWS_WITH_AS(draw_probabilities(four_logits, {.temperature = -1}),
                         "draw: expected a temperature >= 0 and top_k >= 0, got -1 and 0", OptionError);
    CHECK_THROWS_WITH_AS(draw_probabilities(four_logits, {.top_k = -1}),
                         "draw: expected a temperature >= 0 and top_k >= 0, got 1 and -1", OptionError);
    CHECK_THROWS_WITH_AS(draw_probabilities(NdArray({2}, {0, static_cast<Scalar>(nan)})),
                         "draw: the logits hold a NaN; train with a smaller learning rate", OptionError);
    CHECK_THROWS_WITH_AS(draw_probabilities(zeros({1, 2})), "draw: expected logits [V] with V > 0, got [1, 2]",
                         ShapeError);
    CHECK_THROWS_AS(draw_probabilities(NdArray(Shape{0})), ShapeError);
    CHECK_THROWS_WITH_AS(draw_probabilities(NdArray({2}, -std::numeric_limits<Scalar>::infinity())),
                         "draw: the largest logit is -inf, so nothing can be drawn", OptionError);
    CHECK_THROWS_WITH_AS(draw_probabilities(NdArray({2}, std::numeric_limits<Scalar>::infinity())),
                         "draw: the largest logit is inf, so nothing can be drawn", OptionError);
    CHECK_THROWS_WITH_AS(index_at({0, 0}, 0.5), "index_at: all weights are 0, so nothing can be drawn", OptionError);
    CHECK_THROWS_WITH_AS(index_at({1, -1}, 0.5), "index_at: weight 1 is -1; expected numbers >= 0", OptionError);
    CHECK_THROWS_AS(index_at({1, nan}, 0.5), OptionError);
    CHECK_THROWS_AS(index_at({}, 0.5), OptionError);
}

TEST_CASE("an index of weight 0 is never drawn and nothing past the end") {
    for (const double u : {0.0, 0.5, last_u}) {
        CHECK(index_at({0, 1, 0}, u) == 1);
        CHECK(index_at({1, 0}, u) == 0);
        CHECK(index_at({0, 1}, u) == 1);
    }
    const auto twelfth = static_cast<double>(1 / 12.0F);    // twelve of them add up to less than 1
    CHECK(index_at(std::vector<double>(12, twelfth), last_u) == 11);
    CHECK(index_at(std::vector<double>(12, twelfth), 0) == 0);
    CHECK(index_at({1, 3}, 0.2499) == 0);
    CHECK(index_at({1, 3}, 0.25) == 1);
}

TEST_CASE("draws follow their probabilities") {
    Rng rng(2);
    std::vector<double> shares(4);
    for (int i = 0; i < 20000; ++i) shares[static_cast<std::size_t>(draw(four_logits, {}, rng))] += 1 / 20000.0;
    CHECK(near(shares, {.6439, .2369, .0871, .0321}, 0.02));    // a deviation is 0.0034
}

TEST_CASE("generate continues each text of a batch as it would continue it alone") {
    Rng rng(3);
    const Transformer model = tiny_writer(true, rng);
    const DrawOptions greedy{.temperature = 0};
    const IndexArray both = generate(model, IndexArray({2, 3}, {0, 1, 2, 4, 4, 0}), 6, greedy, rng);
    CHECK(both.shape == Shape{2, 6});
    const IndexArray first = generate(model, IndexArray({1, 3}, {0, 1, 2}), 6, greedy, rng);
    const IndexArray second = generate(model, IndexArray({1, 3}, {4, 4, 0}), 6, greedy, rng);
    for (Index i = 0; i < 6; ++i) {
        CHECK(both[i] == first[i]);
        CHECK(both[6 + i] == second[i]);
    }
    CHECK(generate(model, IndexArray({2, 1}, {0, 1}), 0, greedy, rng).shape == Shape{2, 0});
    CHECK(generate(model, IndexArray({3}, {0, 1, 2}), 6, greedy, rng) == IndexArray({6}, first.values));    // no batch
    Rng a(4), b(4), c(5);
    CHECK(generate(model, IndexArray({1, 1}, {0}), 30, {}, a).values ==
          generate(model, IndexArray({1, 1}, {0}), 30, {}, b).values);
    CHECK(generate(model, IndexArray({1, 1}, {0}), 30, {}, c).values !=
          generate(model, IndexArray({1, 1}, {0}), 30, {}, b).values);
    CHECK_THROWS_WITH_AS(generate(model, IndexArray({1, 0}, {}), 3, {}, rng),
                         "generate: expected a prompt [B, T] with T > 0, got [1, 0]", ShapeError);
    CHECK_THROWS_WITH_AS(generate(model, IndexArray({1, 1}, {0}), -1, {}, rng),
                         "generate: expected a count of 0 or more tokens, got -1", OptionError);
}

TEST_CASE("a model that sees both sides does not write") {
    Rng rng(5);
    const Transformer model = tiny_writer(false, rng);
    CHECK_THROWS_WITH_AS(generate(model, IndexArray({1, 1}, {0}), 3, {}, rng),
                         "TransformerEncoder: only a causal model goes on token by token; in this one earlier tokens "
                         "would have to see the new one",
                         OptionError);
}

TEST_CASE("a text that an error interrupted cannot go on and the next one is as if nothing had been") {
    Rng rng(6);
    const Transformer model = tiny_writer(true, rng),
                      other({.vocab_size = 5, .encoder = {.d_model = 8, .causal = true}}, rng);
    KeyValueCache a, b, fresh;
    model.next(IndexArray({1, 2}, {0, 1}), a);
    CHECK_THROWS_AS(model.next(IndexArray({1, 1}, {7}), a), IndexError);    // refused before anything was touched
    CHECK_NOTHROW(model.next(IndexArray({1, 1}, {2}), a));
    CHECK_THROWS_WITH_AS(model.next(IndexArray({2, 1}, {0, 0}), a),
                         "TransformerEncoder: expected the next tokens [B, n, 8] of 1 texts, n > 0, got [2, 1, 8]",
                         ShapeError);
    CHECK_NOTHROW(model.next(IndexArray({1, 1}, {2}), a));
    CHECK_THROWS_AS(other.next(IndexArray({1, 1}, {2}), a), OptionError);    // of another model
    a.interrupted = true;                                                    // as an error between two layers leaves it
    CHECK_THROWS_WITH_AS(model.next(IndexArray({1, 1}, {2}), a),
                         "TransformerEncoder: this cache belongs to another model, or an error interrupted it; begin a "
                         "new one",
                         OptionError);
    model.next(IndexArray({1, 2}, {3, 4}), b);
    CHECK(same_numbers(
        model.next(IndexArray({1, 1}, {1}), b).values(),
        (model.next(IndexArray({1, 2}, {3, 4}), fresh), model.next(IndexArray({1, 1}, {1}), fresh)).values()));
}

TEST_CASE("a model without a head has nothing to draw from and no text is longer than memory") {
    Rng rng(7);
    const Transformer headless({.vocab_size = 5, .head = Head::none, .encoder = {.d_model = 8, .causal = true}}, rng);
    CHECK_THROWS_WITH_AS(generate(headless, IndexArray({1, 1}, {0}), 3, {}, rng),
                         "generate: this model has no head, so there are no logits", OptionError);
    CHECK_THROWS_WITH_AS(generate(tiny_writer(true, rng), IndexArray({1, 1}, {0}), Index(1) << 40, {}, rng),
                         "generate: 1099511627776 tokens would take more than 2 GiB, which is the bound", OptionError);
    CHECK_THROWS_WITH_AS(Positions::arange(Index(1) << 40),
                         "Positions: 1099511627776 ids would take more than 2 GiB, which is the bound", ShapeError);
}

TEST_CASE("a layer that refuses new tokens keeps what it had") {
    Rng rng(8);
    const MultiHeadAttention layer(8, 2, rng);
    const NdArray x = random_normal({1, 4, 8}, 1, rng);
    const NdArray whole = layer.forward(Tensor(x), Mode::evaluation(), {.causal = true}).values();
    KeptTokens kept;
    const Tensor first(slice(x, 1, 0, 3)), last(slice(x, 1, 3, 4));
    layer.forward(first, Mode::evaluation(), {.causal = true, .kept = &kept});
    CHECK_THROWS_AS(layer.forward(last, Mode::evaluation(), {.causal = true, .padding = zeros({1, 7}), .kept = &kept}),
                    ShapeError);
    CHECK(kept.x.dim(1) == 3);
    const NdArray y = layer.forward(last, Mode::evaluation(), {.causal = true, .kept = &kept}).values();
    CHECK(largest_error(y, slice(whole, 1, 3, 4)) <= tolerance(1e-6, 1e-14));
    CHECK_THROWS_WITH_AS(
        layer.forward(last, Mode::evaluation(), {.kept = &kept}),
        "MultiHeadAttention: tokens that were kept do not see what comes later, so only a causal layer "
        "keeps them",
        OptionError);
}

TEST_CASE("no new token at all is refused before anything is touched") {
    Rng rng(6);
    const Transformer model = tiny_writer(true, rng);
    KeyValueCache cache, never_begun;
    CHECK_THROWS_WITH_AS(model.next(IndexArray(Shape{1, 0}, {}), never_begun),
                         "TransformerEncoder: expected the next tokens [B, n, 8] of B texts, n > 0, got [1, 0, 8]",
                         ShapeError);
    CHECK(never_begun.writer == nullptr);
    const NdArray expected = model.next(IndexArray({1, 1}, {0}), never_begun).values();
    model.next(IndexArray({1, 2}, {0, 1}), cache);
    CHECK_THROWS_WITH_AS(model.next(IndexArray(Shape{1, 0}, {}), cache),
                         "TransformerEncoder: expected the next tokens [B, n, 8] of 1 texts, n > 0, got [1, 0, 8]",
                         ShapeError);
    CHECK(cache.length == 2);
    CHECK_NOTHROW(model.next(IndexArray({1, 1}, {2}), cache));
    KeyValueCache fresh;
    CHECK(same_numbers(model.next(IndexArray({1, 1}, {0}), fresh).values(), expected));
}

TEST_CASE("weights may be as large as double holds and u lies in its range") {
    const std::vector<double> large{1e308, 1e308, 1e308};
    CHECK(index_at(large, 0.1) == 0);
    CHECK(index_at(large, 0.5) == 1);
    CHECK(index_at(large, last_u) == 2);
    CHECK(index_at({1e-310, 1e-310}, 0.75) == 1);
    CHECK_THROWS_WITH_AS(index_at({1, 1}, 1), "index_at: expected 0 <= u < 1, got 1", OptionError);
    CHECK_THROWS_WITH_AS(index_at({1, 1}, -0.5), "index_at: expected 0 <= u < 1, got -0.5", OptionError);
    CHECK_THROWS_AS(index_at({1, 1}, std::numeric_limits<double>::quiet_NaN()), OptionError);
}

TEST_CASE("generate checks how to draw even where nothing is drawn") {
    Rng rng(6);
    const Transformer model = tiny_writer(true, rng);
    CHECK_THROWS_WITH_AS(generate(model, {0, 1}, 0, {.temperature = -1}, rng),
                         "draw: expected a temperature >= 0 and top_k >= 0, got -1 and 0", OptionError);
}

TEST_CASE("more layers than anybody has are refused before there is memory for them") {
    Rng rng(6);
    const auto layers = [&](Index count) {
        return TransformerEncoder({.d_model = 1, .num_heads = 1, .d_ff = 1, .num_layers = count}, rng);
    };
    CHECK_NOTHROW(layers(10'000));
    CHECK_THROWS_WITH_AS(layers(10'001), "TransformerEncoder: expected 1 to 10000 layers, got 10001", OptionError);
    CHECK_THROWS_WITH_AS(layers(Index(1) << 40), "TransformerEncoder: expected 1 to 10000 layers, got 1099511627776",
                         OptionError);
}
