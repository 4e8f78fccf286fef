#include <ordinal/positional/tables/extend_table.h>

#include <doctest/doctest.h>

#include <set>

#include <ordinal/positional/measures/similarity.h>
#include "tests/nn/testing.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

constexpr double rounding_of_rows = tolerance(1e-6, 1e-14);

NdArray random_table(Index rows, Index width, std::uint64_t seed = 3) {
    Rng rng(seed);
    return random_normal({rows, width}, 1, rng);
}

// The first length from `length` on that the strategy can do: anchored takes whole steps.
Index possible(const std::string& strategy, Index rows, Index length) {
    return strategy == "anchored" ? (length + rows - 1) / rows * rows : length;
}

NdArray row(const NdArray& P, Index k) { return reshape(slice(P, 0, k, k + 1), {P.dim(1)}); }

// Su's own formula, 0-based, every row by itself.
NdArray su(const NdArray& P, Index length, double alpha) {
    const Index n = P.dim(0), D = P.dim(1);
    NdArray Q = zeros({length, D});
    Scalar* q = Q.mutable_data();
    for (Index k = 0; k < length; ++k)
        for (Index c = 0; c < D; ++c) {
            const auto u = [&](Index r) {
                return (static_cast<double>(P.at({r, c})) - alpha * static_cast<double>(P.at({0, c}))) / (1 - alpha);
            };
            q[k * D + c] = static_cast<Scalar>(alpha * u(k / n) + (1 - alpha) * u(k % n));
        }
    return Q;
}

// The laws of an extension of n rows to m, asked of any W: empty when all hold.
std::string broken_laws(const SparseRows& W, Index n, bool keeps_old_rows) {
    std::string broken;
    const NdArray P = random_table(n, 5), Q = mix_rows(W, Tensor(P)).values();
    if (keeps_old_rows && !same_numbers(slice(Q, 0, 0, n), P)) broken += "the old rows have changed; ";
    // A table moved by one vector gives an extension moved by that vector: the weights of a row add up to 1.
    const NdArray moved = mix_rows(W, Tensor(P + NdArray({1, 5}, 10))).values();
    if (largest_error(moved, Q + NdArray({1, 5}, 10)) > 20 * rounding_of_rows)
        broken += "does not move with the table; ";
    std::set<std::vector<Scalar>> rows;
    for (Index k = 0; k < Q.dim(0); ++k) rows.insert(row(Q, k).to_vector());
    if (static_cast<Index>(rows.size()) < Q.dim(0)) broken += "two positions are the same; ";
    return broken;
}

}    // namespace

TEST_CASE("mix_rows is the product with the dense matrix - forwards and backwards") {
    for (const std::string& name : extend_names())
        for (const Index asked : {1, 3, 4, 5, 9, 16}) {    // shorter, the same, longer
            const Index length = possible(name, 4, asked);
            CAPTURE(name);
            CAPTURE(length);
            const SparseRows W = extension_rows(4, length, {.strategy = extend_by_name(name)});
            const Tensor P = Tensor::parameter(random_table(4, 3)), P2 = Tensor::parameter(P.values());
            const Tensor Q = mix_rows(W, P), Q2 = matmul(Tensor(dense(W, 4)), P2);
            CHECK(Q.shape() == Shape{length, 3});
            CHECK(largest_error(Q.values(), Q2.values()) <= rounding_of_rows);
            Rng rng(1);
            const NdArray dQ = random_normal(Q.shape(), 1, rng);
            Q.backward(dQ);
            Q2.backward(dQ);
            CHECK(largest_error(P.grad(), P2.grad()) <= 4 * rounding_of_rows);    // dP = W^T dQ
        }
}

TEST_CASE("the gradient of an extension passes the gradient check" * doctest::skip(!is_double)) {
    for (const std::string& name : extend_names()) {
        CAPTURE(name);
        Rng rng(2);
        const Tensor P = random_parameter({4, 3}, rng);
        const SparseRows W = extension_rows(4, possible(name, 4, 14), {.strategy = extend_by_name(name)});
        const GradCheck check = grad_check([&](const std::vector<Tensor>&) { return mix_rows(W, P); }, {P}, rng);
        CHECK(check.passed);
    }
}

TEST_CASE("the rows of W as the papers write them") {
    const NdArray P({4, 1}, {10, 11, 12, 13});
    const auto numbers = [&](Extend strategy) {
        return extended(P, 7, {.strategy = strategy, .alpha = 0.5}).to_vector();
    };
    CHECK(numbers(Extend::zero) == std::vector<Scalar>{10, 11, 12, 13, 0, 0, 0});
    CHECK(numbers(Extend::copy) == std::vector<Scalar>{10, 11, 12, 13, 10, 11, 12});
    CHECK(numbers(Extend::group) == std::vector<Scalar>{10, 10, 11, 11, 12, 12, 13});           // floor(k 4 / 7)
    CHECK(numbers(Extend::linear) == std::vector<Scalar>{10, 10.5, 11, 11.5, 12, 12.5, 13});    // k 3 / 6
    CHECK(numbers(Extend::hierarchical) == std::vector<Scalar>{10, 11, 12, 13, 11, 12, 13});    // beta = 1
}

TEST_CASE("anchored rows stand a whole step apart and the last line goes on") {
    const NdArray P({4, 1}, {10, 11, 12, 14});
    const auto numbers = [&](Index length, Index keep) {
        return extended(P, length, {.strategy = Extend::anchored, .keep = keep}).to_vector();
    };
    CHECK(numbers(8, 0) == std::vector<Scalar>{10, 10.5, 11, 11.5, 12, 13, 14, 15});
    CHECK(numbers(7, 1) == std::vector<Scalar>{10, 11, 11.5, 12, 13, 14, 15});
    CHECK(numbers(6, 2) == std::vector<Scalar>{10, 11, 12, 13, 14, 15});
    CHECK(numbers(7, 3) == std::vector<Scalar>{10, 11, 12, 14, 14.5, 15, 15.5});
    CHECK(numbers(4, 0) == std::vector<Scalar>{10, 11, 12, 14});
}

// Long-CLIP: 77 rows, 20 kept, 248 long. By its code, which names each row: between old rows 3/4 and 1/4, 2/4 and 2/4,
// 1/4 and 3/4; past the last one quarters of the last difference.
TEST_CASE("behind a kept prefix a table is stretched as in the code of Long-CLIP") {
    const Index length = 77, keep = 20, longer = 4 * length - 3 * keep;
    const NdArray P = random_table(length, 3), Q = extended(P, longer, {.strategy = Extend::anchored, .keep = keep});
    CHECK(longer == 248);
    const auto mixed = [&](Index r, double f) {
        return row(P, r) * static_cast<Scalar>(1 - f) + row(P, r + 1) * static_cast<Scalar>(f);
    };
    CHECK(same_numbers(slice(Q, 0, 0, keep), slice(P, 0, 0, keep)));
    double worst = 0;
    for (Index i = 0; i < length - keep; ++i)
        for (Index quarter = 0; quarter < 4; ++quarter) {
            const bool last = i == length - keep - 1;
            const NdArray expected = last ? mixed(length - 2, 1 + 0.25 * static_cast<double>(quarter))
                                          : mixed(keep + i, 0.25 * static_cast<double>(quarter));
            worst = std::max(worst, largest_error(row(Q, keep + 4 * i + quarter), expected));
        }
    CHECK(worst <= 4 * rounding_of_rows);
    for (Index i = 0; i < length - keep; ++i) CHECK(same_numbers(row(Q, keep + 4 * i), row(P, keep + i)));
}

// E5-Base-4k, by the notes that come with it: 512 rows at 0, 8, ..., 4088 of 4096.
TEST_CASE("anchors to the last bit") {
    const Extension anchored{.strategy = Extend::anchored};
    CHECK(anchored.step(512, 4096) == 8);
    const NdArray P = random_table(512, 2), Q = extended(P, 4096, anchored);
    for (Index r = 0; r < 512; ++r) CHECK(same_numbers(row(Q, 8 * r), row(P, r)));
    CHECK(extension_row(4091, 512, 4096, anchored)[1].weight == 1.375);    // 3 / 8 past the last row
    for (const std::string& name : extend_names())
        if (name != "anchored") CHECK(Extension{.strategy = extend_by_name(name)}.step(4, 7) == 1);
}

TEST_CASE("a table made shorter has its first rows or rows of its line") {
    const NdArray P({5, 1}, {10, 11, 12, 13, 14});
    const auto numbers = [&](Extend strategy, Index length) {
        return extended(P, length, {.strategy = strategy}).to_vector();
    };
    for (const Extend strategy : {Extend::random, Extend::zero, Extend::copy, Extend::hierarchical})
        CHECK(numbers(strategy, 3) == std::vector<Scalar>{10, 11, 12});
    CHECK(numbers(Extend::linear, 3) == std::vector<Scalar>{10, 12, 14});    // k 4 / 2
    CHECK(numbers(Extend::linear, 4).front() == 10);
    CHECK(numbers(Extend::linear, 4).back() == 14);
    CHECK(numbers(Extend::group, 3) == std::vector<Scalar>{10, 11, 13});    // floor(k 5 / 3)
    CHECK(numbers(Extend::linear, 1) == std::vector<Scalar>{10});
}

TEST_CASE("hierarchical rows obey Su's formula") {
    for (const double alpha : {0.1, 0.4, 0.49, 0.5, 0.7}) {
        CAPTURE(alpha);
        const NdArray P = random_table(8, 6);
        const Extension extension{.strategy = Extend::hierarchical, .alpha = alpha};
        CHECK(largest_error(extended(P, 64, extension), su(P, 64, alpha)) <= 20 * rounding_of_rows);
    }
    // alpha = 0.4: beta = 2/3 on the block's row, -2/3 on row 0
    const SparseRow W = extension_row(19, 8, 64, {});
    CHECK(W[0].column == 3);
    CHECK(W[0].weight == 1);
    CHECK(W[1].column == 2);
    CHECK(std::abs(W[1].weight - 2.0 / 3) < 1e-15);
    CHECK(W[2].column == 0);
    CHECK(std::abs(W[2].weight + 2.0 / 3) < 1e-15);
}

TEST_CASE("alpha 0 copies") {
    const NdArray P = random_table(5, 4);
    CHECK(same_numbers(extended(P, 25, {.strategy = Extend::hierarchical, .alpha = 0}),
                       extended(P, 25, {.strategy = Extend::copy})));
}

TEST_CASE("one half makes i and j interchangeable") {
    const NdArray P = random_table(8, 4), half = extended(P, 64, {.alpha = 0.5}), usual = extended(P, 64, {});
    const Index ij = 3 * 8 + 2, ji = 2 * 8 + 3;
    CHECK(largest_error(row(half, ij), row(half, ji)) <= 4 * rounding_of_rows);
    CHECK(largest_error(row(usual, ij), row(usual, ji)) > 0.1);
}

TEST_CASE("laws of the extensions") {
    const auto laws = [](Extend strategy, Index m) {
        const Extension extension{.strategy = strategy};
        return broken_laws(extension_rows(8, m, extension), 8, extension.keeps_old_rows());
    };
    CHECK(laws(Extend::hierarchical, 64) == "");
    CHECK(laws(Extend::linear, 30) == "");
    CHECK(broken_laws(extension_rows(8, 32, {.strategy = Extend::anchored}), 8, false) == "");
    CHECK(broken_laws(extension_rows(8, 17, {.strategy = Extend::anchored, .keep = 5}), 8, false) == "");
    CHECK(laws(Extend::group, 30) == "two positions are the same; ");    // what each of these costs
    CHECK(laws(Extend::copy, 30) == "two positions are the same; ");
    CHECK(laws(Extend::zero, 10) == "does not move with the table; two positions are the same; ");
    for (const std::string& name : extend_names()) {    // nothing to extend: nothing happens
        CAPTURE(name);
        CHECK(same_numbers(extended(random_table(8, 5), 8, {.strategy = extend_by_name(name)}), random_table(8, 5)));
    }
}

TEST_CASE("the laws notice planted slips in the hierarchy") {
    const auto planted = [](const std::function<SparseRow(Index block, Index place)>& wrong) {
        SparseRows W;
        for (Index k = 0; k < 64; ++k) W.push_back(wrong(k / 8, k % 8));
        return broken_laws(W, 8, true);
    };
    const double alpha = 0.4, beta = alpha / (1 - alpha);
    // right; then: u = P, without the correction by row 0; counted from 1; alpha = 1/2; the sign of beta lost
    CHECK(planted([&](Index i, Index j) {
              return SparseRow{{j, 1}, {i, beta}, {0, -beta}};
          }) == (sizeof(Scalar) == 8 ? "the old rows have changed; " : ""));
    // p + b p_0 - b p_0, by rounding only: why block 0 has a branch of its own. (Sums are kept in double: in float they
    // come out right even so.)
    CHECK(planted([&](Index i, Index j) {
              return SparseRow{{i, alpha}, {j, 1 - alpha}};
          }) == "the old rows have changed; ");
    CHECK(planted([&](Index i, Index j) {
              return SparseRow{{j, 1}, {std::min<Index>(i + 1, 7), beta}, {0, -beta}};
          }) == "the old rows have changed; two positions are the same; ");
    CHECK(planted([&](Index i, Index j) {
              return i ? SparseRow{{j, 1}, {i, 1}, {0, -1}} : SparseRow{{j, 1}};
          }) == "two positions are the same; ");
    CHECK(planted([&](Index i, Index j) {
              return i ? SparseRow{{j, 1}, {i, beta}, {0, beta}} : SparseRow{{j, 1}};
          }) == "does not move with the table; ");
}

TEST_CASE("random rows are as large as the table's and fresh") {
    const NdArray P = random_table(50, 40) * Scalar(0.1), Q = extended(P, 100, {.strategy = Extend::random});
    CHECK(same_numbers(slice(Q, 0, 0, 50), P));
    const NdArray fresh = contiguous(slice(Q, 0, 50, 100));
    const double size = std::sqrt(static_cast<double>(sum_all(fresh * fresh)) / static_cast<double>(fresh.size()));
    CHECK(std::abs(size - 0.1) < 0.01);    // 2000 draws tell a standard deviation to about 2 %
    CHECK(std::abs(static_cast<double>(cosine_similarity(Q).at({0, 50}))) < 0.7);    // no old row
}

TEST_CASE("impossible extensions are refused") {
    Rng rng(1);
    const Tensor P(random_table(8, 2));
    const auto extend = [&](Index length, const Extension& how) { return extend_table(P, length, how, rng); };
    CHECK_THROWS_WITH_AS(extend(32, {.alpha = 1}),
                         "extend_table: expected 0 <= alpha < 1, got 1; at 1, beta = alpha / (1 - alpha) divides by 0",
                         OptionError);
    CHECK_THROWS_AS(extend(32, {.alpha = -0.1}), OptionError);
    CHECK_THROWS_AS(extend(32, {.alpha = std::nan("")}), OptionError);
    CHECK(extend(64, {}).shape() == Shape{64, 2});
    CHECK_THROWS_WITH_AS(extend(65, {}),
                         "extend_table: 8 rows name at most 8 x 8 positions in two levels, got length 65", OptionError);
    CHECK(extend(65, {.strategy = Extend::copy}).shape() == Shape{65, 2});
    CHECK_THROWS_WITH_AS(extend(0, {.strategy = Extend::random}),
                         "extend_table: expected a table of 1 row or more and a length of at least 1, got 8 rows and "
                         "length 0",
                         OptionError);
    CHECK_THROWS_WITH_AS(extend(30, {.strategy = Extend::anchored}),
                         "extend_table: anchored rows take whole steps, so the length is keep + s (rows - keep) = 0 + "
                         "s 8, got 30; take 24 (s = 3)",
                         OptionError);
    CHECK_THROWS_WITH_AS(extend(5, {.strategy = Extend::anchored, .keep = 6}),
                         "extend_table: anchored rows take whole steps, so the length is keep + s (rows - keep) = 6 + "
                         "s 2, got 5; take 8 (s = 1)",
                         OptionError);
    for (const Index keep : {8, -1})
        CHECK_THROWS_WITH_AS(
            extend(16, {.strategy = Extend::anchored, .keep = keep}),
            text_of("extend_table: expected to keep 0 to 7 of 8 rows where they are, got keep = ", keep).c_str(),
            OptionError);
    CHECK_THROWS_WITH_AS(extend_by_name("hirarchical"),
                         "extend_table: unknown strategy 'hirarchical'; did you mean hierarchical?", OptionError);
    CHECK_THROWS_WITH_AS(extend_table(Tensor(zeros({8})), 9, {}, rng), "extend_table: expected a table [n, D], got [8]",
                         ShapeError);
    const Extension copies{.strategy = Extend::copy};
    const Index most = 1'000'000'000;    // of rows and of a length
    CHECK(extension_row(most - 1, most, most, copies).front().column == most - 1);
    CHECK_THROWS_WITH_AS(extension_row(0, 8, most + 1, copies),
                         "extend_table: expected rows and a length up to 1000000000, got 8 rows and length 1000000001",
                         OptionError);
    CHECK_THROWS_WITH_AS(extension_row(0, most + 1, 8, copies),
                         "extend_table: expected rows and a length up to 1000000000, got 1000000001 rows and length 8",
                         OptionError);
    CHECK_THROWS_WITH_AS(extension_row(-1, 8, 9, {}), "extend_table: row -1 is outside the length 9", IndexError);
    CHECK_THROWS_WITH_AS(extension_row(0, 0, 9, {}),
                         "extend_table: expected a table of 1 row or more and a length of at least 1, got 0 rows and "
                         "length 9",
                         OptionError);
    for (const Extension& wrong : {Extension{.from = -1}, Extension{.from = 8}, Extension{.rows = -1},
                                   Extension{.rows = 9}, Extension{.from = 3, .rows = 6}})
        CHECK_THROWS_WITH_AS(wrong.rows_of(8),
                             text_of("extend_table: expected from >= 0 and from + rows <= 8 for a table of 8 rows, one "
                                     "of which at least takes part, got from = ",
                                     wrong.from, " and rows = ", wrong.rows)
                                 .c_str(),
                             OptionError);
    CHECK(Extension{.from = 7}.rows_of(8) == 1);
    CHECK(Extension{.from = 3, .rows = 5}.rows_of(8) == 5);
    CHECK_THROWS_WITH_AS(extension_row(9, 8, 9, {}), "extend_table: row 9 is outside the length 9", IndexError);
    CHECK_THROWS_WITH_AS(mix_rows({}, Tensor(zeros({8}))), "mix_rows: expected a table [n, D] with a row, got [8]",
                         ShapeError);
}

TEST_CASE("the smallest tables") {
    for (const std::string& name : extend_names()) {
        CAPTURE(name);
        CHECK(extended(random_table(1, 2), 1, {.strategy = extend_by_name(name)}).shape() == Shape{1, 2});
        CHECK(all_finite(extended(random_table(2, 2), 4, {.strategy = extend_by_name(name)})));
    }
    for (const Extend one : {Extend::linear, Extend::anchored})
        CHECK(all_finite(extended(random_table(1, 2), 5, {.strategy = one})));
    CHECK(mix_rows({}, Tensor(random_table(4, 3))).shape() == Shape{0, 3});
}
