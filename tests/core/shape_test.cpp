#include <ordinal/core/shape.h>

#include <doctest/doctest.h>

#include <ordinal/core/error.h>
#include <ordinal/core/index_array.h>
#include <ordinal/core/nd_array.h>

using namespace ordinal;

TEST_CASE("a shape knows its axes and the number of its elements") {
    const Shape shape{2, 3, 4};
    CHECK(shape.ndim() == 3);
    CHECK(shape.size() == 24);
    CHECK(shape[1] == 3);
    CHECK(shape.last() == 4);
    CHECK(text_of(shape) == "[2, 3, 4]");
    CHECK(shape == Shape{2, 3, 4});
    CHECK_FALSE(shape == Shape{2, 3});
    CHECK_FALSE(shape == Shape{2, 3, 5});
    CHECK_FALSE(Shape{} == Shape{1});
}

TEST_CASE("the empty shape is a single number and a size of 0 means no element") {
    CHECK(Shape{}.ndim() == 0);
    CHECK(Shape{}.size() == 1);
    CHECK(Shape{}.last() == 1);
    CHECK(text_of(Shape{}) == "[]");
    CHECK(Shape{2, 0, 3}.size() == 0);
    CHECK(Shape{0}.last() == 0);
}

TEST_CASE("an axis of a shape may be counted from the end and one that does not exist is refused") {
    Shape shape{2, 3, 4};
    CHECK(shape[-1] == 4);
    CHECK(shape[-3] == 2);
    shape[-2] = 5;
    CHECK(shape == Shape{2, 5, 4});
    CHECK_THROWS_WITH_AS(shape[3], "Shape: axis 3 does not exist in [2, 5, 4] of 3 axes", IndexError);
    CHECK_THROWS_WITH_AS(shape[-4] = 1, "Shape: axis -4 does not exist in [2, 5, 4] of 3 axes", IndexError);
    CHECK_THROWS_AS(Shape{}[0], IndexError);
    CHECK_THROWS_AS(Shape{}[-1], IndexError);
}

TEST_CASE("impossible shapes are refused") {
    CHECK(Shape{1, 1, 1, 1, 1, 1}.ndim() == Shape::max_rank);
    CHECK_THROWS_WITH_AS((Shape{1, 1, 1, 1, 1, 1, 1}), "Shape: at most 6 axes, got 7", ShapeError);
    CHECK_THROWS_WITH_AS((Shape{2, -3}), "Shape: sizes are never negative, got [2, -3]", ShapeError);
    const Index large = Index(1) << 32;
    CHECK_THROWS_WITH_AS((Shape{large, large}),
                         "Shape: [4294967296, 4294967296] has more elements than a 64-bit index can count", ShapeError);
    CHECK((Shape{large / 2, large / 2}).size() == Index(1) << 62);    // just fits
    // A size of 0 does not hide the overflow: some code multiplies the other axes alone.
    CHECK_THROWS_AS((Shape{large, 0, large}), ShapeError);
}

TEST_CASE("a size that is written into a shape is checked where the shape is used") {
    Shape wide{2, 2};
    wide[0] = Index(1) << 62;
    wide[1] = 4;
    const std::string too_wide = text_of("Shape: ", wide, " has more elements than a 64-bit index can count");
    CHECK_THROWS_WITH_AS(wide.size(), too_wide.c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(NdArray{wide}, too_wide.c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(NdArray::uninitialized(wide), too_wide.c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(broadcast_to(NdArray(1), wide), too_wide.c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(reshape(NdArray(1), wide), too_wide.c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(NdArray(1).view(wide, Strides{}, 0), too_wide.c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(IndexArray(wide, {}), too_wide.c_str(), ShapeError);
    Shape negative{2, 2};
    negative[-1] = -3;
    const char* message = "Shape: sizes are never negative, got [2, -3]";
    CHECK_THROWS_WITH_AS(negative.size(), message, ShapeError);
    CHECK_THROWS_WITH_AS(NdArray{negative}, message, ShapeError);
    CHECK_THROWS_WITH_AS(NdArray(1).view(negative, Strides{}, 0), message, ShapeError);
    negative[0] = -2;    // the product is positive
    CHECK_THROWS_WITH_AS(NdArray{negative}, "Shape: sizes are never negative, got [-2, -3]", ShapeError);
}

TEST_CASE("row-major strides walk the last axis first") {
    const Strides strides = row_major_strides({2, 3, 4});
    CHECK(strides[0] == 12);
    CHECK(strides[1] == 4);
    CHECK(strides[2] == 1);
}

TEST_CASE("shapes broadcast by the rule of NumPy") {
    CHECK(broadcast_shapes({2, 1, 4}, {3, 1}, "add") == Shape{2, 3, 4});
    CHECK(broadcast_shapes({3, 1}, {2, 1, 4}, "add") == Shape{2, 3, 4});
    CHECK(broadcast_shapes({}, {2, 3}, "add") == Shape{2, 3});
    CHECK(broadcast_shapes({2, 3}, {2, 3}, "add") == Shape{2, 3});
    CHECK(broadcast_shapes({1}, {0}, "add") == Shape{0});
    CHECK(broadcast_shapes({4, 1}, {4, 0}, "add") == Shape{4, 0});
}

TEST_CASE("shapes that do not broadcast are named together with the operation") {
    CHECK_THROWS_WITH_AS(broadcast_shapes({2, 3}, {2, 4}, "add"),
                         "add: cannot broadcast [2, 3] with [2, 4]: sizes 3 and 4 differ and neither is 1", ShapeError);
    CHECK_THROWS_WITH_AS(broadcast_shapes({2, 3}, {2}, "mul"),
                         "mul: cannot broadcast [2, 3] with [2]: sizes 3 and 2 differ and neither is 1", ShapeError);
    CHECK_THROWS_WITH_AS(broadcast_shapes({2}, {0}, "mul"),
                         "mul: cannot broadcast [2] with [0]: sizes 2 and 0 differ and neither is 1", ShapeError);
    const Index large = Index(1) << 32;
    CHECK_THROWS_AS(broadcast_shapes({large, 1}, {1, large}, "mul"), ShapeError);    // too many elements
}

TEST_CASE("negative axes count from the end") {
    CHECK(normalize_axis(0, 3, "sum") == 0);
    CHECK(normalize_axis(2, 3, "sum") == 2);
    CHECK(normalize_axis(-1, 3, "sum") == 2);
    CHECK(normalize_axis(-3, 3, "sum") == 0);
    CHECK_THROWS_WITH_AS(normalize_axis(3, 3, "sum"), "sum: axis 3 does not exist in an array of 3 axes", IndexError);
    CHECK_THROWS_WITH_AS(normalize_axis(-4, 3, "sum"), "sum: axis -4 does not exist in an array of 3 axes", IndexError);
    CHECK_THROWS_AS(normalize_axis(0, 0, "sum"), IndexError);
}
