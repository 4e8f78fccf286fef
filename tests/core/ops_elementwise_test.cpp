// Values and messages. Gradients: ops_gradient_test.cpp and ops_parity_test.cpp.
#include <ordinal/core/ops_elementwise.h>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <ordinal/core/ops_reduce.h>
#include "tests/core/check_near.h"

using namespace ordinal;

static const Scalar infinity = std::numeric_limits<Scalar>::infinity();
static const Scalar nan_value = std::numeric_limits<Scalar>::quiet_NaN();

static Tensor parameter(std::initializer_list<Scalar> values) {
    return Tensor::parameter(NdArray({static_cast<Index>(values.size())}, values));
}

TEST_CASE("operators are the named operations") {
    const Tensor a = parameter({6, 8}), b = parameter({2, 4});
    check_equal((a + b).values(), NdArray({2}, {8, 12}));
    check_equal((a - b).values(), NdArray({2}, {4, 4}));
    check_equal((a * b).values(), NdArray({2}, {12, 32}));
    check_equal((a / b).values(), NdArray({2}, {3, 2}));
    check_equal((-a).values(), NdArray({2}, {-6, -8}));
    check_equal((3 * a).values(), NdArray({2}, {18, 24}));
    check_equal((a * 3).values(), NdArray({2}, {18, 24}));
    check_equal((a + 3).values(), NdArray({2}, {9, 11}));
}

TEST_CASE("shapes that do not broadcast are named with the operation") {
    const Tensor a = parameter({1, 2}), b = parameter({1, 2, 3});
    const NdArray mask = zeros({3});
    const std::string problem = ": cannot broadcast [2] with [3]: sizes 2 and 3 differ and neither is 1";
    CHECK_THROWS_WITH_AS(a + b, ("add" + problem).c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(a - b, ("sub" + problem).c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(a * b, ("mul" + problem).c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(a / b, ("div" + problem).c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(maximum(a, b), ("maximum" + problem).c_str(), ShapeError);
    CHECK_THROWS_WITH_AS(where(mask, a, b),
                         "where: cannot broadcast [3] with [2]: sizes 3 and 2 differ and neither is 1", ShapeError);
    CHECK_THROWS_WITH_AS(masked_fill(a, mask, 0),
                         "where: cannot broadcast [3] with [2]: sizes 3 and 2 differ and neither is 1", ShapeError);
    CHECK_THROWS_WITH_AS(a + Tensor(), "values: this tensor is undefined (default-constructed)", GraphError);
}

TEST_CASE("where two maxima are equal each gets half of the gradient") {
    const Tensor a = parameter({1, 5, 2}), b = parameter({3, 4, 2});
    const Tensor larger = maximum(a, b);
    check_equal(larger.values(), NdArray({3}, {3, 5, 2}));
    larger.backward(NdArray({3}, {10, 20, 30}));
    check_equal(a.grad(), NdArray({3}, {0, 20, 15}));
    check_equal(b.grad(), NdArray({3}, {10, 0, 15}));
}

TEST_CASE("relu and maximum do not swallow a NaN") {
    CHECK(std::isnan(relu(parameter({nan_value})).item()));
    CHECK(std::isnan(maximum(parameter({nan_value}), parameter({1})).item()));
    CHECK(std::isnan(maximum(parameter({1}), parameter({nan_value})).item()));
}

TEST_CASE("the slope of relu at its kink is 0") {
    const Tensor x = parameter({-1, 0, 2});
    relu(x).backward(NdArray({3}, 1));
    check_equal(x.grad(), NdArray({3}, {0, 0, 1}));
}

TEST_CASE("saturated functions stay finite and so do their gradients") {
    const Tensor x = parameter({-1000, 1000});
    const Tensor s = sigmoid(x), t = tanh(x), g = gelu(x);
    check_equal(s.values(), NdArray({2}, {0, 1}));
    check_equal(t.values(), NdArray({2}, {-1, 1}));
    check_equal(g.values(), NdArray({2}, {0, 1000}));
    sum(s + t + g).backward();
    check_equal(x.grad(), NdArray({2}, {0, 1}));
}

TEST_CASE("pow with the exponents 0 and 1 has a finite slope at 0") {
    const Tensor x = parameter({0, 2});
    sum(pow(x, 0)).backward();
    check_equal(x.grad(), NdArray({2}, {0, 0}));
    x.clear_grad();
    sum(pow(x, 1)).backward();
    check_equal(x.grad(), NdArray({2}, {1, 1}));
}

// A masked score is -infinity; nothing of it may reach a value or gradient that was not chosen.
TEST_CASE("the branch that where does not take leaves no trace") {
    const NdArray mask({2}, {1, 0});
    const Tensor a = parameter({1, infinity}), b = parameter({nan_value, 2});
    const Tensor chosen = where(mask, a, b);
    check_equal(chosen.values(), NdArray({2}, {1, 2}));
    chosen.backward(NdArray({2}, {10, 20}));
    check_equal(a.grad(), NdArray({2}, {10, 0}));
    check_equal(b.grad(), NdArray({2}, {0, 20}));

    const Tensor x = parameter({nan_value, 3});
    const Tensor filled = masked_fill(x, mask, -infinity);
    check_equal(filled.values(), NdArray({2}, {-infinity, 3}));
    filled.backward(NdArray({2}, {infinity, 5}));
    check_equal(x.grad(), NdArray({2}, {0, 5}));
}
