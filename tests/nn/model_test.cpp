// The whole model: what goes in, what the head makes of it, what one can look at.
#include <ordinal/nn/model.h>

#include <doctest/doctest.h>

#include <cmath>

#include <ordinal/positional/tables/learned_table.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

const IndexArray some_ids({2, 3}, {0, 3, 6, 2, 2, 1});

ModelOptions bert(Head head = Head::none) {
    return {.vocab_size = 7,
            .num_segments = 2,
            .head = head,
            .encoder = {.d_model = 6, .num_heads = 2, .d_ff = 8, .num_layers = 2, .input_norm = true}};
}

}    // namespace

TEST_CASE("a model adds token and segment and position and then normalises") {
    Rng rng(1);
    const Transformer model(bert(), rng, std::make_shared<LearnedTable>(5, 6, rng));
    for (const auto& [name, tensor] : model.parameters()) tensor.set_values(random_normal(tensor.shape(), 1, rng));
    const IndexArray segments({2, 3}, {0, 0, 1, 1, 1, 0});
    const Positions positions = Positions::of({4, 0, 2});
    Activations seen;
    model.forward(some_ids, Mode::evaluation(), {.positions = positions, .watch = {&seen}}, segments);
    const NdArray h = seen["encoder.input"];
    CHECK(h.shape() == Shape{2, 3, 6});

    const auto at = [&](const std::string& name, std::initializer_list<Index> index) {
        return static_cast<double>(parameter_of(model, name).values().at(index));
    };
    for (Index b = 0; b < 2; ++b)
        for (Index t = 0; t < 3; ++t) {
            std::vector<double> sum;
            double mean = 0, variance = 0;
            for (Index i = 0; i < 6; ++i) {
                sum.push_back(at("tokens.weight", {some_ids[b * 3 + t], i}) +
                              at("segments.weight", {segments[b * 3 + t], i}) +
                              at("encoder.position.weight", {static_cast<Index>(positions[t]), i}));
                mean += sum.back() / 6;
            }
            for (double value : sum) variance += (value - mean) * (value - mean) / 6;
            for (Index i = 0; i < 6; ++i) {
                const double expected = (sum[static_cast<std::size_t>(i)] - mean) / std::sqrt(variance + 1e-5) *
                                            at("encoder.input_norm.weight", {i}) +
                                        at("encoder.input_norm.bias", {i});
                CHECK(std::abs(static_cast<double>(h.at({b, t, i})) - expected) <=
                      tolerance(5e-6, 1e-14));    // some 20 roundings
            }
        }
}

TEST_CASE("heads: none gives the hidden states and linear and masked_lm make logits of them") {
    const auto values_of = [](const Transformer& model, const std::string& name) { return parameter_of(model, name); };
    for (const Head head : {Head::none, Head::linear, Head::masked_lm}) {
        Rng rng(2);
        const Transformer model(bert(head), rng, std::make_shared<LearnedTable>(5, 6, rng));
        const Tensor h = model.hidden(some_ids, Mode::evaluation()), y = model.forward(some_ids, Mode::evaluation());
        Tensor expected = h;
        if (head == Head::linear)
            expected = matmul(h, transpose(values_of(model, "head.weight"))) + values_of(model, "head.bias");
        if (head == Head::masked_lm) {
            const Tensor u = matmul(h, transpose(values_of(model, "head.transform.weight")));
            const Tensor n = layer_norm(gelu(u + values_of(model, "head.transform.bias")),
                                        values_of(model, "head.norm.weight"), values_of(model, "head.norm.bias"), 1e-5);
            expected = matmul(n, transpose(model.token_table())) + values_of(model, "head.bias");
        }
        CHECK(y.shape() == Shape{2, 3, head == Head::none ? 6 : 7});
        CHECK(largest_error(y.values(), expected.values()) <= tolerance(1e-6, 1e-14));
    }
}

TEST_CASE("token vectors start with the deviation that is asked for") {
    Rng rng(3);
    const Transformer model({.vocab_size = 2000, .token_std = 0.1, .encoder = {.d_model = 32}}, rng);
    double squares = 0;
    for (const Scalar x : model.token_table().values().to_vector())
        squares += static_cast<double>(x) * static_cast<double>(x);
    CHECK(std::abs(std::sqrt(squares / 64000) / 0.1 - 1) < 0.015);    // 0.3 % is one deviation of the estimate
}

TEST_CASE("token vectors from elsewhere take the place of drawn ones and cost no draw") {
    Rng rng(3), other(3);
    ModelOptions options = bert(Head::masked_lm);
    options.num_segments = 0;
    options.token_table = NdArray({7, 6}, 2);
    const Transformer model(options, rng);
    CHECK(same_numbers(model.token_table().values(), NdArray({7, 6}, 2)));
    const TransformerEncoder first(options.encoder, other);    // what is drawn first
    CHECK(same_numbers(parameter_of(model, "encoder.layers.0.linear1.weight").values(),
                       parameter_of(first, "layers.0.linear1.weight").values()));
    options.token_table = NdArray({6, 7}, 2);
    CHECK_THROWS_WITH_AS(Transformer(options, rng), "Transformer: expected a token_table [7, 6], got [6, 7]",
                         ShapeError);
}

TEST_CASE("the input is dropped out after its norm and in training only") {
    Rng rng(4), dice(5);
    ModelOptions options{.vocab_size = 7, .encoder = {.dropout = 0.25, .input_norm = true}};
    const Transformer model(options, rng);
    const auto input = [&](const Mode& mode) {
        Activations seen;
        model.forward(some_ids, mode, {.watch = {&seen}});
        return seen["encoder.input"].to_vector();
    };
    const std::vector<Scalar> a = input(Mode::evaluation()), b = input(Mode::training(dice));
    Index zeros = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        zeros += b[i] == 0;
        if (b[i] != 0) CHECK(std::abs(b[i] - a[i] / Scalar(0.75)) <= tolerance(1e-6, 1e-15) * (1 + std::abs(a[i])));
    }
    // 384 numbers, 96 zeros expected, deviation sqrt(384 * 0.25 * 0.75) = 8.5: 5 deviations allowed
    CHECK(zeros > 53);
    CHECK(zeros < 139);
}

TEST_CASE("without segment ids all tokens belong to segment 0") {
    Rng rng(6);
    const Transformer model(bert(), rng);
    const auto run = [&](const IndexArray& segments) {
        return model.forward(some_ids, Mode::evaluation(), {}, segments).values();
    };
    CHECK(same_numbers(run({}), run(IndexArray({2, 3}, {0, 0, 0, 0, 0, 0}))));
    CHECK_FALSE(same_numbers(run({}), run(IndexArray({2, 3}, {1, 1, 1, 1, 1, 1}))));
}

TEST_CASE("a model explains what does not fit") {
    Rng rng(7);
    const Transformer model(bert(), rng, std::make_shared<LearnedTable>(4, 6, rng)), plain({.vocab_size = 7}, rng);
    const auto run = [&](const IndexArray& ids, const ForwardOptions& options = {}, const IndexArray& segments = {}) {
        return model.forward(ids, Mode::evaluation(), options, segments);
    };
    CHECK_THROWS_WITH_AS(run(some_ids, {.positions = Positions::arange(2)}),
                         "TransformerEncoder: x [2, 3, 6] needs 3 positions, got 2", ShapeError);
    CHECK_THROWS_WITH_AS(run(some_ids, {.padding = zeros({2, 2})}),
                         "TransformerEncoder: x [2, 3, 6] needs a padding [2, 3], got [2, 2]", ShapeError);
    CHECK_THROWS_WITH_AS(run(IndexArray({3}, {0, 1, 2})), "Transformer: expected ids [B, T], got [3]", ShapeError);
    CHECK_THROWS_WITH_AS(run(some_ids, {}, IndexArray({3, 2}, {0, 0, 0, 0, 0, 0})),
                         "Transformer: ids [2, 3] need segment_ids of the same shape and a model with segments, got "
                         "[3, 2] and 2 segments",
                         ShapeError);
    CHECK_THROWS_AS(plain.forward(some_ids, Mode::evaluation(), {}, some_ids), ShapeError);
    CHECK_THROWS_WITH_AS(run(some_ids, {}, IndexArray({2, 3}, {0, 0, 0, 0, 0, 2})),
                         "gather_rows: row 2 is outside a table of 2 rows", IndexError);
    CHECK_THROWS_WITH_AS(run(IndexArray({1, 1}, {7})), "gather_rows: row 7 is outside a table of 7 rows", IndexError);
    CHECK_THROWS_AS(run(IndexArray({1, 5}, {0, 0, 0, 0, 0})), PositionOutOfRange);
    CHECK_THROWS_WITH_AS(Transformer({}, rng),
                         "Transformer: expected a vocab_size of at least 1 and num_segments of at least 0, got 0 and 0",
                         OptionError);
    CHECK_THROWS_WITH_AS(TransformerEncoder({.num_layers = 0}, rng),
                         "TransformerEncoder: expected 1 to 10000 layers, got 0", OptionError);
    CHECK_THROWS_WITH_AS(TransformerEncoder({.d_model = 8}, rng).forward(Tensor(zeros({2, 3, 4})), Mode::evaluation()),
                         "TransformerEncoder: expected x [B, T, 8], got [2, 3, 4]", ShapeError);
}

TEST_CASE("an empty batch passes as one and has gradients of 0") {
    Rng rng(8);
    const TransformerEncoder encoder({.d_model = 6, .num_heads = 2, .d_ff = 8, .norm = NormPlacement::pre}, rng);
    const Tensor x = Tensor::parameter(zeros({0, 3, 6}));
    const Tensor y = encoder.forward(x, Mode::evaluation());
    CHECK(y.shape() == Shape{0, 3, 6});
    sum(y).backward();
    for (const NamedParameter& parameter : encoder.parameters()) {
        CAPTURE(parameter.name);
        CHECK(same_numbers(parameter.tensor.grad(), zeros(parameter.tensor.shape())));
    }
    CHECK(Transformer(bert(Head::linear), rng).forward(IndexArray({0, 3}, {}), Mode::evaluation()).shape() ==
          Shape{0, 3, 7});
}

TEST_CASE("attention weights and hidden states of every layer are seen by name") {
    Rng rng(9);
    ModelOptions options = bert(Head::linear);
    options.encoder.causal = true;
    const Transformer model(options, rng, std::make_shared<LearnedTable>(5, 6, rng));
    const NdArray unwatched = model.forward(some_ids, Mode::evaluation()).values();
    Activations seen;
    const NdArray logits = model.forward(some_ids, Mode::evaluation(), {.watch = {&seen}}).values();
    CHECK(same_numbers(logits, unwatched));    // looking changes nothing
    CHECK(seen.names() == std::vector<std::string>{
                              "encoder.input", "encoder.layers.0.hidden", "encoder.layers.0.self_attn.scores",
                              "encoder.layers.0.self_attn.weights", "encoder.layers.1.hidden",
                              "encoder.layers.1.self_attn.scores", "encoder.layers.1.self_attn.weights", "output"});
    CHECK(same_numbers(seen["output"], logits));
    CHECK(same_numbers(seen["encoder.layers.1.hidden"], model.hidden(some_ids, Mode::evaluation()).values()));
    const NdArray weights = seen["encoder.layers.0.self_attn.weights"];
    CHECK(weights.shape() == Shape{2, 2, 3, 3});
    CHECK(largest_error(sum(weights, 3), NdArray({2, 2, 3, 1}, 1)) <= tolerance(1e-6, 1e-14));
    CHECK(weights.at({0, 0, 0, 1}) == 0);                                // the future
    const NdArray scores = seen["encoder.layers.0.self_attn.scores"];    // of which the last token sees all
    CHECK(largest_error(slice(softmax(Tensor(scores)).values(), 2, 2, 3), slice(weights, 2, 2, 3)) <=
          tolerance(1e-6, 1e-14));
    CHECK_THROWS_WITH_AS(seen["encoder.layer.0.hidden"],
                         "Activations: nothing was kept under the name 'encoder.layer.0.hidden'; did you mean "
                         "encoder.layers.0.hidden?",
                         OptionError);
}
