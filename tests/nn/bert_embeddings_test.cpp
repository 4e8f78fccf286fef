#include <ordinal/nn/bert_embeddings.h>

#include <doctest/doctest.h>

#include <ordinal/positional/learned_table.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

const IndexArray some_ids({2, 3}, {1, 4, 2, 0, 4, 4});

double deviation(const NdArray& a) {
    double mean = 0, squares = 0;
    const auto n = static_cast<double>(a.size());
    for (Scalar x : a.to_vector()) {
        mean += static_cast<double>(x) / n;
        squares += static_cast<double>(x) * static_cast<double>(x) / n;
    }
    return std::sqrt(squares - mean * mean);
}

}    // namespace

TEST_CASE("BertEmbeddings adds token and segment and position and then normalises") {
    Rng rng(1);
    const auto table = std::make_shared<LearnedTable>(5, 6, rng);
    const BertEmbeddings layer({.vocab_size = 7, .d_model = 6, .dropout = 0}, table, rng);
    for (const auto& [name, tensor] : layer.parameters()) tensor.set_values(random_normal(tensor.shape(), 1, rng));
    const IndexArray segments({2, 3}, {0, 0, 1, 1, 1, 0});
    const Positions positions = Positions::of({4, 0, 2});
    const NdArray h = layer.forward(some_ids, positions, Mode::evaluation(), segments).values();
    CHECK(h.shape() == Shape{2, 3, 6});

    const auto at = [&](const std::string& name, std::initializer_list<Index> index) {
        return static_cast<double>(parameter_of(layer, name).values().at(index));
    };
    for (Index b = 0; b < 2; ++b)
        for (Index t = 0; t < 3; ++t) {
            std::vector<double> sum;
            double mean = 0, variance = 0;
            for (Index i = 0; i < 6; ++i) {
                sum.push_back(at("word_embeddings.weight", {some_ids[b * 3 + t], i}) +
                              at("token_type_embeddings.weight", {segments[b * 3 + t], i}) +
                              at("position_embeddings.weight", {static_cast<Index>(positions[t]), i}));
                mean += sum.back() / 6;
            }
            for (double value : sum) variance += (value - mean) * (value - mean) / 6;
            for (Index i = 0; i < 6; ++i) {
                const double expected = (sum[static_cast<std::size_t>(i)] - mean) / std::sqrt(variance + 1e-12) *
                                            at("LayerNorm.weight", {i}) +
                                        at("LayerNorm.bias", {i});
                CHECK(std::abs(static_cast<double>(h.at({b, t, i})) - expected) <=
                      tolerance(5e-6, 1e-14));    // some 20 roundings
            }
        }
}

TEST_CASE("BertEmbeddings has the parameter names of published checkpoints") {
    Rng rng(2);
    const BertEmbeddingOptions options{.vocab_size = 7, .d_model = 6};
    CHECK(names(BertEmbeddings(options, std::make_shared<LearnedTable>(5, 6, rng), rng)) ==
          std::vector<std::string>{"word_embeddings.weight", "token_type_embeddings.weight",
                                   "position_embeddings.weight", "LayerNorm.weight", "LayerNorm.bias"});
    CHECK(names(BertEmbeddings(options, nullptr, rng)) ==
          std::vector<std::string>{"word_embeddings.weight", "token_type_embeddings.weight", "LayerNorm.weight",
                                   "LayerNorm.bias"});
}

TEST_CASE("BertEmbeddings drops out after the norm and in training only") {
    Rng rng(3);
    const BertEmbeddings layer({.vocab_size = 7, .d_model = 64, .dropout = 0.25}, nullptr, rng);
    const NdArray still = layer.forward(some_ids, Positions::arange(3), Mode::evaluation()).values();
    Rng dice(4);
    const NdArray dropped = layer.forward(some_ids, Positions::arange(3), Mode::training(dice)).values();
    const std::vector<Scalar> a = still.to_vector(), b = dropped.to_vector();
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
    Rng rng(5);
    const BertEmbeddings layer({.vocab_size = 7, .d_model = 6, .dropout = 0}, nullptr, rng);
    const auto run = [&](const IndexArray& segments) {
        return layer.forward(some_ids, Positions::arange(3), Mode::evaluation(), segments).values();
    };
    CHECK(same_numbers(run({}), run(IndexArray({2, 3}, {0, 0, 0, 0, 0, 0}))));
    CHECK_FALSE(same_numbers(run({}), run(IndexArray({2, 3}, {1, 1, 1, 1, 1, 1}))));
}

TEST_CASE("BertEmbeddings explains ids and segments and positions that do not fit") {
    Rng rng(6);
    const BertEmbeddings layer({.vocab_size = 7, .d_model = 6}, std::make_shared<LearnedTable>(4, 6, rng), rng);
    const auto run = [&](const IndexArray& ids, Index positions, const IndexArray& segments = {}) {
        return layer.forward(ids, Positions::arange(positions), Mode::evaluation(), segments);
    };
    CHECK_THROWS_WITH_AS(run(some_ids, 2),
                         "BertEmbeddings: expected ids [B, T] and T positions, got ids [2, 3] and 2 positions",
                         ShapeError);
    CHECK_THROWS_WITH_AS(run(IndexArray({3}, {0, 1, 2}), 3),
                         "BertEmbeddings: expected ids [B, T] and T positions, got ids [3] and 3 positions",
                         ShapeError);
    CHECK_THROWS_WITH_AS(run(some_ids, 3, IndexArray({3, 2}, {0, 0, 0, 0, 0, 0})),
                         "BertEmbeddings: ids [2, 3] need segment_ids of the same shape, got [3, 2]", ShapeError);
    CHECK_THROWS_WITH_AS(run(some_ids, 3, IndexArray({2, 3}, {0, 0, 0, 0, 0, 2})),
                         "gather_rows: row 2 is outside a table of 2 rows", IndexError);
    CHECK_THROWS_WITH_AS(run(IndexArray({1, 1}, {7}), 1), "gather_rows: row 7 is outside a table of 7 rows",
                         IndexError);
    CHECK_THROWS_AS(run(IndexArray({1, 5}, {0, 0, 0, 0, 0}), 5), PositionOutOfRange);
}

TEST_CASE("an empty sequence passes the embeddings as an empty one") {
    Rng rng(7);
    const BertEmbeddings layer({.vocab_size = 7, .d_model = 6, .dropout = 0}, std::make_shared<LearnedTable>(4, 6, rng),
                               rng);
    CHECK(layer.forward(IndexArray({2, 0}, {}), Positions::arange(0), Mode::evaluation()).shape() == Shape{2, 0, 6});
}

TEST_CASE("BERT starts from a normal cut at two deviations - or from a plain one") {
    Rng rng(8);
    const BertEmbeddings cut({.vocab_size = 2000, .d_model = 32}, nullptr, rng);
    const BertEmbeddings plain({.vocab_size = 2000, .d_model = 32, .truncated = false}, nullptr, rng);
    // 64000 draws: the estimate deviates by sd / sqrt(2 n) = 0.3 %, 5 of these allowed. Cut at 2, sd is 0.8796 of 0.02.
    CHECK(std::abs(deviation(cut.word_table().values()) / (0.8796 * 0.02) - 1) < 0.015);
    CHECK(std::abs(deviation(plain.word_table().values()) / 0.02 - 1) < 0.015);
    const auto largest = [](const NdArray& a) {
        double most = 0;
        for (Scalar x : a.to_vector()) most = std::max(most, std::abs(static_cast<double>(x)));
        return most;
    };
    CHECK(largest(cut.word_table().values()) <= 0.04 + 1e-8);    // two deviations, rounded to float
    CHECK(largest(plain.word_table().values()) > 0.06);          // the largest of 64000 lies beyond 3 deviations
}

TEST_CASE("BertEmbeddings passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(9);
    const BertEmbeddings layer({.vocab_size = 5, .d_model = 4, .dropout = 0}, std::make_shared<LearnedTable>(4, 4, rng),
                               rng);
    CHECK(wrong_gradients(layer, {}, rng, [&] {
              return layer.forward(some_ids, Positions::arange(3), Mode::evaluation(),
                                   IndexArray({2, 3}, {0, 1, 0, 1, 1, 0}));
          }) == "");
}
