#include <ordinal/positional/biases/alibi.h>

#include <doctest/doctest.h>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// What attention makes of a bias: softmax(q k^T / sqrt(Dh) + b) under a mask.                   [H, T, T]
NdArray weights(const NdArray& bias, const NdArray& mask) {
    const Index H = bias.dim(0), T = bias.dim(1);
    const QueryKeyValue qkv = example_heads(T, H, 4);
    const Tensor scores = scale(matmul(qkv.query, transpose(qkv.key)), Scalar(0.5)) + Tensor(bias);
    return reshape(softmax(mask.defined() ? masked_fill(scores, mask, hidden_score) : scores).values(), {H, T, T});
}

// +m_h j: what the authors' code adds.
NdArray column_form(Index H, Index T) {
    NdArray bias = zeros({H, T, T});
    for (Index h = 0; h < H; ++h)
        for (Index i = 0; i < T; ++i)
            for (Index j = 0; j < T; ++j)
                bias.mutable_data()[(h * T + i) * T + j] =
                    static_cast<Scalar>(Alibi::slopes(H)[static_cast<std::size_t>(h)] * static_cast<double>(j));
    return bias;
}

constexpr double rounding_of_weights = tolerance(2e-6, 1e-14);    // of softmax weights

}    // namespace

TEST_CASE("the slopes of ALiBi for 8 heads and for 12 are the published ones") {
    CHECK(Alibi::slopes(8) == std::vector<double>{0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625});
    const std::vector<double> twelve = Alibi::slopes(12);    // 8 heads' slopes, then every other slope of 16 heads
    const std::vector<double> expected{0.5,
                                       0.25,
                                       0.125,
                                       0.0625,
                                       0.03125,
                                       0.015625,
                                       0.0078125,
                                       0.00390625,
                                       0.7071067811865476,
                                       0.35355339059327379,
                                       0.17677669529663689,
                                       0.088388347648318447};
    REQUIRE(twelve.size() == 12);
    for (std::size_t h = 0; h < 12; ++h) CHECK(std::abs(twelve[h] - expected[h]) <= 1e-15);
    CHECK(Alibi::slopes(1) == std::vector<double>{0.00390625});    // 2^-8: a single head sees far
}

TEST_CASE("ALiBi is literally minus the slope times the distance") {
    const auto alibi = made("alibi", {.d_model = 8, .num_heads = 2});
    const NdArray b = bias_at(*alibi, 2, Positions::of({0, 1, 5, 2.5}));
    const double ids[] = {0, 1, 5, 2.5}, m[] = {0.0625, 0.00390625};
    for (Index h = 0; h < 2; ++h)
        for (Index i = 0; i < 4; ++i)
            for (Index j = 0; j < 4; ++j)    // exact: products of short binary fractions; not divided by sqrt(Dh)
                CHECK(static_cast<double>(b.at({h, i, j})) == -m[h] * std::abs(ids[i] - ids[j]));
}

TEST_CASE("ALiBi and its column form give the same weights under a causal mask and only there") {
    const Index H = 8, T = 20;
    const NdArray rows = bias_at(Alibi(H), H, T), columns = column_form(H, T);
    CHECK(largest_error(weights(rows, future(0, T, T)), weights(columns, future(0, T, T))) <= rounding_of_weights);
    CHECK(largest_error(weights(rows, NdArray()), weights(columns, NdArray())) > 0.1);
}

TEST_CASE("a flipped sign in ALiBi is caught by the law that weights of equal tokens fade with distance") {
    const Index H = 4, T = 12;
    // Of equal tokens the nearer one gets more weight, in every row of every head.
    const auto fades = [&](const NdArray& bias) {
        for (Index h = 0; h < H; ++h)
            for (Index i = 0; i < T; ++i)
                for (Index j = 0; j < T; ++j)
                    for (Index l = 0; l < T; ++l)
                        if (std::abs(i - j) < std::abs(i - l) && bias.at({h, i, j}) <= bias.at({h, i, l})) return false;
        return true;
    };
    const NdArray right = bias_at(Alibi(H), H, T);
    CHECK(fades(right));
    CHECK_FALSE(fades(-right));    // the planted bug
    CHECK(largest_error(weights(-right, future(0, T, T)), weights(column_form(H, T), future(0, T, T))) > 0.1);
}

TEST_CASE("half of the one-sided heads look back and their mirror images look ahead") {
    const Index H = 4, T = 9;
    const auto alibi = made("alibi(form=one_sided)", {.d_model = 16, .num_heads = H});
    const NdArray b = bias_at(*alibi, H, T), symmetric = bias_at(Alibi(H / 2), H / 2, T);
    for (Index h = 0; h < H / 2; ++h)
        for (Index i = 0; i < T; ++i)
            for (Index j = 0; j < T; ++j) {
                CHECK(b.at({h, i, j}) == (j > i ? hidden_score : symmetric.at({h, i, j})));
                CHECK(b.at({h + H / 2, i, j}) == b.at({h, T - 1 - i, T - 1 - j}));
            }
    CHECK_THROWS_WITH_AS(
        made("alibi(form=one_sided)", {.d_model = 9, .num_heads = 3}),
        "Alibi: one-sided heads come in pairs, one that looks back and one that looks ahead; got 3 heads", OptionError);
}

TEST_CASE("explain of ALiBi names the head that sees farthest - not the last one of 12") {
    std::ostringstream eight, twelve;
    Alibi(8).explain(1, eight);
    Alibi(12).explain(1, twelve);
    const std::string end = "; head 7 has the smallest m = 0.00390625 and sees farthest\n";
    for (const std::string& text : {eight.str(), twelve.str()}) CHECK(text.substr(text.size() - end.size()) == end);
}

TEST_CASE("ALiBi wants the heads it was made for") {
    CHECK_THROWS_WITH_AS(Alibi(8).score_bias(example_heads(5, 4, 2), {Positions::arange(5), Tensor()}),
                         "Alibi: expected queries [B, 8, 5, Dh], got [1, 4, 5, 2]", ShapeError);
    CHECK_THROWS_WITH_AS(
        Alibi(1, AlibiForm::one_sided),
        "Alibi: one-sided heads come in pairs, one that looks back and one that looks ahead; got 1 heads", OptionError);
    CHECK_THROWS_WITH_AS(Alibi(0), "Alibi: expected at least one head, got 0", OptionError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(Alibi(2).explain(-1, out),
                         "Alibi: positions are explained step by step, from 0 to 999999, got -1", PositionOutOfRange);
}
