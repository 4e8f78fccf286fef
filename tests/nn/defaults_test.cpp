// What holds where nothing is said: the defaults of core and nn, as their headers state them. A default that moves
// changes programs without a word.
#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include <ordinal/nn/nn.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("models and layers and optimizers have the options that their headers state") {
    const TransformerOptions encoder;
    CHECK(encoder.d_model == 64);
    CHECK(encoder.num_heads == 4);
    CHECK(encoder.d_ff == 128);
    CHECK(encoder.num_layers == 2);
    CHECK(encoder.dropout == 0);
    CHECK(encoder.layer_norm_eps == 1e-5);
    CHECK((encoder.norm == NormPlacement::post));
    CHECK_FALSE(encoder.causal);
    CHECK_FALSE(encoder.input_norm);
    const ModelOptions model;
    CHECK(model.vocab_size == 0);
    CHECK(model.num_segments == 0);
    CHECK(model.token_std == 0.02);
    CHECK_FALSE(model.token_table.defined());
    CHECK((model.head == Head::linear));
    CHECK_FALSE(AttendOptions().causal);
    CHECK_FALSE(AttentionOptions().causal);
    CHECK(AttentionOptions().dropout == 0);
    CHECK(AttentionOptions().seed == 0);
    CHECK_FALSE(AttentionContext().causal);
    CHECK(DrawOptions().temperature == 1);
    CHECK(DrawOptions().top_k == 0);
    CHECK(AdamOptions().beta1 == 0.9);
    CHECK(AdamOptions().beta2 == 0.999);
    CHECK(AdamOptions().eps == 1e-8);
    CHECK(ParameterGroup().learning_rate_factor == 1);
    CHECK_FALSE(ParameterGroup().weight_decay.has_value());
    CHECK_FALSE(LoadOptions().allow_more);
    CHECK(KeyValueCache().length == 0);
    CHECK_FALSE(KeyValueCache().interrupted);
    CHECK(Slice().step == 1);
    CHECK_FALSE(GradCheck().passed);
}

TEST_CASE("a layer made without a number is the one made with the number of its header") {
    const NdArray x({2, 3}, {Scalar(1e-3), 0, Scalar(2e-3), 1, 2, 4});    // the first row is as small as the eps
    CHECK(same_numbers(LayerNorm(3).forward(Tensor(x)).values(), LayerNorm(3, 1e-5).forward(Tensor(x)).values()));
    Rng a(1), b(1);
    CHECK(same_numbers(Embedding(5, 3, a).weight().values(), Embedding(5, 3, b, 1).weight().values()));
    CHECK(Linear(3, 2, a).bias().defined());
    CHECK_FALSE(Linear(3, 2, a, false).bias().defined());
    const MultiHeadAttention attention(4, 2, a);
    const Tensor tokens(random_normal({1, 5, 4}, 1, a));
    CHECK(same_numbers(attention.forward(tokens, Mode::training(b)).values(),    // no dropout
                       attention.forward(tokens, Mode::evaluation()).values()));
}

TEST_CASE("an optimizer made without a number takes the steps of one with the number of its header") {
    const auto after_two_steps = [](const std::function<std::unique_ptr<Optimizer>(const Parameters&)>& make) {
        const Tensor w = Tensor::parameter(NdArray({3}, {1, -2, 3}));
        const auto optimizer = make({{"w", w}});
        for (const Scalar rate : {Scalar(0.5), Scalar(0.25)}) {
            optimizer->clear_gradients();
            sum(w * w * rate).backward();
            optimizer->step(0.1);
        }
        return w.values();
    };
    const auto same = [&](const auto& plain, const auto& stated) {
        return same_numbers(after_two_steps(plain), after_two_steps(stated));
    };
    using All = const Parameters&;
    CHECK(same([](All p) { return std::make_unique<Sgd>(p); }, [](All p) { return std::make_unique<Sgd>(p, 0); }));
    const AdamOptions options{.beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8};
    CHECK(same([](All p) { return std::make_unique<Adam>(p); },
               [&](All p) { return std::make_unique<Adam>(p, options); }));
    CHECK(same([](All p) { return std::make_unique<AdamW>(p); },
               [&](All p) { return std::make_unique<AdamW>(p, 0.01, options); }));
    for (const Index t : {0, 30, 49, 50, 70, 500, 990, 999})
        CHECK(warmup_cosine(t, 1000, 3) == warmup_cosine(t, 1000, 3, 50, 0.02));
    CHECK(warmup_cosine(999, 1000, 3) == 3 * 0.02);    // the floor
    CHECK(warmup_cosine(48, 1000, 3) < warmup_cosine(49, 1000, 3));
}

TEST_CASE("functions called without a number are those called with the number of their header") {
    const Tensor logits(NdArray({3, 2}, {1, 0, 0, 1, 1, 0}));
    const IndexArray targets({3}, {0, -1, 1});    // -1: does not count
    CHECK(accuracy(logits.values(), targets) == 0.5);
    CHECK(same_numbers(cross_entropy(logits, targets).values(), cross_entropy(logits, targets, -1).values()));
    std::vector<Index> ids(100);
    std::iota(ids.begin(), ids.end(), 0);
    CHECK(split_text({{100}, ids}).first.size() == 90);
    CHECK(Positions::arange(2)[0] == 0);
    const NdArray numbers = NdArray::arange(6);
    CHECK(slice(numbers, 0, 1, 5).to_vector() == std::vector<Scalar>{1, 2, 3, 4});
    CHECK(transpose(reshape(numbers, {1, 2, 3})).shape() == Shape{1, 3, 2});
    CHECK(transpose(Tensor(reshape(numbers, {1, 2, 3}))).shape() == Shape{1, 3, 2});
    CHECK(NdArray(Shape{2}).to_vector() == std::vector<Scalar>{0, 0});
    CHECK(sum_to_shape(numbers, {1}).item() == 15);
    NoGrad off(false);
    CHECK((Tensor::parameter(numbers) * 2).requires_grad());
    NoGrad on;
    CHECK_FALSE((Tensor::parameter(numbers) * 2).requires_grad());
}
