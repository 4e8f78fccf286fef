#include <ordinal/positional/biases/forgetting.h>

#include <doctest/doctest.h>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

NdArray bias_for(const Forgetting& forgetting, const NdArray& x, Index num_heads) {
    return bias_of(forgetting, example_heads(x.dim(1), num_heads, 2), Tensor(x), Positions::arange(x.dim(1)));
}

}    // namespace

TEST_CASE("a forgetting Transformer whose tokens all forget alike is ALiBi under a causal mask") {
    for (const Index H : {2, 8, 12}) {
        Rng rng(1);
        const Forgetting forgetting(H, 6, rng);
        parameter_of(forgetting, "weight").set_values(zeros({H, 6}));    // its start otherwise
        const NdArray b = bias_for(forgetting, example_tokens(30, 6), H), alibi = bias_at(Alibi(H), H, 30);
        for (Index h = 0; h < H; ++h)
            for (Index i = 0; i < 30; ++i)
                for (Index j = 0; j < 30; ++j)
                    if (j > i)
                        CHECK(b.at({0, h, i, j}) == hidden_score);
                    else
                        CHECK(std::abs(b.at({0, h, i, j}) - alibi.at({h, i, j})) <=
                              tolerance(2e-5, 1e-13));    // sums of 30 terms up to 0.7
    }
}

TEST_CASE("the scanned decay is the product of the gates between key and query") {
    const Index H = 2, D = 5, T = 9;
    Rng rng(2);
    const Forgetting forgetting(H, D, rng);
    const NdArray x = example_tokens(T, D), b = bias_for(forgetting, x, H);
    const NdArray w = parameter_of(forgetting, "weight").values(), c = parameter_of(forgetting, "bias").values();
    for (Index h = 0; h < H; ++h)
        for (Index i = 0; i < T; ++i) {
            double kept = 1;
            for (Index j = i; j >= 0; --j) {
                CHECK(std::abs(std::exp(static_cast<double>(b.at({0, h, i, j}))) - kept) <= tolerance(3e-6, 1e-14));
                double z = static_cast<double>(c.at({h}));
                for (Index d = 0; d < D; ++d) z += static_cast<double>(w.at({h, d}) * x.at({0, j, d}));
                kept *= 1 / (1 + std::exp(-z));
            }
        }
}

TEST_CASE("one token that forgets everything cuts the text in two") {
    Rng rng(1);
    const Forgetting forgetting(1, 2, rng);
    parameter_of(forgetting, "weight").set_values(NdArray({1, 2}, {1, 0}));
    NdArray x = zeros({1, 8, 2});
    for (Index t = 0; t < 8; ++t) x.mutable_data()[2 * t] = t == 4 ? Scalar(-200) : Scalar(20);    // e^200 is no float
    const NdArray b = bias_for(forgetting, x, 1);
    for (Index i = 0; i < 8; ++i)
        for (Index j = 0; j <= i; ++j) {
            if (j < 4 && i >= 4)
                CHECK(b.at({0, 0, i, j}) < -190);    // as a float, e^-200 is 0: hidden
            else
                CHECK(std::abs(b.at({0, 0, i, j})) <= Scalar(1e-4));    // differences of sums near 200
        }
    CHECK_FALSE(has_nan(b));
}

TEST_CASE("a gate that is closed hides what was before it and spoils nothing after it") {
    for (const Scalar closed : {Scalar(-1e30), -infinity}) {    // gates .5, .5, 0, .5
        Rng rng(1);
        const Forgetting forgetting(1, 1, rng);
        parameter_of(forgetting, "weight").set_values(NdArray({1, 1}, 1));
        parameter_of(forgetting, "bias").set_values(NdArray({1}, 0));
        const Tensor x = Tensor::parameter(NdArray({1, 4, 1}, {0, 0, closed, 0}));
        const ScoreBias bias = forgetting.score_bias(example_heads(4, 1, 2), {Positions::arange(4), x});
        const NdArray row = bias.rows(bias.sources, 3, 4).values();
        CHECK(row.at({0, 0, 0, 0}) == hidden_score);
        CHECK(row.at({0, 0, 0, 1}) == hidden_score);
        CHECK(std::abs(row.at({0, 0, 0, 2}) - std::log(Scalar(0.5))) <= tolerance(1e-6, 1e-14));
        CHECK(row.at({0, 0, 0, 3}) == 0);
        const Tensor zero(zeros({1, 1, 4, 2}));
        Rng values(2);
        sum(attention(zero, zero, Tensor(random_normal({1, 1, 4, 2}, 1, values)), {.bias = bias})).backward();
        CHECK(all_finite(x.grad()));
    }
}

TEST_CASE("forgetting runs along the tokens and wants the layer's input") {
    Rng rng(1);
    const Forgetting forgetting(1, 2, rng);
    const QueryKeyValue qkv = example_heads(3, 1, 2);
    CHECK_THROWS_WITH_AS(forgetting.score_bias(qkv, {Positions::of({0, 2, 1}), Tensor(example_tokens(3, 2))}),
                         "Forgetting: it counts along the tokens, so positions must be 0, 1, ..., T - 1",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(forgetting.score_bias(qkv, {Positions::arange(3), Tensor(example_tokens(3, 4))}),
                         "Forgetting: expected the layer's input [B, 3, 2], got [1, 3, 4]", ShapeError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(forgetting.explain(-1, out),
                         "Forgetting: positions are explained step by step, from 0 to 999999, got -1",
                         PositionOutOfRange);
}

TEST_CASE("two-sided forgetting with equal gates is symmetric ALiBi") {
    Rng rng(1);
    const Forgetting forgetting(1, 2, rng, ForgettingForm::two_sided);
    for (const std::string gate : {"weight", "weight_ahead"}) parameter_of(forgetting, gate).set_values(zeros({1, 2}));
    const Scalar half = static_cast<Scalar>(-std::log(std::expm1(0.5)));    // a slope of 1/2
    for (const std::string gate : {"bias", "bias_ahead"})
        parameter_of(forgetting, gate).set_values(NdArray({1}, {half}));
    const NdArray b = bias_for(forgetting, example_tokens(5, 2), 1);
    const std::vector<double> expected{-1, -0.5, 0, -0.5, -1};
    for (Index j = 0; j < 5; ++j)
        CHECK(std::abs(static_cast<double>(b.at({0, 0, 2, j})) - expected[static_cast<std::size_t>(j)]) <=
              tolerance(1e-6, 1e-14));
}

// Each way by the gates that lie on it, one after the other: f_{j+1} .. f_i back, g_i .. g_{j-1} ahead.
TEST_CASE("two-sided forgetting multiplies the gates on the way and never rewards a distance") {
    const Index H = 2, D = 5, T = 9;
    Rng rng(2);
    const Forgetting forgetting(H, D, rng, ForgettingForm::two_sided);
    const NdArray x = example_tokens(T, D), b = bias_for(forgetting, x, H);
    const auto log_gate = [&](const std::string& which, Index h, Index t) {
        double z = static_cast<double>(parameter_of(forgetting, "bias" + which).values().at({h}));
        const NdArray w = parameter_of(forgetting, "weight" + which).values();
        for (Index d = 0; d < D; ++d) z += static_cast<double>(w.at({h, d}) * x.at({0, t, d}));
        return -std::log1p(std::exp(-z));
    };
    for (Index h = 0; h < H; ++h)
        for (Index i = 0; i < T; ++i) {
            for (Index j = 0; j < T; ++j) {
                double forgotten = 0;
                for (Index t = j + 1; t <= i; ++t) forgotten += log_gate("", h, t);
                for (Index t = i; t < j; ++t) forgotten += log_gate("_ahead", h, t);
                CHECK(std::abs(static_cast<double>(b.at({0, h, i, j})) - forgotten) <= tolerance(5e-6, 1e-13));
                CHECK(b.at({0, h, i, j}) <= 0);
            }
            CHECK(b.at({0, h, i, i}) == 0);
        }
    CHECK_FALSE(forgetting.traits().causal_only);
}

TEST_CASE("a closed gate of two-sided forgetting parts the text and spoils nothing") {
    Rng rng(1);
    const Forgetting forgetting(1, 1, rng, ForgettingForm::two_sided);
    for (const std::string gate : {"weight", "weight_ahead"})
        parameter_of(forgetting, gate).set_values(NdArray({1, 1}, 1));
    for (const std::string gate : {"bias", "bias_ahead"}) parameter_of(forgetting, gate).set_values(zeros({1}));
    const Tensor x = Tensor::parameter(NdArray({1, 4, 1}, {0, 0, -std::numeric_limits<Scalar>::infinity(), 0}));
    const ScoreBias bias = forgetting.score_bias(example_heads(4, 1, 2), {Positions::arange(4), x});
    const NdArray b = bias.rows(bias.sources, 0, 4).values();
    const Scalar l = std::log(Scalar(0.5));
    const std::vector<Scalar> expected{0,
                                       l,
                                       2 * l,
                                       hidden_score,    // ahead, token 2 lets nothing by
                                       l,
                                       0,
                                       l,
                                       hidden_score,    //
                                       hidden_score,
                                       hidden_score,
                                       0,
                                       hidden_score,    // and back it forgets all
                                       hidden_score,
                                       hidden_score,
                                       l,
                                       0};
    for (Index at = 0; at < 16; ++at) {
        const Scalar got = b.at({0, 0, at / 4, at % 4}), right = expected[static_cast<std::size_t>(at)];
        CHECK((got == right || std::abs(got - right) <= tolerance(1e-6, 1e-14)));
    }
    const Tensor zero(zeros({1, 1, 4, 2}));
    Rng values(2);
    sum(attention(zero, zero, Tensor(random_normal({1, 1, 4, 2}, 1, values)), {.bias = bias})).backward();
    CHECK(all_finite(x.grad()));
}
