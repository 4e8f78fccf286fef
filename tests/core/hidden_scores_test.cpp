// What hidden means: weight exactly 0, no gradient, whatever the visible scores are and whoever hides.
#include <doctest/doctest.h>

#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include <ordinal/core/random.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

using Attention = Tensor (*)(const Tensor&, const Tensor&, const Tensor&, const AttentionOptions&);

constexpr double rounding_of_weights = is_double ? 1e-12 : 2e-5;    // sums of up to 300 numbers around 1

// A bias that is stored whole: [H, Tk, Tk], or with axes of size 1.
ScoreBias stored(const Tensor& whole) {
    return {.sources = {whole}, .rows = [](const std::vector<Tensor>& sources, Index begin, Index end) {
                return sources[0].dim(-2) == 1 ? sources[0] : slice(sources[0], -2, begin, end);
            }};
}

// Four ways to hide the same keys from everybody.   hidden: [T]
std::vector<AttentionOptions> ways_to_hide(const std::vector<Scalar>& hidden) {
    const Index T = static_cast<Index>(hidden.size());
    const NdArray keys({1, T}, hidden);
    const Tensor bias = masked_fill(Tensor(zeros({1, 1, T})), keys, hidden_score);
    AttentionOptions by_padding{.padding = keys}, by_mask{.mask = keys}, by_bias{.bias = stored(bias)}, by_all;
    by_all = {.padding = keys, .mask = keys, .bias = stored(bias)};
    return {by_padding, by_mask, by_bias, by_all};
}

Tensor random_parameter(const Shape& shape, std::uint64_t seed) {
    Rng rng(seed);
    return Tensor::parameter(random_normal(shape, 1, rng));
}

bool all_zero(const NdArray& a) {
    for (const Scalar x : a.to_vector())
        if (!(x == 0)) return false;
    return true;
}

}    // namespace

TEST_CASE("a hidden key never wins however small the visible scores are") {
    // Scores of the visible keys: -1e10 (or, from a bias, -2e10). The hidden key's would be the largest by far.
    const Tensor Q(NdArray({1, 1, 2, 1}, Scalar(1e5))), K(NdArray({1, 1, 3, 1}, {-1e5, 1e5, -1e5})),
        V(NdArray({1, 1, 3, 1}, {1, 777, 3}));
    for (Attention f : {attention, naive_attention})
        for (AttentionOptions options : ways_to_hide({0, 1, 0}))
            for (const bool low_bias : {false, true}) {
                if (low_bias && options.bias.defined()) continue;
                if (low_bias) options.bias = stored(Tensor(NdArray({1, 1, 3}, Scalar(-1e10))));
                check_equal(f(Q, K, V, options).values(), NdArray({1, 1, 2, 1}, 2));
            }
    // What comes later is hidden in the same way.
    const Tensor rising(NdArray({1, 1, 2, 1}, {-1e5, 1e5})), both(NdArray({1, 1, 2, 1}, {1, 777}));
    for (Attention f : {attention, naive_attention})
        check_equal(f(Q, rising, both, {.causal = true}).values(), NdArray({1, 1, 2, 1}, {1, 777}));
}

TEST_CASE("a query that may see nothing gets 0 and passes no gradient") {
    const Index T = 140;    // two blocks
    for (Attention f : {attention, naive_attention})
        for (const AttentionOptions& way : ways_to_hide(std::vector<Scalar>(static_cast<std::size_t>(T), 1)))
            for (const bool causal : {false, true}) {
                AttentionOptions options = way;
                const Tensor Q = random_parameter({1, 2, T, 3}, 1), K = random_parameter({1, 2, T, 3}, 2),
                             V = random_parameter({1, 2, T, 3}, 3), table = random_parameter({2, T, T}, 4);
                options.causal = causal;
                if (options.bias.defined()) {
                    const Tensor hide = options.bias.sources[0];
                    options.bias = {.sources = {table},
                                    .rows = [hide](const std::vector<Tensor>& sources, Index begin, Index end) {
                                        return slice(sources[0], 1, begin, end) + hide;
                                    }};
                } else {
                    options.bias = stored(table);
                }
                const Tensor O = f(Q, K, V, options);
                CHECK(all_zero(O.values()));
                O.backward(NdArray(O.shape(), 1));
                for (const Tensor& input : {Q, K, V, table}) CHECK(all_zero(input.grad()));
                CHECK(all_zero(attention_weights(Q, K, options)));
            }
    const Tensor Q = random_parameter({1, 1, 3, 2}, 1), none(zeros({1, 1, 0, 2}));
    for (Attention f : {attention, naive_attention}) {
        const Tensor O = f(Q, none, none, {});
        check_equal(O.values(), zeros({1, 1, 3, 2}));
        O.backward(NdArray(O.shape(), 1));
        CHECK(all_zero(Q.grad()));
    }
}

TEST_CASE("a sequence of padding leaves the other sequences of the batch as they are") {
    const Index T = 70;
    const Tensor Q = random_parameter({2, 1, T, 3}, 1), K = random_parameter({2, 1, T, 3}, 2),
                 V = random_parameter({2, 1, T, 3}, 3);
    NdArray padding = zeros({2, T});
    std::fill_n(padding.mutable_data(), T, Scalar(1));    // all of sequence 0
    const auto second = [](const NdArray& a) { return slice(a, 0, 1, 2); };
    const Tensor alone = attention(Tensor(second(Q.values())), Tensor(second(K.values())), Tensor(second(V.values())));
    const Tensor O = attention(Q, K, V, {.padding = padding});
    check_equal(second(O.values()), alone.values());
    CHECK(all_zero(slice(O.values(), 0, 0, 1)));
    O.backward(NdArray(O.shape(), 1));
    for (const Tensor& input : {Q, K, V}) {
        CHECK_FALSE(has_nan(input.grad()));
        CHECK(all_zero(slice(input.grad(), 0, 0, 1)));
        CHECK_FALSE(all_zero(second(input.grad())));    // the other sequence does learn
    }
}

TEST_CASE("with one visible key the scores have no gradient at all - not even noise") {
    for (Attention f : {attention, naive_attention})
        for (const Index T : {1, 2, 64, 300})
            for (const double dropout : {0.0, 0.3}) {
                const Tensor Q = random_parameter({2, 2, T, 64}, 1), K = random_parameter({2, 2, T, 64}, 2),
                             V = random_parameter({2, 2, T, 64}, 3), bias = random_parameter({1, T, T}, 4);
                NdArray mask({T, T}, 1);    // query i sees key T - 1 - i only
                for (Index i = 0; i < T; ++i) mask.mutable_data()[i * T + T - 1 - i] = 0;
                const Tensor O = f(Q, K, V, {.mask = mask, .bias = stored(bias), .dropout = dropout, .seed = 5});
                Rng rng(6);
                O.backward(random_normal(O.shape(), 1, rng));
                for (const Tensor& input : {Q, K, bias}) CHECK(all_zero(input.grad()));
                CHECK_FALSE(all_zero(V.grad()));
            }
    const Tensor x = random_parameter({1, 1, 5, 8}, 1), V = random_parameter({1, 1, 5, 8}, 2);
    const Tensor O = attention(x, x, V, {.causal = true});    // the first query sees itself alone
    NdArray upstream(O.shape());
    std::fill_n(upstream.mutable_data(), 8, Scalar(0.3));
    O.backward(upstream);
    CHECK(all_zero(x.grad()));
}

TEST_CASE("queries that are the last tokens see all keys up to their own") {
    const auto weights = [](Index Tq, Index Tk, const AttentionOptions& options) {
        return attention_weights(Tensor(zeros({1, 1, Tq, 1})), Tensor(zeros({1, 1, Tk, 1})), options);
    };
    const auto share = [](Index n) { return 1 / static_cast<Scalar>(n); };
    check_near(weights(2, 5, {.causal = true}),
               NdArray({1, 1, 2, 5},
                       {share(4), share(4), share(4), share(4), 0, share(5), share(5), share(5), share(5), share(5)}),
               rounding_of_weights);
    check_near(weights(1, 3, {.causal = true}), NdArray({1, 1, 1, 3}, share(3)), rounding_of_weights);
    check_near(weights(1, 3, {.causal = true, .padding = NdArray({1, 3}, {0, 1, 0})}),
               NdArray({1, 1, 1, 3}, {share(2), 0, share(2)}), rounding_of_weights);
    // ALiBi with slope 1/2, four keys kept and one new: the bias has rows for all tokens, and the query's is the last.
    NdArray alibi = zeros({1, 5, 5});
    for (Index i = 0; i < 5; ++i)
        for (Index j = 0; j < 5; ++j)
            alibi.mutable_data()[i * 5 + j] = static_cast<Scalar>(-0.5 * static_cast<double>(std::abs(i - j)));
    const AttentionOptions biased{.causal = true, .bias = stored(Tensor(alibi))};
    check_near(weights(1, 5, biased),
               NdArray({1, 1, 1, 5}, {Scalar(0.0580), Scalar(0.0956), Scalar(0.1577), Scalar(0.2600), Scalar(0.4287)}),
               5e-5);    // as they are printed
    // Two-sided, query 2: the distances count on both sides.
    const double sum = 1 + 2 * std::exp(-0.5) + 2 * std::exp(-1.0);
    const Scalar near = static_cast<Scalar>(std::exp(-0.5) / sum), far = static_cast<Scalar>(std::exp(-1.0) / sum);
    check_near(slice(weights(5, 5, {.bias = stored(Tensor(alibi))}), 2, 2, 3),
               NdArray({1, 1, 1, 5}, {far, near, static_cast<Scalar>(1 / sum), near, far}), rounding_of_weights);
}

TEST_CASE("a text in pieces gives what the whole text gives") {
    const Index T = 300;
    const NdArray q = random_parameter({1, 2, T, 8}, 1).values(), k = random_parameter({1, 2, T, 8}, 2).values(),
                  v = random_parameter({1, 2, T, 8}, 3).values(), table = random_parameter({2, T, T}, 4).values();
    const auto piece = [&](Attention f, Index begin, Index end) {    // of queries, with the keys so far
        const AttentionOptions options{.causal = true,
                                       .bias = stored(Tensor(slice(slice(table, 1, 0, end), 2, 0, end)))};
        return f(Tensor(slice(q, 2, begin, end)), Tensor(slice(k, 2, 0, end)), Tensor(slice(v, 2, 0, end)), options)
            .values();
    };
    const NdArray whole = piece(attention, 0, T);
    for (Attention f : {attention, naive_attention})
        for (const Index size : {Index(1), Index(2), Index(5), Index(130)}) {
            std::vector<NdArray> pieces;
            for (Index begin = 0; begin < T; begin += size)
                pieces.push_back(piece(f, begin, std::min(begin + size, T)));
            check_near(concat(pieces, 2), whole, rounding_of_weights);
        }
}

TEST_CASE("scores of hidden keys may be NaN and what lies beyond a block or the text is never read") {
    const Index T = 300;
    const Tensor Q = random_parameter({1, 1, T, 2}, 1), K = random_parameter({1, 1, T, 2}, 2),
                 V = random_parameter({1, 1, T, 2}, 3);
    const auto with_nan = [](const Tensor& x, Index from, Index to) {
        NdArray values = x.values();
        std::fill(values.mutable_data() + 2 * from, values.mutable_data() + 2 * to, not_a_number);
        return Tensor::parameter(values);
    };
    const Tensor damaged = with_nan(K, 7, 8);
    std::vector<Scalar> hidden(static_cast<std::size_t>(T), 0);
    hidden[7] = 1;
    for (Attention f : {attention, naive_attention})
        for (const AttentionOptions& options : ways_to_hide(hidden))
            check_equal(f(Q, damaged, V, options).values(), f(Q, K, V, options).values());

    // Blocks of 128 queries: the first one's output knows nothing of keys and values from 128 on.
    const NdArray causal = attention(Q, with_nan(K, 128, T), with_nan(V, 128, T), {.causal = true}).values();
    check_equal(slice(causal, 2, 0, 128), slice(attention(Q, K, V, {.causal = true}).values(), 2, 0, 128));

    NdArray padding = zeros({1, T});
    std::fill(padding.mutable_data() + 250, padding.mutable_data() + T, Scalar(1));
    const Tensor k = with_nan(K, 250, T), v = with_nan(V, 250, T);
    const Tensor O = attention(Q, k, v, {.padding = padding}), clean = attention(Q, K, V, {.padding = padding});
    check_equal(O.values(), clean.values());
    O.backward(NdArray(O.shape(), 1));
    const NdArray of_q = Q.grad();
    Q.clear_grad();
    clean.backward(NdArray(O.shape(), 1));
    check_equal(of_q, Q.grad());
    check_equal(k.grad(), K.grad());
    check_equal(v.grad(), V.grad());
}

TEST_CASE("a visible score that is no number is not taken for a hidden one") {
    const Tensor Q(NdArray({1, 1, 1, 1}, not_a_number)), K(NdArray({1, 1, 3, 1}, 1));
    for (Attention f : {attention, naive_attention})
        CHECK(has_nan(f(Q, K, K, {.mask = NdArray({3}, {1, 0, 1})}).values()));
}

TEST_CASE("attention_weights are what attention multiplies the values by - without dropout and without a graph") {
    const Index Tq = 130, Tk = 140;
    const Tensor Q = random_parameter({2, 1, Tq, 3}, 1), K = random_parameter({2, 1, Tk, 3}, 2);
    NdArray identity = zeros({2, 1, Tk, Tk}), padding = zeros({2, Tk});
    for (Index b = 0; b < 2; ++b)
        for (Index i = 0; i < Tk; ++i) identity.mutable_data()[(b * Tk + i) * Tk + i] = 1;
    for (Index i = 0; i < Tk; ++i) padding.mutable_data()[Tk + i] = i % 3 == 0 || i > 100 ? 1 : 0;
    AttentionOptions options{.causal = true, .padding = padding, .bias = stored(random_parameter({1, Tk, Tk}, 3))};
    const NdArray O = attention(Q, K, Tensor(identity), options).values();
    options.dropout = 0.5;
    const NdArray weights = attention_weights(Q, K, options);
    check_near(weights, O, rounding_of_weights);
    check_near(sum(weights, 3), NdArray({2, 1, Tq, 1}, 1), rounding_of_weights);
    CHECK_THROWS_WITH_AS(attention_weights(Q, K, {.padding = zeros({2, 3})}),
                         "attention: expected padding [B, Tk] = [2, 140] with 1 for a key that nobody sees, got [2, 3]",
                         ShapeError);
}

TEST_CASE("filling with the hidden score makes no NaN on the way back") {
    const Tensor x = Tensor::parameter(NdArray({2, 2}, {1, 2, not_a_number, 4}));
    const NdArray mask({2, 2}, {0, 1, 1, 0});
    const Tensor y = masked_fill(x, mask, hidden_score);
    check_equal(y.values(), NdArray({2, 2}, {1, hidden_score, hidden_score, 4}));
    sum(softmax(y) * Tensor(NdArray({2, 2}, {1, 2, 3, 4}))).backward();
    check_equal(x.grad(), zeros({2, 2}));    // one visible number in each row
}
