#include <ordinal/positional/biases/cope.h>

#include <doctest/doctest.h>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

constexpr double rounding_of_counts = tolerance(3e-6, 1e-13);    // counts up to 12, times codes of size 1

// One head of width 2. Queries (1, 1); keys (20, 0) where a token counts, (-20, 0) where it does not: gates of 1 and 0.
QueryKeyValue counting(const std::vector<int>& counts) {
    const auto T = static_cast<Index>(counts.size());
    NdArray q({1, 1, T, 2}, 1), k = zeros({1, 1, T, 2});
    for (Index t = 0; t < T; ++t)
        k.mutable_data()[2 * t] = counts[static_cast<std::size_t>(t)] != 0 ? Scalar(60) : Scalar(-60);
    return {Tensor(q), Tensor(k), Tensor(q)};
}

// e[n] = (n, 0): then b(i, j) = q . e[p] is the count p itself.
Cope ruler(Index counts) {
    Rng rng(1);
    const Cope cope(1, 2, counts, rng);
    NdArray codes = zeros({counts, 2});
    for (Index n = 0; n < counts; ++n) codes.mutable_data()[2 * n] = static_cast<Scalar>(n);
    parameter_of(cope, "codes").set_values(codes);
    return cope;
}

}    // namespace

TEST_CASE("CoPE counts the tokens that matter and no others") {
    const std::vector<int> counts{1, 0, 0, 1, 1, 0, 0, 1, 0, 0};
    const auto T = static_cast<Index>(counts.size());
    const NdArray p = bias_of(ruler(64), counting(counts), Tensor(), Positions::arange(T));
    for (Index i = 0; i < T; ++i) {
        Index count = 0;
        for (Index j = i; j >= 0; --j) {
            count += counts[static_cast<std::size_t>(j)];
            CHECK(std::abs(static_cast<double>(p.at({0, 0, i, j})) - static_cast<double>(count)) <= rounding_of_counts);
        }
        for (Index j = i + 1; j < T; ++j) CHECK(p.at({0, 0, i, j}) == hidden_score);
    }
}

TEST_CASE("when every token counts CoPE is a clipped distance as Shaw's") {
    const NdArray p = bias_of(ruler(5), counting(std::vector<int>(12, 1)), Tensor(), Positions::arange(12));
    for (Index i = 0; i < 12; ++i)
        for (Index j = 0; j <= i; ++j)
            CHECK(std::abs(static_cast<double>(p.at({0, 0, i, j})) - std::min(4.0, static_cast<double>(i - j + 1))) <=
                  rounding_of_counts);
}

TEST_CASE("between two whole counts CoPE mixes their codes") {
    Rng rng(1);
    const Cope cope(1, 2, 3, rng);
    parameter_of(cope, "codes").set_values(NdArray({3, 2}, {0, 0, 10, 0, 0, 30}));
    const QueryKeyValue zero_keys{Tensor(NdArray({1, 1, 3, 2}, 1)), Tensor(zeros({1, 1, 3, 2})),
                                  Tensor(zeros({1, 1, 3, 2}))};    // all gates are 1/2
    const NdArray b = bias_of(cope, zero_keys, Tensor(), Positions::arange(3));
    CHECK(b.at({0, 0, 0, 0}) == 5);     // p = 0.5: half of e[0] . q = 0 and of e[1] . q = 10
    CHECK(b.at({0, 0, 1, 0}) == 10);    // p = 1
    CHECK(b.at({0, 0, 2, 0}) == 20);    // p = 1.5: half of 10 and of 30
}

TEST_CASE("CoPE by scanned sums is CoPE counted one key at a time") {
    const Index T = 12, H = 2, Dh = 4;
    Rng rng(2);
    const Cope cope(H, Dh, 4, rng);    // so few counts that far keys meet the end
    const QueryKeyValue qkv = example_heads(T, H, Dh);
    const NdArray b = bias_of(cope, qkv, Tensor(), Positions::arange(T)), e = parameter_of(cope, "codes").values();
    double worst = 0;
    for (Index h = 0; h < H; ++h)
        for (Index i = 0; i < T; ++i) {
            double count = 0;
            for (Index j = i; j >= 0; --j) {
                double score = 0, expected = 0;
                for (Index d = 0; d < Dh; ++d)
                    score +=
                        static_cast<double>(qkv.query.values().at({0, h, i, d}) * qkv.key.values().at({0, h, j, d}));
                count += 1 / (1 + std::exp(-score / 2));
                for (Index n = 0; n < 4; ++n) {    // a hat around each whole count: 1 at n, 0 at n - 1 and n + 1
                    const double hat = std::max(0.0, 1 - std::abs(std::min(count, 3.0) - static_cast<double>(n)));
                    for (Index d = 0; d < Dh; ++d)
                        expected += hat * static_cast<double>(qkv.query.values().at({0, h, i, d}) * e.at({n, d}));
                }
                worst = std::max(worst, std::abs(static_cast<double>(b.at({0, h, i, j})) - expected));
            }
        }
    CHECK(worst <= rounding_of_counts);
}

TEST_CASE("CoPE runs along the tokens and says so") {
    Rng rng(1);
    const Cope cope(1, 2, 3, rng);
    CHECK_THROWS_WITH_AS(cope.score_bias(counting({1, 1}), {Positions::arange(2, 5), Tensor()}),
                         "Cope: it counts along the tokens, so positions must be 0, 1, ..., T - 1", PositionOutOfRange);
    CHECK_THROWS_WITH_AS(Cope(1, 2, 1, rng), "Cope: expected at least two counts to lie between, got 1", OptionError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(cope.explain(-1, out), "Cope: positions are explained step by step, from 0 to 999999, got -1",
                         PositionOutOfRange);
}
