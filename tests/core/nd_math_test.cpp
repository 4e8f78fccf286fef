#include <ordinal/core/nd_math.h>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <ordinal/core/random.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"
#include "tests/core/thread_count.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("arithmetic works element by element") {
    const NdArray a({3}, {1, 2, 3}), b({3}, {4, -2, 2});
    check_equal(a + b, NdArray({3}, {5, 0, 5}));
    check_equal(a - b, NdArray({3}, {-3, 4, 1}));
    check_equal(a * b, NdArray({3}, {4, -4, 6}));
    check_equal(a / b, NdArray({3}, {Scalar(0.25), -1, Scalar(1.5)}));
    check_equal(a * 2, NdArray({3}, {2, 4, 6}));
    check_equal(-a, NdArray({3}, {-1, -2, -3}));
}

TEST_CASE("arithmetic broadcasts and reads views through their strides") {
    const NdArray column({2, 1}, {10, 20});
    check_equal(counting_2_3 + column, NdArray({2, 3}, {10, 11, 12, 23, 24, 25}));
    check_equal(column - counting_2_3, NdArray({2, 3}, {10, 9, 8, 17, 16, 15}));
    check_equal(transpose(counting_2_3) + NdArray({2}, {10, 20}), NdArray({3, 2}, {10, 23, 11, 24, 12, 25}));
    check_equal(transpose(counting_2_3) * 2, NdArray({3, 2}, {0, 6, 2, 8, 4, 10}));
    check_equal(counting_2_3 * NdArray(Shape{}, 2), counting_2_3 * 2);
    check_equal(NdArray({2, 1, 1}, {1, 2}) + NdArray({2}, {0, 10}), NdArray({2, 1, 2}, {1, 11, 2, 12}));
    CHECK((zeros({0, 3}) + zeros({1, 3})).shape() == Shape{0, 3});
    CHECK_THROWS_WITH_AS(counting_2_3 / zeros({2}),
                         "div: cannot broadcast [2, 3] with [2]: sizes 3 and 2 differ and neither is 1", ShapeError);
    CHECK_THROWS_AS(counting_2_3 + NdArray(), GraphError);    // undefined
}

// ... also where threads cut the result across its rows, which are few and long here.
TEST_CASE("arithmetic broadcasts to the same numbers on several threads") {
    const Index rows = 8, columns = 20000;
    const NdArray one_a_row = reshape(NdArray::arange(rows), {rows, 1});
    const NdArray one_a_column = reshape(NdArray::arange(columns), {1, columns});
    const NdArray every_second = slice(NdArray::arange(2 * columns), 0, {std::nullopt, std::nullopt, 2});
    for (const auto& pair : {std::pair(one_a_row, one_a_column), std::pair(one_a_column, one_a_row),
                             std::pair(one_a_row, every_second), std::pair(zeros({rows, columns}), one_a_column)}) {
        const NdArray &a = pair.first, &b = pair.second;
        const NdArray c = with_threads(3, [&] { return a - b; });
        const NdArray wide_a = broadcast_to(a, {rows, columns}), wide_b = broadcast_to(b, {rows, columns});
        Index wrong = 0;
        for (Index i = 0; i < rows; ++i)
            for (Index j = 0; j < columns; ++j) wrong += c.at({i, j}) != wide_a.at({i, j}) - wide_b.at({i, j});
        CHECK(wrong == 0);
    }
}

TEST_CASE("add_in_place adds and leaves sharing arrays alone") {
    NdArray a({2}, {1, 2});
    const NdArray shared = a;
    add_in_place(a, NdArray({2}, {10, 20}));
    check_equal(a, NdArray({2}, {11, 22}));
    check_equal(shared, NdArray({2}, {1, 2}));
    add_in_place(a, a);
    check_equal(a, NdArray({2}, {22, 44}));
    NdArray square({2, 2}, {1, 2, 3, 4});
    add_in_place(square, transpose(square));    // reads and writes the same buffer
    check_equal(square, NdArray({2, 2}, {2, 5, 5, 8}));
    CHECK_THROWS_WITH_AS(add_in_place(a, zeros({1})), "add_in_place: shapes [2] and [1] differ", ShapeError);
}

TEST_CASE("sum_to_shape adds up what broadcasting repeats") {
    const NdArray box = reshape(NdArray::arange(24), {2, 3, 4});
    check_equal(sum_to_shape(box, {3, 1}), NdArray({3, 1}, {60, 92, 124}));
    check_equal(sum_to_shape(box, {2, 1, 4}), NdArray({2, 1, 4}, {12, 15, 18, 21, 48, 51, 54, 57}));
    check_equal(sum_to_shape(box, {4}), NdArray({4}, {60, 66, 72, 78}));
    check_equal(sum_to_shape(box, {}), NdArray(Shape{}, 276));
    check_equal(sum_to_shape(box, {2, 3, 4}), box);
    check_equal(sum_to_shape(transpose(counting_2_3), {3, 1}), NdArray({3, 1}, {3, 5, 7}));
    check_equal(sum_to_shape(broadcast_to(NdArray({1}, {2}), {5, 7}), {1}), NdArray({1}, {70}));
    check_equal(sum_to_shape(zeros({2, 0}), {2, 1}), NdArray({2, 1}, {0, 0}));
    check_equal(sum_to_shape(zeros({0, 2}), {2}), NdArray({2}, {0, 0}));
    CHECK_THROWS_WITH_AS(sum_to_shape(counting_2_3, {1, 2, 3}), "sum_to_shape: [1, 2, 3] does not broadcast to [2, 3]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(sum_to_shape(zeros({1}), {3}), "sum_to_shape: [3] does not broadcast to [1]", ShapeError);
}

TEST_CASE("long rows are summed with a small error whatever their length") {
    Rng rng(1);
    for (Index n : {1, 15, 16, 17, 31, 33, 1000, 40000}) {
        const NdArray row = random_uniform({1, n}, -1, 1, rng);
        double expected = 0;
        for (Scalar x : row.to_vector()) expected += static_cast<double>(x);
        // n roundings of a running sum that stays near sqrt(n)
        const double tolerance = static_cast<double>(n) * std::numeric_limits<Scalar>::epsilon();
        CHECK(std::abs(static_cast<double>(sum_all(row)) - expected) <= tolerance);
        CHECK(sum_all(row) == sum(row, 1).item());
    }
}

TEST_CASE("sum and max keep the axis with size 1") {
    check_equal(sum(counting_2_3, 0), NdArray({1, 3}, {3, 5, 7}));
    check_equal(sum(counting_2_3, -1), NdArray({2, 1}, {3, 12}));
    CHECK(sum_all(counting_2_3) == 15);
    const NdArray mixed({2, 3}, {1, 5, 2, 7, 0, -3});
    check_equal(max(mixed, 0), NdArray({1, 3}, {7, 5, 2}));
    check_equal(max(mixed, 1), NdArray({2, 1}, {5, 7}));
    CHECK(max(zeros({0, 3}), 1).shape() == Shape{0, 1});
    CHECK_THROWS_WITH_AS(max(zeros({2, 0}), 1), "max: axis 1 of [2, 0] is empty, so it has no maximum", ShapeError);
    CHECK_THROWS_WITH_AS(sum(counting_2_3, 2), "sum: axis 2 does not exist in an array of 2 axes", IndexError);
}

TEST_CASE("a NaN is the maximum wherever it stands") {
    for (int where = 0; where < 3; ++where) {
        NdArray a({3}, {1, 2, 3});
        a.mutable_data()[where] = not_a_number;
        CHECK(std::isnan(max(a, 0).item()));
    }
}

TEST_CASE("argmax_last returns the first of equal maxima") {
    const IndexArray best = argmax_last(NdArray({2, 2, 3}, {0, 2, 2, 5, 1, 2, 3, 3, 3, -1, -2, 0}));
    CHECK(best.shape == Shape{2, 2});
    CHECK(best.values == std::vector<Index>{1, 0, 0, 2});
    CHECK(argmax_last(transpose(NdArray({2, 2}, {1, 5, 9, 2}))).values == std::vector<Index>{1, 0});
    CHECK_THROWS_WITH_AS(argmax_last(zeros({2, 0})), "argmax_last: the last axis of [2, 0] is empty", ShapeError);
    CHECK_THROWS_WITH_AS(argmax_last(NdArray(Shape{}, 1)), "argmax_last: the last axis of [] is empty", ShapeError);
}

// The definition: one sum for each element, indices checked by at().
static NdArray matmul_by_definition(const NdArray& a, const NdArray& b) {
    const Index m = a.dim(0), k = a.dim(1), n = b.dim(1);
    NdArray out = zeros({m, n});
    Scalar* to = out.mutable_data();
    for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < n; ++j)
            for (Index p = 0; p < k; ++p) to[i * n + j] += a.at({i, p}) * b.at({p, j});
    return out;
}

TEST_CASE("matmul multiplies matrices and batches of them") {
    check_equal(matmul(counting_2_3, NdArray({3, 1}, {1, 10, 100})), NdArray({2, 1}, {210, 543}));
    check_equal(matmul(transpose(counting_2_3), counting_2_3), NdArray({3, 3}, {9, 12, 15, 12, 17, 22, 15, 22, 29}));

    // small whole numbers: the sums are exact, so batches must equal their matrices one by one
    const NdArray a = reshape(NdArray::arange(24), {2, 1, 3, 4}), b = reshape(NdArray::arange(24), {3, 4, 2});
    const NdArray out = matmul(a, b);
    REQUIRE(out.shape() == Shape{2, 3, 3, 2});
    for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 3; ++j) {
            const NdArray left = reshape(slice(a, 0, i, i + 1), {3, 4}), right = reshape(slice(b, 0, j, j + 1), {4, 2});
            check_equal(reshape(slice(slice(out, 0, i, i + 1), 1, j, j + 1), {3, 2}),
                        matmul_by_definition(left, right));
        }
    check_equal(matmul(transpose(a, 2, 3), broadcast_to(NdArray({3, 1}, {1, 1, 1}), {2, 5, 3, 1})),
                broadcast_to(reshape(sum(a, 2), {2, 1, 4, 1}), {2, 5, 4, 1}));
}

TEST_CASE("matmul of axes with size 0 is an empty sum or an empty matrix") {
    check_equal(matmul(zeros({2, 0}), zeros({0, 3})), NdArray({2, 3}, 0));
    CHECK(matmul(zeros({0, 2}), zeros({2, 3})).shape() == Shape{0, 3});
    CHECK(matmul(zeros({0, 2, 2}), zeros({2, 3})).shape() == Shape{0, 2, 3});
}

TEST_CASE("matmul names the shapes that do not fit") {
    CHECK_THROWS_WITH_AS(matmul(counting_2_3, counting_2_3),
                         "matmul: expected A [..., m, k] and B [..., k, n], got A [2, 3] and B [2, 3]", ShapeError);
    CHECK_THROWS_WITH_AS(matmul(zeros({3}), counting_2_3),
                         "matmul: expected A [..., m, k] and B [..., k, n], got A [3] and B [2, 3]", ShapeError);
    CHECK_THROWS_WITH_AS(matmul(zeros({2, 1, 1}), zeros({3, 1, 1})),
                         "matmul: cannot broadcast [2] with [3]: sizes 2 and 3 differ and neither is 1", ShapeError);
}

TEST_CASE("rows that follow each other are gathered where they lie and stay what they were") {
    NdArray table = reshape(NdArray::arange(8), {4, 2});
    const NdArray rows = gather_rows(table, IndexArray({2}, {1, 2}));
    CHECK(rows.data() == table.data() + 2);
    table.set({1, 0}, 77);
    check_equal(rows, NdArray({2, 2}, {2, 3, 4, 5}));
    check_equal(gather_rows(table, IndexArray({2}, {2, 1})), NdArray({2, 2}, {4, 5, 77, 3}));
    check_equal(gather_rows(table.T(), IndexArray({2}, {0, 1})), table.T());
}

TEST_CASE("gather_rows copies rows and scatter_add_rows adds them back") {
    const NdArray table = reshape(NdArray::arange(6), {3, 2});
    const IndexArray ids({2, 2}, {2, 0, 0, 2});
    check_equal(gather_rows(table, ids), NdArray({2, 2, 2}, {4, 5, 0, 1, 0, 1, 4, 5}));
    check_equal(gather_rows(transpose(reshape(NdArray::arange(6), {2, 3})), IndexArray({1}, {1})),
                NdArray({1, 2}, {1, 4}));
    CHECK(gather_rows(table, IndexArray({0}, {})).shape() == Shape{0, 2});

    NdArray sums({3, 2}, 0);
    scatter_add_rows(sums, ids, reshape(NdArray::arange(8), {2, 2, 2}));
    check_equal(sums, NdArray({3, 2}, {6, 8, 0, 0, 6, 8}));    // rows 2 + 4 at 0, nothing at 1, rows 0 + 6 at 2

    constexpr Index far = 1 << 20;    // rows that are far apart, each named three times, in a table with numbers
    NdArray tall({3 * far, 1}, 1);
    scatter_add_rows(tall, IndexArray({9}, {2 * far, 0, far, 0, far, 2 * far, far, 2 * far, 0}),
                     reshape(NdArray::arange(9), {9, 1}));
    CHECK(tall.at({0, 0}) == 1 + 1 + 3 + 8);
    CHECK(tall.at({far, 0}) == 1 + 2 + 4 + 6);
    CHECK(tall.at({2 * far, 0}) == 1 + 0 + 5 + 7);
    CHECK(sum_all(tall) == 3 * far + 36);
}

TEST_CASE("a row outside the table is named with the size of the table") {
    NdArray table = zeros({3, 2});
    CHECK_THROWS_WITH_AS(gather_rows(table, IndexArray({1}, {3})), "gather_rows: row 3 is outside a table of 3 rows",
                         IndexError);
    CHECK_THROWS_WITH_AS(gather_rows(table, IndexArray({1}, {-1})), "gather_rows: row -1 is outside a table of 3 rows",
                         IndexError);
    CHECK_THROWS_WITH_AS(gather_rows(zeros({3}), IndexArray({1}, {0})), "gather_rows: expected a table [V, D], got [3]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(scatter_add_rows(table, IndexArray({1}, {5}), zeros({1, 2})),
                         "scatter_add_rows: row 5 is outside a table of 3 rows", IndexError);
    CHECK_THROWS_WITH_AS(scatter_add_rows(table, IndexArray({2}, {0, 1}), zeros({1, 2})),
                         "scatter_add_rows: 2 rows of width 2 expected, got [1, 2]", ShapeError);
    CHECK_THROWS_WITH_AS(IndexArray({2, 2}, {0, 1, 2}), "IndexArray: shape [2, 2] needs 4 values, got 3", ShapeError);
}

TEST_CASE("concat joins along any axis") {
    const NdArray a({1, 2}, {1, 2}), b({2, 2}, {3, 4, 5, 6});
    check_equal(concat(std::vector<NdArray>{a, b}, 0), NdArray({3, 2}, {1, 2, 3, 4, 5, 6}));
    check_equal(concat(std::vector<NdArray>{transpose(a), b}, -1), NdArray({2, 3}, {1, 3, 4, 2, 5, 6}));
    check_equal(concat(std::vector<NdArray>{zeros({0, 2}), a}, 0), a);
    check_equal(concat(std::vector<NdArray>{a}, 1), a);
    CHECK_THROWS_WITH_AS(concat(std::vector<NdArray>{}, 0), "concat: expected at least one array, got none",
                         ShapeError);
    CHECK_THROWS_WITH_AS(concat(std::vector<NdArray>{a, b}, 1), "concat: [1, 2] and [2, 2] differ in more than axis 1",
                         ShapeError);
    CHECK_THROWS_WITH_AS(concat(std::vector<NdArray>{a, zeros({2})}, 0),
                         "concat: [1, 2] and [2] differ in more than axis 0", ShapeError);
    CHECK_THROWS_WITH_AS(concat(std::vector<NdArray>{a}, 2), "concat: axis 2 does not exist in an array of 2 axes",
                         IndexError);
}

TEST_CASE("has_nan and max_abs_difference see every element") {
    CHECK_FALSE(has_nan(counting_2_3));
    CHECK_FALSE(has_nan(NdArray({1}, {std::numeric_limits<Scalar>::infinity()})));
    CHECK(has_nan(transpose(NdArray({2, 2}, {0, 0, not_a_number, 0}))));
    CHECK(max_abs_difference(NdArray({2}, {1, 5}), NdArray({2}, {2, 2})) == 3);
    CHECK(max_abs_difference(zeros({0}), zeros({0})) == 0);
    const NdArray infinite({1}, {std::numeric_limits<Scalar>::infinity()});
    CHECK(max_abs_difference(infinite, infinite) == 0);
    CHECK(std::isnan(max_abs_difference(NdArray({2}, {1, not_a_number}), NdArray({2}, {1, 1}))));
    CHECK_THROWS_WITH_AS(max_abs_difference(zeros({2}), zeros({3})), "max_abs_difference: shapes [2] and [3] differ",
                         ShapeError);
}

TEST_CASE("a NaN is the largest of all for max and argmax") {
    const NdArray rows({3, 3}, {0, not_a_number, 1, not_a_number, 5, not_a_number, 1, 3, 3});
    CHECK(argmax_last(rows).values == std::vector<Index>{1, 0, 1});
    const NdArray best = max(rows, 1);
    CHECK(std::isnan(best.at({0, 0})));
    CHECK(std::isnan(best.at({1, 0})));
    CHECK(best.at({2, 0}) == 3);
}

TEST_CASE("an array that repeats along the first axes is combined with each part of the other") {
    Rng rng(3);
    const NdArray a = random_normal({3, 2, 190, 190}, 1, rng);
    for (const Shape& shape : {Shape{190, 190}, Shape{1, 190, 190}, Shape{2, 190, 190}, Shape{1, 1, 190, 190},
                               Shape{3, 1, 190, 190}, Shape{190, 1}, Shape{190}}) {
        const NdArray b = random_normal(shape, 1, rng), wide = contiguous(broadcast_to(b, a.shape()));
        INFO(shape);
        for (const int threads : {1, 2, 4}) {
            const auto both = with_threads(threads, [&] { return std::pair(a - b, b - a); });
            Index wrong = 0;
            for (Index i = 0; i < a.size(); ++i) {
                wrong += both.first.data()[i] != a.data()[i] - wide.data()[i];
                wrong += both.second.data()[i] != wide.data()[i] - a.data()[i];
            }
            CHECK(wrong == 0);
        }
    }
}
