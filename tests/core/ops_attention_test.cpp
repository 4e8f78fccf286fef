#include <ordinal/core/ops_attention.h>

#include <doctest/doctest.h>

#include <fstream>

#include <ordinal/core/grad_check.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"
#include "tests/core/sanitizers.h"
#include "tests/core/thread_count.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Sums of up to 130 products of numbers around 1, added up in another order and through another formula for softmax.
constexpr double rounding_of_attention = is_double ? 1e-12 : 2e-5;

using Attention = Tensor (*)(const Tensor&, const Tensor&, const Tensor&, const AttentionOptions&);
using MakeOptions = std::function<AttentionOptions(const Tensor& Q, const std::vector<Tensor>& extra)>;

struct Sizes {
    Index B, H, Tq, Tk, Dh, Dv;
    Sizes(const Shape& s) : B(s[0]), H(s[1]), Tq(s[2]), Tk(s[2]), Dh(s[3]), Dv(s[3]) {}    // of Q, K and V
    Sizes(std::initializer_list<Index> shape) : Sizes(Shape(shape)) {}
    Sizes(Index queries, Index keys) : B(2), H(2), Tq(queries), Tk(keys), Dh(3), Dv(4) {}
};

// The output, and the gradients of what Q, K, V are made from and of the other parameters: two arrays or more.
std::vector<NdArray> results(Attention f, const Sizes& s, const std::vector<Shape>& extra_shapes,
                             const MakeOptions& make_options) {
    Rng rng(1);
    std::vector<Tensor> leaves;
    for (const Shape& shape : {Shape{s.B, s.H, s.Tq, s.Dh}, Shape{s.B, s.H, s.Tk, s.Dh}, Shape{s.B, s.H, s.Tk, s.Dv}})
        leaves.push_back(Tensor::parameter(random_normal(shape, 1, rng)));
    for (const Shape& extra : extra_shapes) leaves.push_back(Tensor::parameter(random_normal(extra, 1, rng)));
    Tensor Q = leaves[0] * 2;    // an interior tensor: a bias may depend on it, too
    if (s.Tq <= s.Tk) Q = Q + slice(leaves[1], 2, s.Tk - s.Tq, s.Tk);
    const std::vector<Tensor> extra(leaves.begin() + 3, leaves.end());
    const Tensor O = f(Q, leaves[1], leaves[2], make_options(Q, extra));
    O.backward(random_normal(O.shape(), 1, rng));
    std::vector<NdArray> all{O.values()};
    for (const Tensor& leaf : leaves) all.push_back(leaf.has_grad() ? leaf.grad() : NdArray(leaf.shape()));
    return all;
}

void check_against_naive(const Sizes& sizes, const std::vector<Shape>& extra_shapes, const MakeOptions& make_options) {
    const auto expected = results(naive_attention, sizes, extra_shapes, make_options),
               got = results(attention, sizes, extra_shapes, make_options);
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        INFO(sizes.Tq, " queries, ", sizes.Tk, " keys, result ", i, " of output, d leaf of Q, dK, dV, d others");
        check_near(got[i], expected[i], rounding_of_attention);
    }
}

NdArray causal_mask(Index T) {
    NdArray mask = zeros({T, T});
    for (Index i = 0; i < T; ++i)
        for (Index j = i + 1; j < T; ++j) mask.mutable_data()[i * T + j] = 1;
    return mask;
}

// [B, 1, 1, T]: sequence b ends with b hidden places.
NdArray padding_mask(Index B, Index T) {
    NdArray mask = zeros({B, 1, 1, T});
    for (Index b = 0; b < B; ++b)
        for (Index j = std::max<Index>(T - b, 0); j < T; ++j) mask.mutable_data()[b * T + j] = 1;
    return mask;
}

NdArray either(const NdArray& a, const NdArray& b) { return a + b - a * b; }

// The rows begin .. end of a matrix that is stored whole: [..., T, T]
Tensor stored_rows(const std::vector<Tensor>& sources, Index begin, Index end) {
    return slice(sources[0], -2, begin, end);
}

// What a content-dependent scheme does: (Q R^T)[rows, T], from the queries and a table R [T, Dh].
Tensor rows_from_queries(const std::vector<Tensor>& sources, Index begin, Index end) {
    return matmul(slice(sources[0], 2, begin, end), transpose(sources[1]));
}

// Everything at once, with few numbers: causal, padding, a bias from the queries and dropout.
AttentionOptions rich_options(const Tensor& Q, const std::vector<Tensor>& extra) {
    return {.causal = true,
            .padding = reshape(padding_mask(Q.dim(0), Q.dim(2)), {Q.dim(0), Q.dim(2)}),
            .bias = {.sources = {Q, extra[0]}, .rows = rows_from_queries},
            .dropout = 0.25,
            .seed = 9};
}

const Index lengths[] = {1, 5, 127, 128, 129, 150};    // blocks have 128 rows

}    // namespace

TEST_CASE("attention is what the naive form computes - plain and for all lengths around a block") {
    for (Index T : lengths)
        for (const Shape& shape : {Shape{2, 3, T, 5}, Shape{1, 1, T, 7}, Shape{3, 1, T, 1}, Shape{1, 2, T, 8}})
            check_against_naive(shape, {}, [](const Tensor&, const auto&) { return AttentionOptions{}; });
}

TEST_CASE("attention is what the naive form computes - for a sequence so long that blocks have 64 rows") {
    check_against_naive({1, 1, 2050, 2}, {}, [](const Tensor&, const auto&) { return AttentionOptions{}; });
}

TEST_CASE("attention is what the naive form computes - with masks of every shape") {
    for (Index T : lengths) {
        const auto check = [T](const NdArray& mask) {
            check_against_naive({3, 2, T, 4}, {},
                                [&](const Tensor&, const auto&) { return AttentionOptions{.mask = mask}; });
        };
        check(causal_mask(T));
        check(padding_mask(3, T));
        check(either(causal_mask(T), padding_mask(3, T)));
        Rng rng(2);
        NdArray scattered = zeros({1, 2, T, T});    // every head hides something else
        for (Index i = 0; i < scattered.size(); ++i) scattered.mutable_data()[i] = rng.chance(0.4) ? 1 : 0;
        check(scattered);
    }
}

TEST_CASE("attention is what the naive form computes - with biases of every shape from parameters") {
    for (Index T : lengths)
        for (const Shape& shape : {Shape{3, T, T}, Shape{2, 3, T, T}, Shape{1, T, T}, Shape{2, 1, T, T}, Shape{T, T}}) {
            const auto options = [](const Tensor&, const std::vector<Tensor>& extra) {
                return AttentionOptions{.bias = {.sources = {extra[0]}, .rows = stored_rows}};
            };
            INFO("bias ", shape);
            check_against_naive({2, 3, T, 5}, {shape}, options);
        }
    const auto same_for_all_queries = [](const Tensor&, const std::vector<Tensor>& extra) {
        const auto rows = [](const std::vector<Tensor>& sources, Index, Index) { return sources[0]; };
        return AttentionOptions{.bias = {.sources = {extra[0]}, .rows = rows}};
    };
    check_against_naive({2, 3, 140, 5}, {{3, 1, 140}}, same_for_all_queries);    // the source itself, in every block
}

TEST_CASE("attention is what the naive form computes - with a bias that depends on the queries") {
    for (Index T : lengths)
        check_against_naive({2, 3, T, 5}, {{T, 5}}, [](const Tensor& Q, const std::vector<Tensor>& extra) {
            return AttentionOptions{.bias = {.sources = {Q, extra[0]}, .rows = rows_from_queries}};
        });
    // A constant source, and one that no row depends on: neither stops the others.
    check_against_naive({1, 2, 140, 3}, {{2, 140, 140}}, [](const Tensor& Q, const std::vector<Tensor>& extra) {
        const auto rows = [](const std::vector<Tensor>& sources, Index begin, Index end) {
            return slice(sources[0], 1, begin, end) * sources[1];
        };
        return AttentionOptions{
            .bias = {.sources = {extra[0], Tensor(NdArray({140}, 3)), Tensor::parameter(zeros({2})), Q}, .rows = rows}};
    });
}

TEST_CASE("attention is what the naive form computes - with dropout and everything at once") {
    for (Index T : lengths) {
        check_against_naive({2, 3, T, 5}, {},
                            [](const Tensor&, const auto&) { return AttentionOptions{.dropout = 0.4, .seed = 3}; });
        check_against_naive({2, 3, T, 5}, {{T, 5}}, rich_options);
    }
}

TEST_CASE("attention is what the naive form computes - with every combination of options and lengths") {
    const std::pair<Index, Index> lengths_of_both[] = {{1, 1},     {1, 5},     {2, 5},     {5, 5},   {127, 127},
                                                       {128, 128}, {129, 129}, {130, 130}, {1, 300}, {130, 300},
                                                       {200, 129}, {3, 2},     {0, 4},     {3, 0},   {0, 0}};
    for (const auto& [Tq, Tk] : lengths_of_both)
        for (int bits = 0; bits < 32; ++bits) {
            const bool causal = bits & 1, padding = bits & 2, mask = bits & 4, bias = bits & 8, dropout = bits & 16;
            if ((causal || bias) && Tq > Tk) continue;
            const auto make = [&, queries = Tq, keys = Tk](const Tensor& Q, const std::vector<Tensor>& extra) {
                Rng rng(9);
                const auto scattered = [&](const Shape& shape, double share) {
                    NdArray hidden(shape);
                    for (Index i = 0; i < hidden.size(); ++i) hidden.mutable_data()[i] = rng.chance(share) ? 1 : 0;
                    return hidden;
                };
                AttentionOptions options{.causal = causal};
                if (padding) {    // here and there, and the second half of the second sequence
                    options.padding = scattered({2, keys}, 0.3);
                    std::fill_n(options.padding.mutable_data() + keys + keys / 2, keys - keys / 2, Scalar(1));
                }
                if (mask) options.mask = scattered({2, queries, keys}, 0.3);
                if (bias) {
                    const auto rows = [=, hidden = scattered({keys, keys}, 0.1)](const std::vector<Tensor>& sources,
                                                                                 Index begin, Index end) {
                        const Tensor q = slice(sources[0], 2, begin - keys + queries, end - keys + queries);
                        return masked_fill(matmul(q, transpose(sources[1])), slice(hidden, 0, begin, end),
                                           hidden_score);
                    };
                    options.bias = {.sources = {Q, extra[0]}, .rows = rows};
                }
                if (dropout) options.dropout = 0.3, options.seed = 4;
                return options;
            };
            INFO("options ", bits);
            check_against_naive(Sizes(Tq, Tk), {{Tk, 3}}, make);
        }
    const auto causal = [](const Tensor&, const auto&) { return AttentionOptions{.causal = true}; };
    check_against_naive(Shape{1, 1, 2050, 2}, {}, causal);    // so long that blocks have 64 rows
    check_against_naive(Sizes(100, 2050), {}, causal);
    check_against_naive(Shape{0, 2, 5, 3}, {}, causal);
}

TEST_CASE("causal is the mask that hides later keys") {
    const std::pair<Index, Index> lengths_of_both[] = {{1, 1},         {63, 63},   {64, 64},   {65, 65},
                                                       {129, 129},     {257, 257}, {1, 200},   {63, 65},
                                                       {65, 64 + 129}, {129, 300}, {130, 1100}};
    for (const auto& both : lengths_of_both) {
        const Index Tq = both.first, Tk = both.second;
        Sizes sizes(Tq, Tk);
        sizes.Dh = 64;    // so many that the products are cut into whole tiles
        sizes.Dv = 40;
        const auto causal = [](const Tensor&, const auto&) { return AttentionOptions{.causal = true}; };
        const auto masked = [Tq, Tk](const Tensor&, const auto&) {
            return AttentionOptions{.mask = slice(causal_mask(Tk), 0, Tk - Tq, Tk)};
        };
        const auto expected = results(attention, sizes, {}, masked), got = results(attention, sizes, {}, causal);
        for (std::size_t i = 0; i < got.size(); ++i) {
            INFO(Tq, " queries, ", Tk, " keys, result ", i, " of output, d leaf of Q, dK, dV");
            check_near(got[i], expected[i], 4 * rounding_of_attention);    // 64 products of numbers around 2 to a score
        }
    }
}

TEST_CASE("scores may be so large that a float has no place for the logarithm of their sum") {
    const Index T = 70;
    const Tensor zero(zeros({1, 1, T, 2})), V = Tensor::parameter(NdArray({1, 1, T, 2}, 3));
    const auto rows = [](const auto&, Index begin, Index end) { return Tensor(NdArray({1, end - begin, T}, 1e6)); };
    const Tensor O = attention(zero, zero, V, {.bias = {.rows = rows}});    // equal scores: every weight is 1 / T
    check_near(O.values(), NdArray(O.shape(), 3), rounding_of_attention);
    O.backward(NdArray(O.shape(), 1));
    check_near(V.grad(), NdArray(V.shape(), 1), rounding_of_attention);
}

TEST_CASE("dropout drops the asked share of the weights and scales up the others") {
    const Index T = 100, pairs = 6;
    const Tensor zero(zeros({2, 3, T, T}));    // equal scores: every weight is 1 / T
    NdArray identity = zeros({T, T});
    for (Index i = 0; i < T; ++i) identity.mutable_data()[i * T + i] = 1;
    const Tensor V(contiguous(broadcast_to(identity, {2, 3, T, T})));    // O = the weights themselves
    const auto weights = [&](std::uint64_t seed) {
        return attention(zero, zero, V, {.dropout = 0.3, .seed = seed}).values();
    };
    const std::vector<Scalar> w = weights(1).to_vector();
    const Index count = pairs * T * T;
    Index dropped = 0;
    for (Scalar x : w) {
        dropped += x == 0;
        if (x != 0) CHECK(std::abs(x - Scalar(1 / (0.7 * 100))) < 1e-6);
    }
    // 60,000 draws: the standard deviation is sqrt(60000 * 0.3 * 0.7) = 112
    CHECK(std::abs(static_cast<double>(dropped) - 0.3 * static_cast<double>(count)) < 5 * 112);

    // No two of pair, query and key share their draws: two neighbours agree as often as chance has it (0.58).
    const auto agreement = [&](Index step) {
        Index same = 0;
        for (Index i = 0; i + step < count; ++i)
            same += (w[static_cast<std::size_t>(i)] == 0) == (w[static_cast<std::size_t>(i + step)] == 0);
        return static_cast<double>(same) / static_cast<double>(count - step);
    };
    for (Index step : {Index(1), T, T + 1, T - 1, T * T}) {
        INFO("step ", step);
        CHECK(std::abs(agreement(step) - 0.58) < 5 * 0.5 / std::sqrt(static_cast<double>(count - T * T)));
    }
    check_equal(weights(1), weights(1));
    Index differ = 0;
    const std::vector<Scalar> other = weights(2).to_vector();
    for (std::size_t i = 0; i < w.size(); ++i) differ += w[i] != other[i];
    CHECK(std::abs(static_cast<double>(differ) / static_cast<double>(count) - 0.42) < 0.02);
}

TEST_CASE("attention gives the same bits for every number of threads") {
    const auto causal = [](const Tensor&, const auto&) { return AttentionOptions{.causal = true}; };
    std::vector<std::function<std::vector<NdArray>()>> runs;
    for (const Shape& shape : {Shape{2, 3, 260, 5}, Shape{1, 1, 260, 64}, Shape{1, 2, 1000, 16}})
        runs.push_back([=] { return results(attention, shape, {{shape[2], shape[3]}}, rich_options); });
    for (const Sizes& sizes : {Sizes{1, 1, 300, 16}, Sizes(1, 300), Sizes(150, 300)})
        runs.push_back([=] { return results(attention, sizes, {}, causal); });
    for (const auto& run : runs) {
        const auto one = with_threads(1, run), two = with_threads(2, run), four = with_threads(4, run);
        for (std::size_t i = 0; i < one.size(); ++i) {
            INFO("result ", i);
            check_equal(two[i], one[i]);
            check_equal(four[i], one[i]);
        }
    }
}

TEST_CASE("no more than 128 rows of a bias are ever asked for and each exactly once in each direction") {
    const Index T = 300;
    std::vector<Index> asked(static_cast<std::size_t>(T), 0);
    const auto rows = [&](const std::vector<Tensor>& sources, Index begin, Index end) {
        CHECK(end - begin <= 128);
        for (Index i = begin; i < end; ++i) ++asked[static_cast<std::size_t>(i)];
        return slice(sources[0], 1, begin, end);
    };
    Rng rng(5);
    const Tensor x = Tensor::parameter(random_normal({1, 2, T, 3}, 1, rng)),
                 table = Tensor::parameter(random_normal({2, T, T}, 1, rng));
    const Tensor O = attention(x, x, x, {.bias = {.sources = {table}, .rows = rows}});
    CHECK(asked == std::vector<Index>(static_cast<std::size_t>(T), 1));
    O.backward(NdArray(O.shape(), 1));
    CHECK(asked == std::vector<Index>(static_cast<std::size_t>(T), 2));
}

// Where memory is the library's alone, and not that of a sanitizer or an emulator as well.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(ORDINAL_EMULATED)

// The most memory that the process has had since the last call, in bytes; 0 where Linux does not say.
static Index peak_memory() {
    std::ifstream status("/proc/self/status");
    Index kilobytes = 0;
    for (std::string word; status >> word;)
        if (word == "VmHWM:") status >> kilobytes;
    std::ofstream("/proc/self/clear_refs") << 5;
    return kilobytes * 1024;
}

TEST_CASE("memory grows with the length and not with its square") {
    const Index T = 4096;
    Rng rng(6);
    const Tensor x = Tensor::parameter(random_normal({1, 1, T, 8}, 1, rng));
    const auto distances = [&](const std::vector<Tensor>& sources, Index begin, Index end) {
        NdArray gap = zeros({1, end - begin, T});
        Scalar* to = gap.mutable_data();
        for (Index i = begin; i < end; ++i)
            for (Index j = 0; j < T; ++j) *to++ = -static_cast<Scalar>(std::abs(i - j));
        return sources[0] * Tensor(gap);
    };
    const Tensor slope = Tensor::parameter(NdArray({1, 1, 1}, Scalar(0.01)));
    peak_memory();
    const Index before = peak_memory();
    const Tensor O = attention(x, x, x, {.bias = {.sources = {slope}, .rows = distances}});
    O.backward(NdArray(O.shape(), 1));
    const Index grown = peak_memory() - before, matrix = T * T * static_cast<Index>(sizeof(Scalar));    // 64 MB
    INFO("peak memory grew by ", grown / 1024, " KB");
    if (before > 0) CHECK(grown < matrix / 2);    // some 20 blocks of 1 MB and arrays [T, 8]
}

TEST_CASE("causal and padding need no matrix at all") {
    const Index T = 16384;
    Rng rng(6);
    const Tensor x = Tensor::parameter(random_normal({1, 2, T, 8}, 1, rng));
    NdArray padding = zeros({1, T});
    std::fill_n(padding.mutable_data() + T - 100, 100, Scalar(1));
    peak_memory();
    const Index before = peak_memory();
    const Tensor O = attention(x, x, x, {.causal = true, .padding = padding});
    O.backward(NdArray(O.shape(), 1));
    const Index grown = peak_memory() - before, matrix = T * T * static_cast<Index>(sizeof(Scalar));    // 1 GB
    INFO("peak memory grew by ", grown / 1024, " KB");
    if (before > 0) CHECK(grown < matrix / 20);    // two blocks of 64 rows for each thread and arrays [T, 8]
}

#endif

TEST_CASE("a backward inside NoGrad reaches the bias all the same") {
    Rng rng(7);
    const Tensor x = Tensor::parameter(random_normal({1, 1, 5, 2}, 1, rng)),
                 table = Tensor::parameter(random_normal({1, 5, 5}, 1, rng));
    const auto gradient = [&](bool inside) {
        table.clear_grad();
        const Tensor O = attention(x, x, x, {.bias = {.sources = {table}, .rows = stored_rows}});
        NdArray weights(O.shape());
        weights.mutable_data()[3] = 1;
        if (inside) {
            const NoGrad guard;
            O.backward(weights);
        } else {
            O.backward(weights);
        }
        return table.grad();
    };
    check_equal(gradient(true), gradient(false));
}

TEST_CASE("inside NoGrad attention records nothing") {
    const Tensor x = Tensor::parameter(NdArray({1, 1, 3, 2}, 1));
    const NoGrad guard;
    CHECK_FALSE(attention(x, x, x).requires_grad());
}

TEST_CASE("attention names what does not fit") {
    const auto of_shape = [](const Shape& shape) { return Tensor(NdArray(shape)); };
    const Tensor good = of_shape({1, 2, 3, 4});
    const auto never = [](const auto&, Index, Index) { return Tensor(); };
    for (Attention f : {attention, naive_attention}) {
        const auto refuses = [&](const Tensor& Q, const Tensor& K, const Tensor& V, const std::string& got) {
            const std::string expected =
                "attention: expected Q [B, H, Tq, Dh], K [B, H, Tk, Dh] and V [B, H, Tk, Dv] with Dh > 0, got " + got;
            CHECK_THROWS_WITH_AS(f(Q, K, V, {}), expected.c_str(), ShapeError);
        };
        refuses(good, of_shape({1, 2, 5, 4}), good, "[1, 2, 3, 4], [1, 2, 5, 4] and [1, 2, 3, 4]");
        refuses(good, of_shape({1, 2, 3, 5}), good, "[1, 2, 3, 4], [1, 2, 3, 5] and [1, 2, 3, 4]");
        refuses(good, of_shape({5, 2, 3, 4}), of_shape({5, 2, 3, 4}), "[1, 2, 3, 4], [5, 2, 3, 4] and [5, 2, 3, 4]");
        refuses(good, good, of_shape({1, 1, 3, 4}), "[1, 2, 3, 4], [1, 2, 3, 4] and [1, 1, 3, 4]");
        refuses(of_shape({3, 4}), of_shape({3, 4}), of_shape({3, 4}), "[3, 4], [3, 4] and [3, 4]");
        for (const Shape& rank : {Shape{1, 2, 3}, Shape{1, 2, 3, 4, 1}}) {    // of one of the three
            const Tensor wrong = of_shape(rank);
            refuses(wrong, good, good, text_of(rank, ", [1, 2, 3, 4] and [1, 2, 3, 4]"));
            refuses(good, wrong, good, text_of("[1, 2, 3, 4], ", rank, " and [1, 2, 3, 4]"));
            refuses(good, good, wrong, text_of("[1, 2, 3, 4], [1, 2, 3, 4] and ", rank));
        }
        refuses(good, good, of_shape({5, 2, 3, 4}), "[1, 2, 3, 4], [1, 2, 3, 4] and [5, 2, 3, 4]");
        refuses(good, of_shape({5, 2, 3, 4}), good, "[1, 2, 3, 4], [5, 2, 3, 4] and [1, 2, 3, 4]");
        refuses(good, of_shape({1, 1, 3, 4}), good, "[1, 2, 3, 4], [1, 1, 3, 4] and [1, 2, 3, 4]");
        refuses(good, good, of_shape({1, 2, 5, 4}), "[1, 2, 3, 4], [1, 2, 3, 4] and [1, 2, 5, 4]");
        const Tensor flat = of_shape({1, 2, 3, 0});
        refuses(flat, flat, good, "[1, 2, 3, 0], [1, 2, 3, 0] and [1, 2, 3, 4]");

        const Tensor two = of_shape({1, 2, 2, 4});
        for (const AttentionOptions& options :
             {AttentionOptions{.causal = true}, AttentionOptions{.bias = {.rows = never}}})
            CHECK_THROWS_WITH_AS(f(good, two, two, options),
                                 "attention: with causal or a bias the queries are the last Tq of the Tk tokens; "
                                 "expected Tq <= Tk, got 3 queries and 2 keys",
                                 ShapeError);
        for (const Shape& shape : {Shape{5}, Shape{2, 1, 1, 3}, Shape{1, 2, 3, 4}, Shape{1, 1, 2, 3, 3}, Shape{0}})
            CHECK_THROWS_WITH_AS(f(good, good, good, {.mask = NdArray(shape)}),
                                 text_of("attention: expected a mask that broadcasts to [B, H, Tq, Tk] = [1, 2, 3, 3], "
                                         "got ",
                                         shape)
                                     .c_str(),
                                 ShapeError);
        for (const Shape& shape : {Shape{3}, Shape{2, 3}, Shape{1, 1}, Shape{1, 1, 1, 3}})
            CHECK_THROWS_WITH_AS(f(good, good, good, {.padding = NdArray(shape)}),
                                 text_of("attention: expected padding [B, Tk] = [1, 3] with 1 for a key that nobody "
                                         "sees, got ",
                                         shape)
                                     .c_str(),
                                 ShapeError);
        const auto too_many = [](const auto&, Index, Index) { return Tensor(zeros({2, 9, 3})); };
        CHECK_THROWS_WITH_AS(f(good, good, good, {.bias = {.rows = too_many}}),
                             "attention: expected rows of a bias that broadcast to [B, H, rows, Tk] = [1, 2, 3, 3], "
                             "got [2, 9, 3]",
                             ShapeError);
        for (double dropout : {1.0, -0.5, std::nan("")})
            CHECK_THROWS_WITH_AS(f(good, good, good, {.dropout = dropout}),
                                 text_of("attention: expected 0 <= dropout < 1, got ", dropout).c_str(), OptionError);
    }
}

TEST_CASE("attention passes the gradient check across the border of a block" * doctest::skip(!is_double)) {
    Rng rng(8);
    const Index T = 130;
    std::vector<Tensor> inputs;
    for (int i = 0; i < 3; ++i) inputs.push_back(Tensor::parameter(random_normal({1, 1, T, 2}, 1, rng)));
    inputs.push_back(Tensor::parameter(random_normal({T, 2}, 1, rng)));
    const GradCheck check = grad_check(
        [](const std::vector<Tensor>& in) {
            AttentionOptions options = rich_options(in[0], {in[3]});
            return attention(in[0], in[1], in[2], options);
        },
        inputs, rng);
    INFO(check.report);
    CHECK(check.passed);
}

TEST_CASE("causal attention passes the gradient check with fewer queries than keys" * doctest::skip(!is_double)) {
    Rng rng(9);
    std::vector<Tensor> inputs;
    for (Index T : {129, 131, 131}) inputs.push_back(Tensor::parameter(random_normal({1, 1, T, 1}, 1, rng)));
    const GradCheck check = grad_check(
        [](const std::vector<Tensor>& in) { return attention(in[0], in[1], in[2], {.causal = true}); }, inputs, rng);
    INFO(check.report);
    CHECK(check.passed);
}

TEST_CASE("attention reads heads whose numbers do not lie side by side") {
    Rng rng(12);
    const NdArray wide = random_normal({2, 3, 5, 8}, 1, rng), turned = random_normal({2, 3, 4, 5}, 1, rng);
    const Tensor Q(slice(wide, 3, 0, 8, 2)), K(slice(wide, 3, 1, 8, 2)), V(transpose(turned));    // strides 2 and 5
    const auto alike = [](const Tensor& t) { return Tensor(contiguous(t.values())); };
    CHECK(attention(Q, K, V).values().to_vector() == attention(alike(Q), alike(K), alike(V)).values().to_vector());
    CHECK(attention_weights(Q, K).to_vector() == attention_weights(alike(Q), alike(K)).to_vector());
}
