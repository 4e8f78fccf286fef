#include <ordinal/positional/rotations/rotary.h>

#include <doctest/doctest.h>

#include <numbers>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Two products and a sum of numbers up to 4; angles k w_j are rounded twice (relatively 1.5e-15) for k up to 6000.
constexpr double rounding_of_rotations = tolerance(2e-6, 2e-11);

// The scores q_i . k_j of rotated example heads: [H, T, T].
NdArray rotated_scores(const Encoding& encoding, const QueryKeyValue& qkv, const Positions& positions) {
    const QueryKeyValue rotated = encoding.apply_to_queries_and_keys(qkv, {positions});
    return reshape(matmul(rotated.query, transpose(rotated.key)).values(),
                   {qkv.query.dim(1), positions.size(), positions.size()});
}

// The same vector at all positions, for each head: what is left in the scores is position.
QueryKeyValue equal_tokens(Index length, Index num_heads, Index head_dim) {
    const QueryKeyValue one = example_heads(1, num_heads, head_dim);
    const auto repeated = [&](const Tensor& t) { return broadcast_to(t, {1, num_heads, length, head_dim}); };
    return {repeated(one.query), repeated(one.key), repeated(one.value)};
}

double departure_from_toeplitz(const NdArray& S) {    // [H, T, T]
    double largest = 0;
    for (Index h = 0; h < S.dim(0); ++h)
        for (Index i = 0; i + 1 < S.dim(1); ++i)
            for (Index j = 0; j + 1 < S.dim(2); ++j)
                largest = std::max(largest, std::abs(static_cast<double>(S.at({h, i + 1, j + 1}) - S.at({h, i, j}))));
    return largest;
}

// interleaved (0, 1), (2, 3), ... -> half (0, Dh/2), (1, Dh/2 + 1), ...: out[i] = in[from[i]] along the last axis.
std::vector<Index> half_from_interleaved(Index head_dim) {
    std::vector<Index> from(static_cast<std::size_t>(head_dim));
    for (Index j = 0; j < head_dim / 2; ++j) {
        from[static_cast<std::size_t>(j)] = 2 * j;
        from[static_cast<std::size_t>(j + head_dim / 2)] = 2 * j + 1;
    }
    return from;
}
Tensor permuted(const Tensor& x, const std::vector<Index>& from) {
    std::vector<Tensor> columns;
    for (const Index i : from) columns.push_back(slice(x, -1, i, i + 1));
    return concat(columns, -1);
}

}    // namespace

TEST_CASE("the source of a rotary encoding names the paper of its scaling too") {
    const auto source = [](const std::string& name) {
        return made(name, {.d_model = 16, .num_heads = 2})->traits().source;
    };
    const std::string plain = "Su et al. 2021, arXiv 2104.09864, section 3.2";
    CHECK(source("rope") == plain);
    CHECK(source("rope(scaling=linear, factor=2)") == plain + "; slowed down as in Chen et al. 2023, arXiv 2306.15595");
    for (const std::string scaling : {"ntk", "yarn"})
        CHECK(source("rope(scaling=" + scaling + ", factor=2)") ==
              plain + "; slowed down as in Peng et al. 2023, arXiv 2309.00071");
    for (const std::string scaling : {"llama3", "dynamic"})
        CHECK(source("rope(scaling=" + scaling + ", factor=2)") ==
              plain + "; slowed down as in transformers, modeling_rope_utils.py");
    CHECK(source("rope(part=0.75)") == plain + "; a part of the pairs as in Barbero et al. 2025, arXiv 2410.06205");
    CHECK(source("rope(part=0.5, spectrum=whole)") ==
          plain + "; a part of the pairs as in Black et al. 2022, arXiv 2204.06745");
}

TEST_CASE("RoPE rotates each pair by position times frequency - against long double") {
    const Index Dh = 8;
    const QueryKeyValue qkv = example_heads(3, 2, Dh);
    const Positions positions = Positions::of({2, 5000, 0.5});
    for (const PairLayout layout : {PairLayout::interleaved, PairLayout::half}) {
        const QueryKeyValue rotated = Rotary(2, Dh, layout).apply_to_queries_and_keys(qkv, {positions});
        double worst = 0;
        for (const auto& [before, after] : {std::pair{qkv.query, rotated.query}, std::pair{qkv.key, rotated.key}})
            for (Index h = 0; h < 2; ++h)
                for (Index t = 0; t < 3; ++t)
                    for (Index j = 0; j < Dh / 2; ++j) {
                        const Index a = layout == PairLayout::half ? j : 2 * j;
                        const Index b = layout == PairLayout::half ? j + Dh / 2 : 2 * j + 1;
                        const long double angle =
                            static_cast<long double>(positions[t]) / std::pow(10.0L, static_cast<long double>(j));
                        const long double x = before.values().at({0, h, t, a}), y = before.values().at({0, h, t, b});
                        worst =
                            std::max(worst, static_cast<double>(std::abs(after.values().at({0, h, t, a}) -
                                                                         (x * std::cos(angle) - y * std::sin(angle)))));
                        worst =
                            std::max(worst, static_cast<double>(std::abs(after.values().at({0, h, t, b}) -
                                                                         (x * std::sin(angle) + y * std::cos(angle)))));
                    }
        CHECK(worst <= rounding_of_rotations);    // 10000^(-2j/8) = 10^-j
        CHECK(same_numbers(rotated.value.values(), qkv.value.values()));
    }
}

// Both go wrong without a sound: on short texts the slow angles are small, whichever numbers are a pair and however
// they are rounded. The figures are from a computation in double.
TEST_CASE("the numbers of a pair and the angles of a far position") {
    const auto rotated = [](const std::vector<Scalar>& q, double k, PairLayout layout) {
        const Index Dh = std::ssize(q);
        const Tensor t(NdArray(Shape{1, 1, 1, Dh}, q));
        return Rotary(1, Dh, layout).apply_to_queries_and_keys({t, t, t}, {Positions::of({k})}).query.values();
    };
    const auto near = [](const NdArray& found, const std::vector<double>& expected) {
        double worst = 0;
        for (std::size_t i = 0; i < expected.size(); ++i)
            worst = std::max(worst, std::abs(static_cast<double>(found.to_vector()[i]) - expected[i]));
        return worst <= tolerance(1e-6, 1e-6);    // six digits after the point are given
    };
    CHECK(near(rotated({1, 2, 3, 4}, 1, PairLayout::interleaved), {-1.142640, 1.922076, 2.959851, 4.029800}));
    CHECK(near(rotated({1, 2, 3, 4}, 1, PairLayout::half), {-1.984111, 1.959901, 2.462378, 4.019800}));
    std::vector<Scalar> pair_1(32, 0);
    pair_1[2] = 1;
    CHECK(std::abs(static_cast<double>(rotated(pair_1, 1857, PairLayout::interleaved).at({0, 0, 0, 2})) - 0.30669281) <=
          tolerance(1e-7, 5e-9));    // with the product of position and frequency in float: 0.30671053
    pair_1.assign(64, 0);
    pair_1[2] = 1;
    CHECK(std::abs(static_cast<double>(rotated(pair_1, 4095, PairLayout::interleaved).at({0, 0, 0, 2})) + 0.08991009) <=
          tolerance(1e-7, 5e-9));
}

TEST_CASE("RoPE scores depend on the distance only and keep the length of each vector") {
    for (const std::string specification :
         {"rope", "rope(layout=half)", "rope(base=100)", "rope(scaling=linear, factor=4)",
          "rope(scaling=ntk, factor=4)", "rope(scaling=yarn, factor=4, trained=64)",
          "rope(scaling=llama3, factor=4, trained=64)", "rope(scaling=dynamic, factor=4, trained=8)", "rope(part=0.5)",
          "rope(part=0.75, spectrum=whole, layout=half)"}) {
        CAPTURE(specification);
        const auto encoding = made(specification, {.d_model = 16, .num_heads = 2});
        const NdArray S = rotated_scores(*encoding, equal_tokens(30, 2, 8), Positions::arange(30));
        CHECK(departure_from_toeplitz(S) <= tolerance(2e-5, 1e-13));    // sums of 8 products of numbers up to 3
        const QueryKeyValue qkv = example_heads(12, 2, 8);
        const NdArray here = rotated_scores(*encoding, qkv, Positions::arange(12));
        for (const double start : {1.0, 1000.0, -7.0, 0.25})
            CHECK(largest_error(rotated_scores(*encoding, qkv, Positions::arange(12).shifted(start)), here) <=
                  tolerance(2e-5, 1e-11));
    }
    const QueryKeyValue qkv = example_heads(12, 2, 8);
    const QueryKeyValue rotated = Rotary(2, 8).apply_to_queries_and_keys(qkv, {Positions::arange(12, 100)});
    const auto lengths = [](const Tensor& x) { return sum(x * x, 3).values(); };
    CHECK(largest_error(lengths(rotated.query), lengths(qkv.query)) <= rounding_of_rotations);
    CHECK_FALSE(same_numbers(rotated.query.values(), qkv.query.values()));
}

TEST_CASE("the two layouts of RoPE are one permutation of the features") {
    const Index Dh = 8;
    const QueryKeyValue qkv = example_heads(10, 2, Dh);
    const std::vector<Index> from = half_from_interleaved(Dh);
    const QueryKeyValue swapped{permuted(qkv.query, from), permuted(qkv.key, from), qkv.value};
    const QueryKeyValue interleaved =
        Rotary(2, Dh, PairLayout::interleaved).apply_to_queries_and_keys(qkv, {Positions::arange(10)});
    const QueryKeyValue half =
        Rotary(2, Dh, PairLayout::half).apply_to_queries_and_keys(swapped, {Positions::arange(10)});
    CHECK(same_numbers(half.query.values(), permuted(interleaved.query, from).values()));
    CHECK(same_numbers(half.key.values(), permuted(interleaved.key, from).values()));
    // Without the permutation they are different encodings: loading one's weights into the other breaks a model.
    const NdArray wrong = rotated_scores(Rotary(2, Dh, PairLayout::half), qkv, Positions::arange(10));
    CHECK(largest_error(wrong, rotated_scores(Rotary(2, Dh), qkv, Positions::arange(10))) > 0.1);
}

TEST_CASE("permuting the rows of the query and key weights turns a model of one layout into the other") {
    const Index D = 8, H = 2, Dh = D / H;
    Rng rng(3);
    const MultiHeadAttention one(D, H, rng, 0, std::make_shared<Rotary>(H, Dh, PairLayout::interleaved));
    const MultiHeadAttention other(D, H, rng, 0, std::make_shared<Rotary>(H, Dh, PairLayout::half));
    for (const std::string& name : names(one)) {
        NdArray values = parameter_of(one, name).values();
        if (name.find("query") == 0 || name.find("key") == 0) {
            std::vector<NdArray> rows;
            for (Index h = 0; h < H; ++h)
                for (const Index i : half_from_interleaved(Dh))
                    rows.push_back(slice(values, 0, h * Dh + i, h * Dh + i + 1));
            values = concat(rows, 0);
        }
        parameter_of(other, name).set_values(values);
    }
    const Tensor x(random_normal({2, 7, D}, 1, rng));
    const auto run = [&](const MultiHeadAttention& layer) { return layer.forward(x, Mode::evaluation()).values(); };
    CHECK(largest_error(run(other), run(one)) <= rounding_of_rotations);
}

TEST_CASE("position interpolation is RoPE at positions divided by the factor") {
    const QueryKeyValue qkv = example_heads(9, 2, 8);
    const NdArray stretched = rotated_scores(*made("rope(scaling=linear, factor=4)", {.d_model = 16, .num_heads = 2}),
                                             qkv, Positions::arange(9));
    CHECK(largest_error(stretched, rotated_scores(Rotary(2, 8), qkv, Positions::arange(9).scaled(0.25))) <=
          rounding_of_rotations);
}

TEST_CASE("NTK scaling keeps the highest frequency and divides the lowest by the factor") {
    const auto plain = rotary_frequencies(64, {}).w;
    const auto ntk = rotary_frequencies(64, {.scaling = RotaryScaling::ntk, .factor = 8}).w;
    CHECK(ntk.front() == 1);
    CHECK(std::abs(ntk.back() * 8 / plain.back() - 1) <= 1e-13);    // (base s^(d/(d-2)))^(-(d-2)/d) = w / s
    for (std::size_t j = 0; j + 1 < ntk.size(); ++j) {              // and bends gradually in between
        CHECK(ntk[j] <= plain[j]);
        CHECK(ntk[j] >= plain[j] / 8);
        CHECK(ntk[j + 1] / plain[j + 1] < ntk[j] / plain[j]);
    }
}

TEST_CASE("YaRN asks each pair how often it rotated in training") {
    const Index trained = 2048;
    const auto plain = rotary_frequencies(128, {}).w;
    const RotaryFrequencies yarn =
        rotary_frequencies(128, {.scaling = RotaryScaling::yarn, .factor = 16, .trained = trained});
    CHECK(std::abs(yarn.attention_scaling - 1.2772588722239782) <= 1e-15);    // 0.1 ln 16 + 1
    Index kept = 0, stretched = 0;
    for (std::size_t j = 0; j < plain.size(); ++j) {
        const double rotations = static_cast<double>(trained) * plain[j] / (2 * std::numbers::pi);
        if (rotations > 32) {
            CHECK(yarn.w[j] == plain[j]);
            ++kept;
        } else if (rotations < 1) {
            CHECK(yarn.w[j] == plain[j] / 16);
            ++stretched;
        } else {
            CHECK(yarn.w[j] < plain[j]);
            CHECK(yarn.w[j] > plain[j] / 16);
        }
    }
    // 2048 10000^(-j/64) / (2 pi) = 32 at j = 16.1 and = 1 at j = 40.2.
    CHECK(kept == 17);
    CHECK(stretched == 23);
    CHECK(share_kept(16.5, fast_in_yarn) == 0.5);    // the middle of 1 .. 32
    const RotaryFrequencies unscaled = rotary_frequencies(128, {.scaling = RotaryScaling::yarn, .factor = 1});
    CHECK(unscaled.attention_scaling == 1);
    for (std::size_t j = 0; j < plain.size(); ++j) CHECK(std::abs(unscaled.w[j] / plain[j] - 1) <= 1e-15);
}

TEST_CASE("the temperature of YaRN makes every score larger by its square") {
    const auto yarn = made("rope(scaling=yarn, factor=8, trained=1000000000)", {.d_model = 16, .num_heads = 2});
    const QueryKeyValue qkv = example_heads(6, 2, 8);    // trained so long that all pairs keep their frequency
    const double attention_scaling = 0.1 * std::log(8.0) + 1;
    CHECK(largest_error(rotated_scores(*yarn, qkv, Positions::arange(6)),
                        rotated_scores(Rotary(2, 8), qkv, Positions::arange(6)) *
                            static_cast<Scalar>(attention_scaling * attention_scaling)) <= rounding_of_rotations);
}

TEST_CASE("RoPE refuses what cannot rotate") {
    CHECK_THROWS_WITH_AS(Rotary(2, 5), "Rotary: expected an even head_dim (pairs that rotate), got 5", ShapeError);
    CHECK_THROWS_WITH_AS(made("rope", {.d_model = 6, .num_heads = 2}),
                         "Rotary: expected an even head_dim (pairs that rotate), got 3", ShapeError);
    CHECK_THROWS_WITH_AS(Rotary(2, 8).apply_to_queries_and_keys(example_heads(4, 3, 8), {Positions::arange(4)}),
                         "Rotary: expected queries [B, 2, 4, 8], got [1, 3, 4, 8]", ShapeError);
    for (const std::string scaling : {"linear", "ntk", "yarn", "llama3", "dynamic"})
        CHECK_THROWS_WITH_AS(
            made("rope(scaling=" + scaling + ")", {}),
            "rope: a scaling needs a factor: how many times longer than the training, for example factor=4",
            OptionError);
    CHECK_THROWS_WITH_AS(made("rope(base=0.1)", {}),
                         "Rotary: expected a base >= 1, a factor >= 1 and a trained length > 0, got 0.1, 1 and 512",
                         OptionError);
    CHECK_THROWS_WITH_AS(made("rope(scaling=linear, factor=0.5)", {}),
                         "Rotary: expected a base >= 1, a factor >= 1 and a trained length > 0, got 10000, 0.5 and 512",
                         OptionError);
    CHECK_THROWS_WITH_AS(made("rope(scaling=ntk, factor=2)", {.d_model = 4, .num_heads = 2}),
                         "Rotary: ntk lowers the lowest of several frequencies, and there is one. Use linear",
                         OptionError);
    CHECK_THROWS_WITH_AS(made("rope(factor=4)", {}),
                         "rope: a factor needs a scaling: linear, ntk, yarn, llama3 or dynamic", OptionError);
    CHECK_THROWS_WITH_AS(made("rope(scaling=linear, trained=64)", {}),
                         "rope: only the scalings yarn, llama3 and dynamic ask for 'trained'", OptionError);
    CHECK_THROWS_WITH_AS(
        made("rope(scaling=dynamic, factor=2, part=0.5, spectrum=whole)", {.d_model = 8, .num_heads = 2}),
        "Rotary: dynamic lowers the lowest of several frequencies, and there is one. Use linear", OptionError);
    for (const std::string part : {"0.1", "1.5", "-1", "0"})
        CHECK_THROWS_WITH_AS(
            made("rope(part=" + part + ")", {.d_model = 16, .num_heads = 2}),
            text_of("Rotary: expected a part of the 4 pairs, at least one and at most all of them, got ", part,
                    "; where nothing should rotate take none")
                .c_str(),
            OptionError);
    CHECK_THROWS_WITH_AS(made("rope(spectrum=whole)", {}),
                         "rope: a spectrum needs a part of the pairs, for example part=0.5", OptionError);
    CHECK_THROWS_WITH_AS(
        Rotary(2, 8, PairLayout::half, {.scaling = RotaryScaling::dynamic, .factor = 2})
            .apply_to_queries_and_keys(example_heads(4, 2, 8), {Positions::arange(4).with_lengths({3, 2})}),
        "Rotary: expected the lengths of 1 texts, got 2", ShapeError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(Rotary(2, 8).explain(-1, out),
                         "Rotary: positions are explained step by step, from 0 to 999999, got -1", PositionOutOfRange);
}
