#include <ordinal/core/fast/gemm.h>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/random.h>
#include "tests/core/instruction_sets.h"
#include "tests/core/numbers.h"
#include "tests/core/thread_count.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// A matrix stored in one of the ways in which gemm may meet it.
struct Stored {
    std::vector<Scalar> numbers;
    Index row_stride, column_stride;
    MatrixView view() const { return {numbers.data(), row_stride, column_stride}; }
};

enum class Layout { plain, transposed, spread };    // spread: gaps between the elements and between the rows

Stored random_matrix(Index rows, Index columns, Layout layout, Rng& rng) {
    Index row_stride = columns, column_stride = 1;
    if (layout == Layout::transposed) row_stride = 1, column_stride = rows;
    if (layout == Layout::spread) row_stride = 2 * columns + 5, column_stride = 2;
    Stored matrix{{}, row_stride, column_stride};
    const Index last = (rows - 1) * row_stride + (columns - 1) * column_stride;
    matrix.numbers.assign(static_cast<std::size_t>(last + 1), std::numeric_limits<Scalar>::quiet_NaN());
    for (Index i = 0; i < rows; ++i)    // the gaps stay NaN: reading one of them shows in the product
        for (Index j = 0; j < columns; ++j)
            matrix.numbers[static_cast<std::size_t>(i * row_stride + j * column_stride)] =
                static_cast<Scalar>(rng.uniform(-1, 1));
    return matrix;
}

std::vector<Scalar> product(decltype(&gemm) multiply, Index m, Index n, Index k, const Stored& A, const Stored& B,
                            Index c_stride, bool add = false, const Scalar* bias = nullptr) {
    std::vector<Scalar> C(static_cast<std::size_t>(m * c_stride), untouched);
    multiply(m, n, k, A.view(), B.view(), C.data(), c_stride, add, bias);
    return C;
}

// Each of the k additions rounds a partial sum by at most epsilon / 2 of it. Sums of k random numbers in -1..1 stay
// near sqrt(k) / 3 and their rounding errors cancel likewise, so the two orders differ by about k epsilon / 6; a wrong
// or missing product differs by about 1/4.
double tolerance(Index k) { return 2 * static_cast<double>(k) * std::numeric_limits<Scalar>::epsilon(); }

void check_against_naive(Index m, Index n, Index k, Layout layout_a, Layout layout_b, Index extra, Rng& rng) {
    const Stored A = random_matrix(m, k, layout_a, rng), B = random_matrix(k, n, layout_b, rng);
    const Index c_stride = n + extra;
    const auto expected = product(naive_gemm, m, n, k, A, B, c_stride), got = product(gemm, m, n, k, A, B, c_stride);
    double worst = 0;
    bool rest_untouched = true;
    for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < c_stride; ++j) {
            const auto at = static_cast<std::size_t>(i * c_stride + j);
            if (j < n) {
                const double error = std::abs(static_cast<double>(got[at]) - static_cast<double>(expected[at]));
                if (!(error <= worst)) worst = error;
            } else {
                rest_untouched = rest_untouched && got[at] == untouched && expected[at] == untouched;
            }
        }
    INFO("m ", m, ", n ", n, ", k ", k, ", layouts ", static_cast<int>(layout_a), " ", static_cast<int>(layout_b));
    CHECK(worst <= tolerance(k));
    CHECK(rest_untouched);
}

constexpr Layout layouts[] = {Layout::plain, Layout::transposed, Layout::spread};

}    // namespace

TEST_CASE("the naive product is right on paper") {
    const std::vector<Scalar> A{1, 2, 3, 4, 5, 6}, B{1, 0, 2, 1, 0, 3};    // [2, 3] and [3, 2]
    std::vector<Scalar> C(4);
    naive_gemm(2, 2, 3, {A.data(), 3, 1}, {B.data(), 2, 1}, C.data(), 2);
    CHECK(C == std::vector<Scalar>{5, 11, 14, 23});
    naive_gemm(2, 2, 3, {A.data(), 1, 2}, {B.data(), 1, 3}, C.data(), 2);    // the same numbers, stored transposed
    CHECK(C == std::vector<Scalar>{11, 16, 14, 20});
}

TEST_CASE("gemm agrees with the naive product for random shapes and all layouts and instruction sets") {
    Rng rng(1);
    for_instruction_sets([&] {
        for (int repetition = 0; repetition < 40; ++repetition)
            for (Layout a : layouts)
                for (Layout b : layouts)
                    check_against_naive(1 + rng.below(70), 1 + rng.below(70), 1 + rng.below(70), a, b, rng.below(4),
                                        rng);
    });
}

TEST_CASE("gemm agrees with the naive product across the borders of its blocks") {
    Rng rng(2);
    for_instruction_sets([&] {
        for (Index k : {255, 256, 257, 513}) check_against_naive(9, 33, k, Layout::plain, Layout::transposed, 1, rng);
        for (Index n : {1023, 1024, 1025, 2050})
            check_against_naive(3, n, 5, Layout::transposed, Layout::plain, 2, rng);
        for (Index m : {239, 240, 241, 483}) check_against_naive(m, 70, 9, Layout::transposed, Layout::plain, 0, rng);
        check_against_naive(17, 1030, 300, Layout::plain, Layout::plain, 0, rng);
        check_against_naive(19, 100, 1024, Layout::plain, Layout::plain, 0, rng);    // rows of A 4 KB apart (float)
        check_against_naive(19, 1024, 9, Layout::plain, Layout::plain, 0, rng);      // rows of B
        check_against_naive(300, 40, 270, Layout::spread, Layout::spread, 3, rng);
        for (Layout a : layouts)    // a single row goes other ways
            for (Layout b : layouts)
                for (Index k : {7, 8, 9, 700}) check_against_naive(1, 33, k, a, b, 0, rng);
    });
}

TEST_CASE("the naive product adds to C when asked") {
    const std::vector<Scalar> A{1, 2, 3, 4}, B{1, 0, 2, 1};
    std::vector<Scalar> C{100, 200, -7, 300, 400, -7};    // rows 3 apart
    naive_gemm(2, 2, 2, {A.data(), 2, 1}, {B.data(), 2, 1}, C.data(), 3, true);
    CHECK(C == std::vector<Scalar>{105, 202, -7, 311, 404, -7});
}

TEST_CASE("gemm adds to C when asked - the same product on top of what is there") {
    Rng rng(4);
    struct Sizes {
        Index m, n, k;
    };
    for (const Sizes& size : {Sizes{1, 1, 1},
                              {7, 33, 5},
                              {8, 32, 256},
                              {9, 31, 257},
                              {64, 64, 64},
                              {65, 64, 513},
                              {3, 1030, 20},
                              {1, 1030, 20},
                              {300, 40, 1}})
        for (Layout a : layouts)
            for (Layout b : layouts) {
                const Index m = size.m, n = size.n, k = size.k;
                const Stored A = random_matrix(m, k, a, rng), B = random_matrix(k, n, b, rng);
                const auto expected = product(naive_gemm, m, n, k, A, B, n + 2, true);
                const auto got = product(gemm, m, n, k, A, B, n + 2, true);
                const auto alone = product(gemm, m, n, k, A, B, n + 2);
                double worst = 0, against_alone = 0;
                for (std::size_t i = 0; i < got.size(); ++i) {
                    const bool inside = static_cast<Index>(i) % (n + 2) < n;
                    const auto from = [&](Scalar there) {
                        return std::abs(static_cast<double>(got[i]) - static_cast<double>(there));
                    };
                    worst = std::max(worst, from(expected[i]));
                    against_alone = std::max(against_alone, from(inside ? alone[i] + untouched : untouched));
                }
                // every block of k rounds a sum near 12345 once
                const double rounding = tolerance(k) + 4 * 12345 * std::numeric_limits<Scalar>::epsilon();
                INFO("m ", m, ", n ", n, ", k ", k, ", layouts ", static_cast<int>(a), " ", static_cast<int>(b));
                CHECK(worst <= rounding);
                CHECK(against_alone <= rounding);
            }
}

TEST_CASE("a bias is added to every row once") {
    Rng rng(5);
    struct Sizes {
        Index m, n, k;
    };
    for_instruction_sets([&] {
        for (const Sizes& size : {Sizes{1, 1, 1},
                                  {9, 31, 257},
                                  {64, 64, 600},
                                  {300, 40, 1},
                                  {5, 1030, 300},
                                  {1, 31, 257},
                                  {3, 35, 5000},
                                  {1, 35, 5000}})
            for (const Layout layout : {Layout::transposed, Layout::plain}) {
                const auto [m, n, k] = size;
                const Stored A = random_matrix(m, k, Layout::plain, rng), B = random_matrix(k, n, layout, rng);
                const Stored bias = random_matrix(1, n, Layout::plain, rng);
                const auto expected = product(naive_gemm, m, n, k, A, B, n + 1, false, bias.numbers.data());
                const auto got = product(gemm, m, n, k, A, B, n + 1, false, bias.numbers.data());
                const auto without = product(naive_gemm, m, n, k, A, B, n + 1);
                double worst = 0, worst_naive = 0;
                for (std::size_t i = 0; i < got.size(); ++i) {
                    const auto j = static_cast<Index>(i) % (n + 1);
                    const Scalar plus = j < n ? bias.numbers[static_cast<std::size_t>(j)] : 0;
                    worst = std::max(worst, std::abs(static_cast<double>(got[i]) - static_cast<double>(expected[i])));
                    worst_naive = std::max(worst_naive, std::abs(static_cast<double>(expected[i]) -
                                                                 static_cast<double>(without[i] + plus)));
                }
                INFO("m ", size.m, ", n ", size.n, ", k ", size.k);
                CHECK(worst <= tolerance(k));
                CHECK(worst_naive <= tolerance(1));
            }
    });
    const std::vector<Scalar> nothing(6, 1), bias{3, 4};
    std::vector<Scalar> C(6, untouched);
    gemm(3, 2, 0, {nothing.data(), 3, 1}, {nothing.data(), 2, 1}, C.data(), 2, false, bias.data());    // an empty sum
    CHECK(C == std::vector<Scalar>{3, 4, 3, 4, 3, 4});
}

TEST_CASE("adding an empty sum changes nothing") {
    const std::vector<Scalar> A(6, 1), B(6, 1);
    std::vector<Scalar> C(6, untouched);
    gemm(2, 2, 0, {A.data(), 3, 1}, {B.data(), 2, 1}, C.data(), 3, true);
    CHECK(C == std::vector<Scalar>(6, untouched));
}

TEST_CASE("an empty sum is 0 and an empty matrix is left alone") {
    const std::vector<Scalar> A(6, 1), B(6, 1);
    std::vector<Scalar> C(6, untouched);
    gemm(2, 2, 0, {A.data(), 3, 1}, {B.data(), 2, 1}, C.data(), 3);
    CHECK(C == std::vector<Scalar>{0, 0, untouched, 0, 0, untouched});
    C.assign(6, untouched);
    gemm(0, 2, 3, {A.data(), 3, 1}, {B.data(), 2, 1}, C.data(), 3);
    gemm(2, 0, 3, {A.data(), 3, 1}, {B.data(), 2, 1}, C.data(), 3);
    CHECK(C == std::vector<Scalar>(6, untouched));
}

TEST_CASE("a product with one column has the bits of that column in a wider product") {
    Rng rng(7);
    for_instruction_sets([&] {
        for (const Layout layout : layouts)
            for (const Index m : {1, 2, 40, 300})
                for (const Index k : {1, 70, 700, 5000})
                    for (const bool add : {false, true}) {
                        const Stored A = random_matrix(m, k, layout, rng), B = random_matrix(k, 5, layout, rng);
                        const auto wide = product(gemm, m, 5, k, A, B, 5, add);
                        const auto apart = product(gemm, m, 1, k, A, B, 3, add);    // rows of C that do not touch
                        const auto dense = product(gemm, m, 1, k, A, B, 1, add);
                        Index wrong = 0;
                        for (Index i = 0; i < m; ++i) {
                            const Scalar right = wide[static_cast<std::size_t>(5 * i)];
                            wrong += dense[static_cast<std::size_t>(i)] != right;
                            wrong += apart[static_cast<std::size_t>(3 * i)] != right;
                        }
                        INFO("m ", m, ", k ", k, ", layout ", static_cast<int>(layout), ", add ", add);
                        CHECK(wrong == 0);
                    }
    });
}

TEST_CASE("gemm gives the same bits for every number of threads") {
    Rng rng(3);
    struct Sizes {
        Index m, n, k;
    };
    for (const Sizes& size :
         {Sizes{300, 70, 300}, {50, 1500, 70}, {129, 129, 129}, {2000, 3, 700}, {1, 1500, 700}, {1, 1501, 700}}) {
        const Index m = size.m, n = size.n, k = size.k;
        const Layout layout = n % 2 == 0 ? Layout::plain : Layout::transposed;
        const Stored A = random_matrix(m, k, Layout::plain, rng), B = random_matrix(k, n, layout, rng);
        for (bool add : {false, true}) {
            const auto multiply = [&] { return product(gemm, m, n, k, A, B, n, add); };
            const auto one = with_threads(1, multiply);
            CHECK(with_threads(2, multiply) == one);
            CHECK(with_threads(4, multiply) == one);
        }
    }
}

TEST_CASE("products that share a matrix have the bits of those that copy it each time") {
    Rng rng(12);
    struct Sizes {
        Index k, n, first_k, first_n;    // of the matrix, and what a product takes of it
    };
    for_instruction_sets([&] {
        for (const Sizes& size : {Sizes{64, 129, 64, 129},
                                  {64, 1100, 64, 1030},      // more than one block of columns
                                  {600, 40, 600, 40},        // and of rows
                                  {257, 1025, 257, 1025},    // of both, and the last ones have one row and one column
                                  {600, 40, 300, 33},
                                  {5000, 7, 4999, 7},    // so long that C is emptied now and then
                                  {3, 5, 0, 5},
                                  {0, 5, 0, 5},
                                  {3, 0, 3, 0}})
            for (const Layout layout : layouts)
                for (const Index m : {1, 7, 70}) {
                    const Index k = size.first_k, n = size.first_n;
                    const Stored A = random_matrix(m, std::max<Index>(k, 1), Layout::plain, rng),
                                 B = random_matrix(std::max<Index>(size.k, 1), std::max<Index>(size.n, 1), layout, rng);
                    const std::vector<Scalar> expected = product(gemm, m, n, k, A, B, n + 1);
                    for (const SharedMatrix& shared :
                         {packed(size.k, size.n, B.view()), SharedMatrix{size.k, size.n, B.view()}})
                        for (const int threads : {1, 3}) {
                            std::vector<Scalar> got(static_cast<std::size_t>(m * (n + 1)), untouched);
                            with_threads(threads, [&] {
                                shared_gemm(m, n, k, A.view(), shared, got.data(), n + 1);
                                return 0;
                            });
                            INFO("m ", m, ", n ", n, ", k ", k, ", layout ", static_cast<int>(layout));
                            CHECK(got == expected);
                        }
                }
    });
}
