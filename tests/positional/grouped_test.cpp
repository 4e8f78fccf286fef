// Far keys in groups: the distances that a trained rotary encoding meets, and no others.
#include <ordinal/positional/combined/grouped.h>

#include <doctest/doctest.h>

#include <ordinal/positional/rotations/rotary.h>
#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

constexpr EncodingRequest sixteen_wide{.d_model = 16, .max_length = 40, .num_heads = 2};

// The query of position i becomes (i, 1), the key of j (1, -j): their product is the distance that a scheme sees.
class Distance : public Encoding {
public:
    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions ids = context.positions.last(qkv.query.dim(2));
        NdArray q({1, 1, ids.size(), 2}, 1), k({1, 1, ids.size(), 2}, 1);
        for (Index t = 0; t < ids.size(); ++t) {
            q.set({0, 0, t, 0}, static_cast<Scalar>(ids[t]));
            k.set({0, 0, t, 1}, static_cast<Scalar>(-ids[t]));
        }
        return {Tensor(q), Tensor(k), qkv.value};
    }
    Traits traits() const override { return {.place = Place::queries_and_keys, .source = "this test"}; }
    Parameters parameters() const override { return {}; }
};

// The scores before the softmax: [H, T, T].
NdArray scores_with_bias(const Encoding& encoding, const QueryKeyValue& qkv, const AttentionContext& context) {
    const QueryKeyValue rotated = encoding.apply_to_queries_and_keys(qkv, context);
    const Index T = qkv.query.dim(2);
    Tensor all = matmul(rotated.query, transpose(rotated.key)) *
                 static_cast<Scalar>(1 / std::sqrt(static_cast<double>(qkv.query.dim(3))));
    const ScoreBias bias = encoding.score_bias(qkv, context);
    if (bias.defined()) all = all + bias.rows(bias.sources, 0, T);
    return reshape(all.values(), {qkv.query.dim(1), T, T});
}

double distance_seen(const NdArray& S, Index i, Index j) { return static_cast<double>(S.at({0, i, j})) * std::sqrt(2); }

}    // namespace

TEST_CASE("near keys keep their distance and far ones share it in groups") {
    const Index T = 60;
    for (const auto& sizes : {std::pair<Index, Index>{4, 8}, {3, 7}, {8, 3}, {5, 1}, {1, 6}}) {
        const Index G = sizes.first, W = sizes.second;
        CAPTURE(G);
        CAPTURE(W);
        const NdArray S = scores_with_bias(Grouped(std::make_shared<Distance>(), G, W), example_heads(T, 1, 2),
                                           {Positions::arange(T)});
        double worst = 0;
        bool falls = false;
        for (Index i = 0; i < T; ++i)
            for (Index j = 0; j < T; ++j) {
                const Index d = std::abs(i - j) < W ? i - j
                                : i > j             ? i / G - j / G + W - W / G
                                                    : i / G - j / G - W + W / G;
                worst = std::max(worst, std::abs(distance_seen(S, i, j) - static_cast<double>(d)));
                if (0 < j && j <= i) falls = falls || distance_seen(S, i, j - 1) < distance_seen(S, i, j) - 0.5;
            }
        CHECK(worst <= tolerance(3e-5, 1e-13));    // distances up to 60
        CHECK_FALSE(falls);                        // a farther key is never nearer
    }
}

TEST_CASE("no distance is past the trained length in texts as long as the header says") {
    const auto farthest = [](Index G, Index W, Index T) {
        const NdArray S = scores_with_bias(Grouped(std::make_shared<Distance>(), G, W), example_heads(T, 1, 2),
                                           {Positions::arange(T)});
        double most = 0;
        for (Index i = 0; i < T; ++i)
            for (Index j = 0; j < T; ++j) most = std::max(most, std::abs(distance_seen(S, i, j)));
        return std::lround(most);
    };
    constexpr Index N = 16;
    for (const auto& [G, W] : {std::pair<Index, Index>{4, 8}, {2, 4}, {3, 7}, {8, 3}}) {
        const Index longest = G * (N - W + W / G);
        CAPTURE(longest);
        CHECK(farthest(G, W, longest) == N - 1);
        CHECK(farthest(G, W, longest + 1) == N);
    }
    CHECK(4 * (N - 8 + 8 / 4) == (N - 8) * 4 + 8);    // where G divides W, the paper's (N - W) G + W
}

TEST_CASE("up to its window a grouped RoPE is RoPE to the last bit and beyond it RoPE at other distances") {
    const auto rope = made("rope", sixteen_wide), grouped = made("rope(group=4, window=12)", sixteen_wide);
    for (const Index T : {1, 5, 12}) {
        const QueryKeyValue qkv = example_heads(T, 2, 8);
        CHECK(same_numbers(scores_with_bias(*grouped, qkv, {Positions::arange(T)}),
                           scores_with_bias(*rope, qkv, {Positions::arange(T)})));
    }
    const Index T = 50;
    const QueryKeyValue qkv = example_heads(T, 2, 8);
    CHECK(same_numbers(scores_with_bias(*made("rope(group=1, window=12)", sixteen_wide), qkv, {Positions::arange(T)}),
                       scores_with_bias(*rope, qkv, {Positions::arange(T)})));
    const NdArray S = scores_with_bias(*grouped, qkv, {Positions::arange(T)});
    const auto one = [](const Tensor& t, Index at) { return slice(t, 2, at, at + 1); };
    double worst = 0;
    for (const Index i : {3, 20, 49})
        for (Index j = 0; j < T; ++j) {
            const Index far = std::abs(i / 4 - j / 4) + 12 - 3, d = std::abs(i - j) < 12 ? std::abs(i - j) : far;
            const auto at = [&](const Tensor& t, Index k) {    // token t at the position k
                return rope->apply_to_queries_and_keys({t, t, t}, {Positions::arange(1, k)}).query;
            };
            const Tensor q = at(one(qkv.query, i), i >= j ? d : 0), k = at(one(qkv.key, j), i >= j ? 0 : d);
            const NdArray expected = reshape(sum(q * k, 3).values(), {2}) * static_cast<Scalar>(1 / std::sqrt(8.0));
            for (Index h = 0; h < 2; ++h)
                worst = std::max(worst, std::abs(static_cast<double>(S.at({h, i, j}) - expected.at({h}))));
        }
    CHECK(worst <= tolerance(5e-6, 1e-14));    // scores up to 5, a sum of three of them
}

TEST_CASE("groups see the queries as log_n and ssmax leave them") {
    const Index T = 40;
    const QueryKeyValue qkv = example_heads(T, 2, 8);
    const AttentionContext context{.positions = Positions::arange(T), .causal = true};
    const NdArray plain = scores_with_bias(*made("rope(group=4, window=6)", sixteen_wide), qkv, context);
    for (const std::string factor : {"log_n=16", "ssmax=16"}) {
        const NdArray sharp =
            scores_with_bias(*made("rope(" + factor + ", group=4, window=6)", sixteen_wide), qkv, context);
        double worst = 0;
        for (Index i = 0; i < T; ++i) {
            const double f = i == 0 ? 1 : std::log(static_cast<double>(i + 1)) / std::log(16.0);
            for (Index j = 0; j < T; ++j)
                worst = std::max(worst, std::abs(static_cast<double>(sharp.at({1, i, j})) -
                                                 f * static_cast<double>(plain.at({1, i, j}))));
        }
        CHECK(worst <= tolerance(1e-5, 1e-13));
    }
}

TEST_CASE("groups are refused where nothing rotates or the ids are not free") {
    const std::string refusal =
        "Grouped: expected a scheme without a bound that only rotates queries and keys, at any position, such as rope";
    for (const std::string name : {"table", "alibi", "xpos", "selective_rope", "none"})
        CHECK_THROWS_WITH_AS(made(name + "(group=4, window=8)", sixteen_wide), refusal.c_str(), OptionError);
    for (const std::string half : {"group=4", "window=8"})
        CHECK_THROWS_WITH_AS(made("rope(" + half + ")", sixteen_wide),
                             "rope: far keys in groups need both a group and a window, for example group=4, window=16",
                             OptionError);
    CHECK_THROWS_WITH_AS(Grouped(made("rope", sixteen_wide), 0, 4),
                         "Grouped: expected a group and a window > 0, got 0 and 4", OptionError);
    CHECK(made("rope(group=4, window=8)", sixteen_wide)->traits().source ==
          "Su et al. 2021, arXiv 2104.09864, section 3.2; far keys in groups as in Jin et al. 2024, arXiv 2401.01325");
}
