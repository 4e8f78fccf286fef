#include <ordinal/positional/rotations/selective_rotary.h>

#include <doctest/doctest.h>

#include <complex>

#include <ordinal/positional/rotations/rotary.h>
#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

NdArray tokens(Index length, Index width = 8) {
    Rng rng(11);
    return random_normal({1, length, width}, 1, rng);
}

double number(const NdArray& x, std::initializer_list<Index> at) { return static_cast<double>(x.at(at)); }

}    // namespace

TEST_CASE("with one step for every token selective RoPE is RoPE to the last bit") {
    const Index T = 300;
    const QueryKeyValue qkv = example_heads(T, 2, 4);
    const AttentionContext context{Positions::arange(T), Tensor(tokens(T))};
    for (const std::string layout : {"interleaved", "half"}) {
        const auto selective = made("selective_rope(layout=" + layout + ")", small);
        parameter_of(*selective, "weight").set_values(zeros({4, 8}));
        const auto rope = made("rope(layout=" + layout + ")", small);
        for (const double step : {1.0, 3.0, -0.5}) {    // token t has made t + 1 steps, itself included
            parameter_of(*selective, "bias").set_values(NdArray(Shape{4}, static_cast<Scalar>(step)));
            const QueryKeyValue a = selective->apply_to_queries_and_keys(qkv, context),
                                b = rope->apply_to_queries_and_keys(qkv, {Positions::arange(T, 1).scaled(step)});
            CHECK(same_numbers(a.query.values(), b.query.values()));
            CHECK(same_numbers(a.key.values(), b.key.values()));
            CHECK(same_numbers(a.value.values(), qkv.value.values()));
        }
        parameter_of(*selective, "bias").set_values(zeros({4}));    // nobody moves on
        CHECK(same_numbers(selective->apply_to_queries_and_keys(qkv, context).query.values(), qkv.query.values()));
    }
}

// e^b (R q) . (R k): the weight of a linear attention. With a softmax the weight is e^b e^((R q) . (R k) / sqrt(Dh)).
TEST_CASE("selective RoPE beside forgetting is one product of complex numbers for each token on the way") {
    const Index T = 50, H = 2, P = 2, D = 8;
    const auto both = made("selective_rope + forgetting", small);
    const QueryKeyValue qkv = example_heads(T, H, 2 * P);
    const NdArray x = tokens(T);
    const AttentionContext context{Positions::arange(T), Tensor(x)};
    const QueryKeyValue rotated = both->apply_to_queries_and_keys(qkv, context);
    const NdArray products = matmul(rotated.query, transpose(rotated.key)).values();
    const NdArray bias = bias_of(*both, qkv, Tensor(x), Positions::arange(T));
    const auto values = [&](const std::string& name) { return parameter_of(*both, name).values(); };
    const auto linear = [&](const std::string& part, Index row, Index t) {    // row of W . x_t + c
        double sum = number(values(part + ".bias"), {row});
        for (Index d = 0; d < D; ++d) sum += number(values(part + ".weight"), {row, d}) * number(x, {0, t, d});
        return sum;
    };
    double worst = 0;
    for (Index h = 0; h < H; ++h)
        for (const Index i : {0, 7, 49}) {
            std::vector<std::complex<double>> way(P, 1);    // from key j to query i, for each pair
            for (Index j = i; j >= 0; --j) {
                double together = 0;
                for (Index p = 0; p < P; ++p) {
                    const auto at = [&](const Tensor& t, Index k) {
                        return std::complex<double>(number(t.values(), {0, h, k, 2 * p}),
                                                    number(t.values(), {0, h, k, 2 * p + 1}));
                    };
                    const std::complex<double> z = way[static_cast<std::size_t>(p)];
                    together += (at(qkv.query, i) * std::conj(at(qkv.key, j)) * z).real();
                    const double w = std::pow(10000, -static_cast<double>(p) / P);
                    const double keeps = 1 / (1 + std::exp(-linear("1", h, j)));    // f_j e^(i w s_j)
                    way[static_cast<std::size_t>(p)] *=
                        keeps * std::exp(std::complex<double>(0, w * linear("0", h * P + p, j)));
                }
                worst = std::max(
                    worst, std::abs(number(products, {0, h, i, j}) * std::exp(number(bias, {0, h, i, j})) - together));
            }
        }
    CHECK(worst <= tolerance(2e-5, 1e-12));    // products up to 10 of angles up to 60
}

TEST_CASE("what later tokens say turns no earlier query or key") {
    const Index T = 30, t = 12;
    const QueryKeyValue qkv = example_heads(T, 2, 4);
    const auto selective = made("selective_rope", small);
    NdArray x = tokens(T), other = tokens(T);
    for (Index d = 0; d < 8; ++d) other.set({0, t, d}, 5);
    const auto query = [&](const NdArray& in) {
        return selective->apply_to_queries_and_keys(qkv, {Positions::arange(T), Tensor(in)}).query.values();
    };
    CHECK(same_numbers(slice(query(x), 2, 0, t), slice(query(other), 2, 0, t)));
    for (Index k = t; k < T; ++k)
        CHECK_FALSE(same_numbers(slice(query(x), 2, k, k + 1), slice(query(other), 2, k, k + 1)));
}

TEST_CASE("the steps of many tokens keep their digits") {
    const Index T = 20000;    // a plain sum in float would be off by some thousandths
    Rng rng(1);
    const SelectiveRotary selective(1, 2, 1, rng);
    parameter_of(selective, "weight").set_values(zeros({1, 1}));
    parameter_of(selective, "bias").set_values(NdArray(Shape{1}, Scalar(0.1)));
    const NdArray east(Shape{1, 1, T, 2}, 1);
    const NdArray y = selective
                          .apply_to_queries_and_keys({Tensor(east), Tensor(east), Tensor(east)},
                                                     {Positions::arange(T), Tensor(zeros({1, T, 1}))})
                          .query.values();
    double worst = 0;
    for (Index t = 0; t < T; ++t) {
        const double angle = static_cast<double>(t + 1) * static_cast<double>(Scalar(0.1));
        worst = std::max(worst, std::abs(number(y, {0, 0, t, 0}) - (std::cos(angle) - std::sin(angle))));
    }
    CHECK(worst <= tolerance(1e-6, 1e-10));
}

TEST_CASE("selective RoPE refuses what it cannot count along") {
    const auto selective = made("selective_rope", small);
    const QueryKeyValue qkv = example_heads(5, 2, 4);
    const Tensor x(tokens(5));
    CHECK_THROWS_WITH_AS(selective->apply_to_queries_and_keys(qkv, {Positions::arange(5)}),
                         "SelectiveRotary: expected the layer's input [1, 5, 8], got none", ShapeError);
    CHECK_THROWS_WITH_AS(selective->apply_to_queries_and_keys(qkv, {Positions::arange(5), Tensor(tokens(5, 6))}),
                         "SelectiveRotary: expected the layer's input [1, 5, 8], got [1, 5, 6]", ShapeError);
    CHECK_THROWS_WITH_AS(selective->apply_to_queries_and_keys(example_heads(5, 3, 4), {Positions::arange(5), x}),
                         "SelectiveRotary: expected queries [B, 2, 5, 4], got [1, 3, 5, 4]", ShapeError);
    CHECK_THROWS_WITH_AS(selective->apply_to_queries_and_keys(qkv, {Positions::arange(5, 1), x}),
                         "SelectiveRotary: it counts along the tokens, so positions must be 0, 1, ..., T - 1",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(made("selective_rope", {.d_model = 6, .num_heads = 2}),
                         "Rotary: expected an even head_dim (pairs that rotate), got 3", ShapeError);
    Rng rng(1);
    CHECK_THROWS_WITH_AS(SelectiveRotary(0, 4, 8, rng),
                         "SelectiveRotary: expected heads and a d_model > 0, got 0 and 8", OptionError);
}
