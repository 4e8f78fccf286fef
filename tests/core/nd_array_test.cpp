#include <ordinal/core/nd_array.h>

#include <doctest/doctest.h>

#include <limits>
#include <locale>
#include <sstream>

#include <ordinal/core/index_array.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/tensor.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("an array holds its values in row-major order") {
    CHECK(counting_2_3.at({0, 2}) == 2);
    CHECK(counting_2_3.at({1, 0}) == 3);
    CHECK(counting_2_3.to_vector() == std::vector<Scalar>{0, 1, 2, 3, 4, 5});
    check_equal(NdArray({2, 2}, 7), NdArray({2, 2}, {7, 7, 7, 7}));
    check_equal(zeros({3}), NdArray({3}, {0, 0, 0}));
    check_equal(NdArray::arange(3), NdArray({3}, {0, 1, 2}));
    CHECK(NdArray(Shape{}, 5).item() == 5);
    CHECK(NdArray({1, 1}, 5).item() == 5);
}

TEST_CASE("a wrong number of values is refused") {
    CHECK_THROWS_WITH_AS(NdArray({2, 3}, {1, 2}), "NdArray: shape [2, 3] needs 6 values, got 2", ShapeError);
    CHECK_THROWS_WITH_AS(NdArray({2, 0}, {1}), "NdArray: shape [2, 0] needs 0 values, got 1", ShapeError);
    CHECK_THROWS_WITH_AS(counting_2_3.item(), "item: expected an array of one element, got shape [2, 3]", ShapeError);
    CHECK_THROWS_WITH_AS(zeros({0}).item(), "item: expected an array of one element, got shape [0]", ShapeError);
}

TEST_CASE("an index outside the array is named with the size of its axis") {
    CHECK_THROWS_WITH_AS(counting_2_3.at({2, 0}), "at: index 2 is outside axis 0 of size 2", IndexError);
    CHECK_THROWS_WITH_AS(counting_2_3.at({0, -4}), "at: index -4 is outside axis 1 of size 3", IndexError);
    CHECK(counting_2_3.at({0, -1}) == 2);    // from the end
    CHECK_THROWS_WITH_AS(counting_2_3.at({0}), "at: shape [2, 3] needs 2 indices, got 1", ShapeError);
    CHECK_THROWS_WITH_AS(zeros({2, 0}).at({0, 0}), "at: index 0 is outside axis 1 of size 0", IndexError);
    CHECK_THROWS_WITH_AS(counting_2_3.dim(2), "dim: axis 2 does not exist in an array of 2 axes", IndexError);
}

TEST_CASE("a view reaches no number outside the array it is of") {
    const NdArray middle = slice(NdArray::arange(12), 0, 2, 10);    // 2 .. 9
    check_equal(middle.view({4}, {2}, 1), NdArray({4}, {3, 5, 7, 9}));
    check_equal(middle.view({3}, {-1}, 7), NdArray({3}, {9, 8, 7}));
    check_equal(middle.view({3, 2}, {1, 1}, 0), NdArray({3, 2}, {2, 3, 3, 4, 4, 5}));    // a sliding window
    CHECK(middle.view({0}, {1}, 8).size() == 0);
    CHECK_THROWS_WITH_AS(middle.view({4}, {2}, 2), "view: [4] at 2 reaches outside the [8] it is of", IndexError);
    CHECK_THROWS_WITH_AS(middle.view({1}, {1}, -1), "view: [1] at -1 reaches outside the [8] it is of", IndexError);
    CHECK_THROWS_AS(middle.view({3}, {-1}, 1), IndexError);
    CHECK_THROWS_AS(NdArray(Shape{0}).view({1}, {1}, 0), IndexError);
}

TEST_CASE("reshape of an array solves one -1 as that of a tensor does") {
    check_equal(reshape(NdArray::arange(6), {2, -1}), NdArray({2, 3}, {0, 1, 2, 3, 4, 5}));
    check_equal(reshape(NdArray::arange(6), {3, 2}), NdArray({3, 2}, {0, 1, 2, 3, 4, 5}));
    CHECK(reshape(NdArray({1, 1}, 7), {}).item() == 7);
    CHECK(reshape(zeros({0, 3}), {3, -1}).shape() == Shape{3, 0});
    CHECK_THROWS_AS(reshape(NdArray::arange(6), {4, -1}), ShapeError);
}

TEST_CASE("an undefined array says so instead of being read") {
    NdArray undefined;
    CHECK_FALSE(undefined.defined());
    CHECK(text_of(undefined) == "undefined");
    CHECK(undefined.size() == 0);
    CHECK(undefined.ndim() == 0);
    CHECK_THROWS_AS(undefined.dim(0), IndexError);
    CHECK_THROWS_WITH_AS(undefined.data(), "data: this array is undefined (default-constructed)", GraphError);
    CHECK_THROWS_WITH_AS(undefined.at({}), "data: this array is undefined (default-constructed)", GraphError);
    CHECK_THROWS_WITH_AS(slice(undefined, 0, 0, 0), "slice: this array is undefined (default-constructed)", GraphError);
    CHECK_THROWS_WITH_AS(reshape(undefined, {-1}), "reshape: this array is undefined (default-constructed)",
                         GraphError);
    CHECK_THROWS_WITH_AS(transpose(undefined), "transpose: this array is undefined (default-constructed)", GraphError);
    CHECK_THROWS_WITH_AS(broadcast_to(undefined, {2}), "broadcast_to: this array is undefined (default-constructed)",
                         GraphError);
    CHECK_THROWS_WITH_AS(undefined.view({}, {}, 0), "view: this array is undefined (default-constructed)", GraphError);
    CHECK_THROWS_AS(undefined + undefined, GraphError);
    CHECK_THROWS_WITH_AS(undefined.item(), "item: this array is undefined (default-constructed)", GraphError);
    CHECK_THROWS_WITH_AS(undefined.to_vector(), "data: this array is undefined (default-constructed)", GraphError);
    CHECK_THROWS_WITH_AS(undefined.mutable_data(), "mutable_data: this array is undefined (default-constructed)",
                         GraphError);
}

TEST_CASE("transpose and permute and slice and broadcast_to are views") {
    const NdArray turned = transpose(counting_2_3);
    CHECK(turned.data() == counting_2_3.data());
    check_equal(turned, NdArray({3, 2}, {0, 3, 1, 4, 2, 5}));
    CHECK_FALSE(turned.is_contiguous());

    const NdArray column = slice(counting_2_3, 1, 1, 2);
    CHECK(column.data() == counting_2_3.data() + 1);
    check_equal(column, NdArray({2, 1}, {1, 4}));
    check_equal(slice(turned, -2, 1, 3), NdArray({2, 2}, {1, 4, 2, 5}));    // a view of a view

    const NdArray wide = broadcast_to(column, {2, 2, 3});
    CHECK(wide.data() == column.data());
    check_equal(wide, NdArray({2, 2, 3}, {1, 1, 1, 4, 4, 4, 1, 1, 1, 4, 4, 4}));
    check_equal(broadcast_to(NdArray(Shape{}, 3), {2}), NdArray({2}, {3, 3}));
    CHECK(broadcast_to(column, {2, 0}).size() == 0);

    const NdArray box = reshape(NdArray::arange(24), {2, 3, 4});
    const std::vector<Index> axes{2, 0, -2};
    const NdArray moved = permute(box, axes);
    CHECK(moved.data() == box.data());
    CHECK(moved.shape() == Shape{4, 2, 3});
    for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 3; ++j)
            for (Index k = 0; k < 4; ++k) CHECK(moved.at({k, i, j}) == box.at({i, j, k}));
    check_equal(transpose(box, 0, 2), permute(box, std::vector<Index>{2, 1, 0}));
    check_equal(transpose(box), permute(box, std::vector<Index>{0, 2, 1}));
}

TEST_CASE("reshape is a view where the layout allows it and a copy where not") {
    const NdArray flat = reshape(counting_2_3, {6});
    CHECK(flat.data() == counting_2_3.data());
    check_equal(flat, NdArray::arange(6));
    const NdArray turned = reshape(transpose(counting_2_3), {6});
    CHECK(turned.data() != counting_2_3.data());
    check_equal(turned, NdArray({6}, {0, 3, 1, 4, 2, 5}));
    check_equal(reshape(NdArray(Shape{}, 4), {1, 1}), NdArray({1, 1}, {4}));
    CHECK(reshape(zeros({0, 3}), {5, 0}).shape() == Shape{5, 0});
}

TEST_CASE("contiguous returns the array itself or a row-major copy") {
    CHECK(contiguous(counting_2_3).data() == counting_2_3.data());
    const NdArray row = slice(counting_2_3, 0, 1, 2);
    CHECK(row.is_contiguous());
    CHECK(contiguous(row).data() == row.data());
    const NdArray copy = contiguous(transpose(counting_2_3));
    CHECK(copy.is_contiguous());
    check_equal(copy, NdArray({3, 2}, {0, 3, 1, 4, 2, 5}));
    CHECK(transpose(zeros({1, 3})).is_contiguous());    // an axis of size 1 has no layout
}

TEST_CASE("writing never changes an array that shares the buffer") {
    NdArray a({2, 2}, {1, 2, 3, 4});
    const NdArray copy = a, turned = transpose(a), part = slice(a, 0, 1, 2), wide = broadcast_to(part, {2, 2});
    a.mutable_data()[2] = 9;
    check_equal(a, NdArray({2, 2}, {1, 2, 9, 4}));
    check_equal(copy, NdArray({2, 2}, {1, 2, 3, 4}));
    check_equal(turned, NdArray({2, 2}, {1, 3, 2, 4}));
    check_equal(part, NdArray({1, 2}, {3, 4}));
    check_equal(wide, NdArray({2, 2}, {3, 4, 3, 4}));
}

TEST_CASE("writing to a view changes neither its source nor a repeated element twice") {
    const NdArray source({2, 2}, {1, 2, 3, 4});
    NdArray turned = transpose(source);
    turned.mutable_data()[1] = 9;    // row-major in the view's own shape
    check_equal(turned, NdArray({2, 2}, {1, 9, 2, 4}));
    check_equal(source, NdArray({2, 2}, {1, 2, 3, 4}));

    NdArray wide = broadcast_to(NdArray({1}, {5}), {3});    // sole owner of a buffer with one element
    wide.mutable_data()[1] = 7;
    check_equal(wide, NdArray({3}, {5, 7, 5}));

    NdArray part = slice(NdArray({3}, {1, 2, 3}), 0, 1, 3);    // sole owner, does not begin at the buffer's begin
    part.mutable_data()[0] = 8;
    check_equal(part, NdArray({2}, {8, 3}));
}

TEST_CASE("the sole owner of a buffer writes in place") {
    NdArray a({3}, {1, 2, 3});
    const Scalar* before = a.data();
    a.mutable_data()[0] = 5;
    CHECK(a.data() == before);
}

TEST_CASE("views that do not exist are refused") {
    CHECK_THROWS_WITH_AS(transpose(zeros({3})), "transpose: axis -2 does not exist in an array of 1 axes", IndexError);
    CHECK_THROWS_WITH_AS(transpose(counting_2_3, 0, 2), "transpose: axis 2 does not exist in an array of 2 axes",
                         IndexError);
    CHECK_THROWS_WITH_AS(permute(counting_2_3, std::vector<Index>{0}), "permute: shape [2, 3] needs 2 axes, got 1",
                         ShapeError);
    CHECK_THROWS_WITH_AS(permute(counting_2_3, std::vector<Index>{1, -1}), "permute: axis 1 is named twice",
                         ShapeError);
    CHECK_THROWS_WITH_AS(slice(counting_2_3, 2, 0, 1), "slice: axis 2 does not exist in an array of 2 axes",
                         IndexError);
    CHECK_THROWS_WITH_AS(broadcast_to(counting_2_3, {2, 4}),
                         "broadcast_to: cannot broadcast [2, 3] with [2, 4]: sizes 3 and 4 differ and neither is 1",
                         ShapeError);
    CHECK_THROWS_WITH_AS(broadcast_to(counting_2_3, {1, 3}), "broadcast_to: [2, 3] does not broadcast to [1, 3]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(broadcast_to(counting_2_3, {3}), "broadcast_to: [2, 3] does not broadcast to [3]", ShapeError);
    CHECK_THROWS_WITH_AS(reshape(counting_2_3, {4}), "reshape: [2, 3] has 6 elements, [4] needs 4", ShapeError);
}

TEST_CASE("one size of reshape may be left open") {
    CHECK(resolve_reshape({2, 3, 4}, {-1}) == Shape{24});
    CHECK(resolve_reshape({2, 3, 4}, {4, -1}) == Shape{4, 6});
    CHECK(resolve_reshape({2, 3, 4}, {3, -1, 2}) == Shape{3, 4, 2});
    CHECK(resolve_reshape({2, 3}, {3, 2}) == Shape{3, 2});
    CHECK(resolve_reshape({0, 3}, {-1, 3}) == Shape{0, 3});
    CHECK(resolve_reshape({1}, {}) == Shape{});
    CHECK_THROWS_WITH_AS(resolve_reshape({6}, {-1, -1}), "reshape: only one size may be -1", ShapeError);
    CHECK_THROWS_WITH_AS(resolve_reshape({6}, {-1, 4}),
                         "reshape: [6] has 6 elements, which the sizes that are given (4 together) do not divide",
                         ShapeError);
    CHECK_THROWS_WITH_AS(resolve_reshape({0}, {-1, 0}),
                         "reshape: [0] has 0 elements, which the sizes that are given (0 together) do not divide",
                         ShapeError);
    CHECK_THROWS_WITH_AS(resolve_reshape({6}, {-2, 3}), "Shape: sizes are never negative, got [-2, 3]", ShapeError);
    const Index large = Index(1) << 62;
    CHECK_THROWS_AS(resolve_reshape({6}, {-1, large, large}), ShapeError);    // the product overflows
}

TEST_CASE("axes of size 0 are arrays without elements") {
    NdArray none = zeros({2, 0});
    CHECK(none.defined());
    CHECK(none.to_vector().empty());
    CHECK(none.mutable_data() != nullptr);
    CHECK(transpose(none).shape() == Shape{0, 2});
    CHECK(contiguous(transpose(none)).size() == 0);
    CHECK(slice(counting_2_3, 0, 1, 1).size() == 0);
    CHECK(NdArray::arange(0).shape() == Shape{0});
    const NdArray many = NdArray::arange(20'000'000);    // a float that counts stands still at 2^24
    CHECK(many.at({19'999'999}) == static_cast<Scalar>(19'999'999));
    CHECK(many.at({16'777'218}) == 16'777'218);
}

TEST_CASE("arrays print like NumPy") {
    CHECK(text_of(NdArray(Shape{}, 5)) == "5");
    CHECK(text_of(NdArray({3}, {1, Scalar(2.5), -3})) == "[1, 2.5, -3]");
    CHECK(text_of(counting_2_3) ==
          "[[0, 1, 2],\n"
          " [3, 4, 5]]");
    CHECK(text_of(transpose(counting_2_3)) ==
          "[[0, 3],\n"
          " [1, 4],\n"
          " [2, 5]]");
    CHECK(text_of(reshape(NdArray::arange(8), {2, 2, 2})) ==
          "[[[0, 1],\n"
          "  [2, 3]],\n"
          "\n"
          " [[4, 5],\n"
          "  [6, 7]]]");
    CHECK(text_of(reshape(NdArray::arange(4), {2, 1, 2, 1})) ==
          "[[[[0],\n"
          "   [1]]],\n"
          "\n"
          "\n"
          " [[[2],\n"
          "   [3]]]]");
    CHECK(text_of(zeros({0})) == "[]");
    CHECK(text_of(zeros({2, 0})) == "[]");
}

TEST_CASE("long axes are printed by their ends") {
    CHECK(text_of(NdArray::arange(8)) == "[0, 1, 2, 3, 4, 5, 6, 7]");
    CHECK(text_of(NdArray::arange(9)) == "[0, 1, 2, ..., 6, 7, 8]");
    CHECK(text_of(reshape(NdArray::arange(200), {10, 20})) ==
          "[[0, 1, 2, ..., 17, 18, 19],\n"
          " [20, 21, 22, ..., 37, 38, 39],\n"
          " [40, 41, 42, ..., 57, 58, 59],\n"
          " ...,\n"
          " [140, 141, 142, ..., 157, 158, 159],\n"
          " [160, 161, 162, ..., 177, 178, 179],\n"
          " [180, 181, 182, ..., 197, 198, 199]]");
}

TEST_CASE("numbers are printed with four digits and more where a whole part or a tenth needs them") {
    const Scalar nan_value = infinity - infinity;
    CHECK(text_of(NdArray({Scalar(1) / 3, 123456, -infinity, nan_value})) == "[0.3333, 123456, -inf, nan]");
    CHECK(text_of(NdArray({-nan_value})) == "[nan]");
    CHECK(text_of(NdArray({10001, 10002, 10003})) == "[10001, 10002, 10003]");
    CHECK(text_of(NdArray({-12345678, 0, 16777215})) == "[-12345678, 0, 16777215]");
    CHECK(text_of(NdArray({99999999.0})) == (sizeof(Scalar) == 8 ? "[99999999]" : "[1e+08]"));
    CHECK(text_of(NdArray({0.0001, 1000})) == "[0.0001, 1000]");
    CHECK(text_of(NdArray({1.5, 1000.5, 10000.5, 123456.7})) == "[1.5, 1000.5, 10000.5, 123456.7]");
    CHECK(text_of(NdArray({999.96, 1.23456, 12.3456, 0.00123456})) == "[1000, 1.235, 12.35, 0.001235]");
    CHECK(text_of(NdArray({1.5, 10, 99999})) == "[1.5, 10, 99999]");
}

TEST_CASE("an array with very large or very small numbers is printed with exponents throughout") {
    CHECK(text_of(NdArray({0.00001, 1000, 0})) == "[1e-05, 1e+03, 0]");
    CHECK(text_of(NdArray({123456789, 1, -2.5})) == "[1.235e+08, 1e+00, -2.5e+00]");
    CHECK(text_of(NdArray({1e-9, infinity, -infinity, 100})) == "[1e-09, inf, -inf, 1e+02]");
    CHECK(text_of(NdArray(1e-30)) == "1e-30");
    CHECK(text_of(NdArray(3e9)) == "3e+09");
    NdArray long_one = full({20}, 12345);
    long_one.set({10}, 1e20);    // not shown, and so not counted
    CHECK(text_of(long_one) == "[12345, 12345, 12345, ..., 12345, 12345, 12345]");
}

struct Grouping : std::numpunct<char> {
    char do_thousands_sep() const override { return '.'; }
    char do_decimal_point() const override { return ','; }
    std::string do_grouping() const override { return "\3"; }
};

TEST_CASE("printing keeps the state of the stream and its own numbers") {
    std::ostringstream out;
    out.imbue(std::locale(out.getloc(), new Grouping));
    out.precision(9);
    out << std::fixed << std::showpos << std::hex;
    const std::ios::fmtflags flags = out.flags();
    out << NdArray({10001, 0.5}) << IndexArray({{10001}, {2}}) << Shape{5000, 3} << Tensor(12345);
    CHECK(out.str() == "[10001, 0.5][[10001],\n [2]][5000, 3]12345");
    CHECK(out.flags() == flags);
    CHECK(out.precision() == 9);
    CHECK(out.width() == 0);
}

TEST_CASE("ids print as whole numbers do") {
    CHECK(text_of(IndexArray({3, -1, 100000})) == "[3, -1, 100000]");
    CHECK(text_of(IndexArray({{1, 2}, {3, 4}})) == "[[1, 2],\n [3, 4]]");
    CHECK(text_of(IndexArray()) == "[]");
    CHECK(text_of(IndexArray(Shape{}, {7})) == "7");
    CHECK(text_of(IndexArray({10}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})) == "[0, 1, 2, ..., 7, 8, 9]");
}
