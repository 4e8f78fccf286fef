// Values and messages. Gradients: ops_gradient_test.cpp and ops_parity_test.cpp.
#include <ordinal/core/ops_shape.h>

#include <doctest/doctest.h>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_elementwise.h>
#include <ordinal/core/ops_reduce.h>
#include "tests/core/check_near.h"

using namespace ordinal;

static Tensor counting_box() { return Tensor(reshape(NdArray::arange(24), {2, 3, 4})); }

TEST_CASE("moving numbers is the same on tensors as on arrays") {
    const Tensor box = counting_box();
    const NdArray values = box.values();
    check_equal(reshape(box, {4, -1}).values(), reshape(values, {4, 6}));
    check_equal(transpose(box).values(), transpose(values));
    check_equal(transpose(box, 0, -1).values(), transpose(values, 0, 2));
    check_equal(permute(box, {2, 0, 1}).values(), permute(values, std::vector<Index>{2, 0, 1}));
    check_equal(slice(box, -1, 1, 3).values(), slice(values, 2, 1, 3));
    check_equal(broadcast_to(Tensor(NdArray({3, 1}, {1, 2, 3})), {3, 2}).values(), NdArray({3, 2}, {1, 1, 2, 2, 3, 3}));
    check_equal(concat({box, box}, 1).values(), concat(std::vector<NdArray>{values, values}, 1));
    check_equal(gather_rows(reshape(box, {6, 4}), IndexArray({2}, {5, 0})).values(),
                NdArray({2, 4}, {20, 21, 22, 23, 0, 1, 2, 3}));
}

TEST_CASE("stack adds an axis and unstack takes it away again") {
    const Tensor a(NdArray({2}, {1, 2})), b(NdArray({2}, {3, 4})), box = counting_box();
    check_equal(stack({a, b}, 0).values(), NdArray({2, 2}, {1, 2, 3, 4}));
    check_equal(stack({a, b}, 1).values(), NdArray({2, 2}, {1, 3, 2, 4}));
    check_equal(stack({a, b}, -1).values(), NdArray({2, 2}, {1, 3, 2, 4}));
    for (Index axis : {0, 1, 2, -1, -2, -3}) {
        const std::vector<Tensor> parts = unstack(box, axis);
        CHECK(static_cast<Index>(parts.size()) == box.dim(axis));
        CHECK(parts.front().ndim() == 2);
        check_equal(stack(parts, axis).values(), box.values());
    }
    CHECK(unstack(Tensor(zeros({0, 3})), 0).empty());
}

TEST_CASE("wrong axes and sizes are refused") {
    const Tensor box = counting_box();
    CHECK_THROWS_WITH_AS(reshape(box, {-1, -1}), "reshape: only one size may be -1", ShapeError);
    CHECK_THROWS_WITH_AS(
        reshape(box, {5, -1}),
        "reshape: [2, 3, 4] has 24 elements, which the sizes that are given (5 together) do not divide", ShapeError);
    CHECK_THROWS_WITH_AS(reshape(box, Shape{5}), "reshape: [2, 3, 4] has 24 elements, [5] needs 5", ShapeError);
    CHECK_THROWS_WITH_AS(transpose(Tensor(zeros({3}))), "transpose: axis -2 does not exist in an array of 1 axes",
                         IndexError);
    CHECK_THROWS_WITH_AS(transpose(box, 0, 3), "transpose: axis 3 does not exist in an array of 3 axes", IndexError);
    CHECK_THROWS_WITH_AS(permute(box, {0, 1}), "permute: shape [2, 3, 4] needs 3 axes, got 2", ShapeError);
    CHECK_THROWS_WITH_AS(permute(box, {0, 1, 1}), "permute: axis 1 is named twice", ShapeError);
    CHECK_THROWS_WITH_AS(slice(box, 3, 0, 1), "slice: axis 3 does not exist in an array of 3 axes", IndexError);
    CHECK_THROWS_WITH_AS(broadcast_to(box, {3, 4}), "broadcast_to: [2, 3, 4] does not broadcast to [3, 4]", ShapeError);
    CHECK_THROWS_WITH_AS(concat(std::vector<Tensor>{}, 0), "concat: expected at least one array, got none", ShapeError);
    CHECK_THROWS_WITH_AS(stack({}, 0), "stack: expected at least one tensor, got none", ShapeError);
    CHECK_THROWS_WITH_AS(stack({box}, 4), "stack: axis 4 does not exist in an array of 4 axes", IndexError);
    CHECK_THROWS_WITH_AS(unstack(box, 3), "unstack: axis 3 does not exist in an array of 3 axes", IndexError);
    CHECK_THROWS_WITH_AS(gather_rows(reshape(box, {6, 4}), IndexArray({1}, {6})),
                         "gather_rows: row 6 is outside a table of 6 rows", IndexError);
    IndexArray broken({2}, {0, 1});
    broken.shape = Shape{3};
    CHECK_THROWS_WITH_AS(gather_rows(reshape(box, {6, 4}), broken), "gather_rows: ids of shape [3] hold 2 values",
                         ShapeError);
    CHECK_THROWS_WITH_AS(stack({box, reshape(box, {6, 4})}, 0),
                         "stack: expected equal shapes, got [2, 3, 4] and [6, 4]", ShapeError);
    const Tensor six_axes(zeros({1, 1, 1, 1, 1, 1}));
    CHECK_THROWS_WITH_AS(stack({six_axes}, 0), "Shape: at most 6 axes, got 7", ShapeError);
}

TEST_CASE("rows that were not read keep a gradient of exactly 0 and rows read twice get both") {
    const Tensor table = Tensor::parameter(NdArray({4, 2}, 1));
    gather_rows(table, IndexArray({3}, {1, 3, 1})).backward(NdArray({3, 2}, {1, 2, 10, 20, 100, 200}));
    check_equal(table.grad(), NdArray({4, 2}, {0, 0, 101, 202, 0, 0, 10, 20}));
}

TEST_CASE("slices that overlap add up and the rest keeps a gradient of 0") {
    const Tensor x = Tensor::parameter(NdArray({5}, 1));
    sum(slice(x, 0, 0, 3) * 2 + slice(x, 0, 1, 4)).backward();
    check_equal(x.grad(), NdArray({5}, {2, 3, 3, 1, 0}));
}

TEST_CASE("axes of size 0 can be moved and have gradients") {
    const Tensor none = Tensor::parameter(zeros({2, 0, 3}));
    const Tensor moved = permute(reshape(transpose(none, 0, 1), {3, 0, 2}), {1, 0, 2});
    CHECK(moved.shape() == Shape{0, 3, 2});
    const Tensor joined = concat({slice(none, 1, 0, 0), none}, 1);
    (sum(moved) + sum(joined)).backward();
    CHECK(none.grad().shape() == Shape{2, 0, 3});
    const Tensor table = Tensor::parameter(NdArray({2, 3}, 1));
    sum(gather_rows(table, IndexArray({0}, {}))).backward();
    check_equal(table.grad(), NdArray({2, 3}, 0));
}
