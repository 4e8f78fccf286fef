// Values and messages. Gradients: ops_gradient_test.cpp and ops_parity_test.cpp.
#include <ordinal/core/ops_elementwise.h>

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include <ordinal/core/ops_reduce.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"

using namespace ordinal;
using namespace ordinal::testing;

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

TEST_CASE("where both are NaN each gets half of the gradient and one NaN gets all of it") {
    const Tensor x = parameter({not_a_number, 1}), a = parameter({not_a_number, not_a_number, 2}),
                 b = parameter({not_a_number, 1, not_a_number});
    sum(maximum(x, x)).backward();
    check_equal(x.grad(), NdArray({2}, {1, 1}));
    sum(maximum(a, b) + minimum(a, b)).backward();
    check_equal(a.grad(), NdArray({3}, {1, 2, 0}));
    check_equal(b.grad(), NdArray({3}, {1, 0, 2}));
}

TEST_CASE("relu and maximum do not swallow a NaN") {
    CHECK(std::isnan(relu(parameter({not_a_number})).item()));
    CHECK(std::isnan(maximum(parameter({not_a_number}), parameter({1})).item()));
    CHECK(std::isnan(maximum(parameter({1}), parameter({not_a_number})).item()));
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

TEST_CASE("small whole powers are products and others those of the standard library") {
    const std::vector<Scalar> numbers{-3, Scalar(-0.7), 0, Scalar(0.3), Scalar(1.1), 5};
    const Tensor x = Tensor::parameter(NdArray({6}, numbers));
    for (const Scalar c : {Scalar(1), Scalar(2), Scalar(3), Scalar(4), Scalar(-1)}) {
        const std::vector<Scalar> y = pow(x, c).values().to_vector();
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const Scalar v = numbers[i], product = c == 1 ? v : c == 2 ? v * v : v * v * v;
            INFO(v, " to the power of ", c);
            CHECK(y[i] == (1 <= c && c <= 3 ? product : std::pow(v, c)));
        }
    }
    sum(pow(x, 3)).backward();
    check_near(x.grad(), NdArray({6}, {27, Scalar(1.47), 0, Scalar(0.27), Scalar(3.63), 75}), 8 * epsilon);
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
    const Tensor a = parameter({1, infinity}), b = parameter({not_a_number, 2});
    const Tensor chosen = where(mask, a, b);
    check_equal(chosen.values(), NdArray({2}, {1, 2}));
    chosen.backward(NdArray({2}, {10, 20}));
    check_equal(a.grad(), NdArray({2}, {10, 0}));
    check_equal(b.grad(), NdArray({2}, {0, 20}));

    const Tensor x = parameter({not_a_number, 3});
    const Tensor filled = masked_fill(x, mask, -infinity);
    check_equal(filled.values(), NdArray({2}, {-infinity, 3}));
    filled.backward(NdArray({2}, {infinity, 5}));
    check_equal(x.grad(), NdArray({2}, {0, 5}));
}

namespace {

// The slope of f at x, for a gradient d from above. Numbers near the ends of float: the double build has room for all.
double slope(const std::function<Tensor(const Tensor&)>& f, double x, double d) {
    const Tensor X = Tensor::parameter(NdArray({1}, static_cast<Scalar>(x)));
    f(X).backward(NdArray({1}, static_cast<Scalar>(d)));
    return static_cast<double>(X.grad().item());
}
double slope(Tensor (*f)(const Tensor&), double x, double d) {    // for a name that <cmath> has, too
    return slope(std::function<Tensor(const Tensor&)>(f), x, d);
}

bool is_close(double got, double expected) { return std::abs(got - expected) <= 1e-5 * std::abs(expected); }

}    // namespace

TEST_CASE("the gradient of a quotient is right where a part of it is too large or too small for a float") {
    struct Case {
        double a, b, d, da, db;
    };
    for (const Case& c : {Case{0, 1e-39, 1, infinity, 0},
                          {1e30, 1e20, 1e30, 1e10, -1e20},
                          {1e-30, 1e10, 1e30, 1e20, -1e-20},
                          {1e30, 1e30, 1, 1e-30, -1e-30},
                          {1e-20, 1e-20, 1e-20, 1, -1},
                          {2, infinity, 1, 0, 0}}) {
        const Tensor A = Tensor::parameter(NdArray({1}, static_cast<Scalar>(c.a))),
                     B = Tensor::parameter(NdArray({1}, static_cast<Scalar>(c.b)));
        (A / B).backward(NdArray({1}, static_cast<Scalar>(c.d)));
        INFO(c.a, " / ", c.b, ", ", c.d);
        if (std::isfinite(c.da)) CHECK(is_close(static_cast<double>(A.grad().item()), c.da));
        CHECK(is_close(static_cast<double>(B.grad().item()), c.db));
    }
}

TEST_CASE("the gradient of a power is right at 0 and where a part of it is too large or too small for a float") {
    const auto of_power = [](double exponent) {
        return [exponent](const Tensor& x) { return pow(x, static_cast<Scalar>(exponent)); };
    };
    CHECK(slope(of_power(0), 0, 1) == 0);
    CHECK(slope(of_power(1), 0, 1) == 1);
    CHECK(slope(of_power(2), 0, 1) == 0);
    CHECK(slope(of_power(0.5), 0, 1) == static_cast<double>(infinity));
    CHECK(is_close(slope(of_power(-1), 1e-30, 1e-30), -1e30));
    CHECK(is_close(slope(of_power(3), 1e30, 1e-30), 3e30));
    CHECK(is_close(slope(of_power(3), 1e-30, 1e30), 3e-30));
    CHECK(is_close(slope(of_power(-3), 1e15, 1e30), -3e-30));
}

TEST_CASE("gradients at the ends are those of PyTorch") {
    const double inf = static_cast<double>(infinity);
    CHECK(slope(sqrt, 0, 1) == inf);
    CHECK(std::isnan(slope(sqrt, 0, 0)));
    CHECK(is_close(slope(sqrt, 1e-30, 1e-10), 5e4));
    CHECK(slope(sqrt, inf, 1) == 0);
    CHECK(slope(log, 0, 1) == inf);
    CHECK(is_close(slope(log, 1e-30, 1e-30), 1));
    CHECK(slope(log, inf, 1) == 0);
    CHECK(slope(exp, -inf, 1) == 0);
    CHECK(slope(tanh, 100, 1) == 0);
    CHECK(slope(tanh, -inf, 1) == 0);
    CHECK(slope(sigmoid, inf, 1) == 0);
    CHECK(slope(sigmoid, -inf, 1) == 0);
    CHECK(is_close(slope(sigmoid, 17, 1), 4.1399374e-8));    // e^-17 / (1 + e^-17)^2
    CHECK(is_close(slope(sigmoid, 20, 1), 2.0611536e-9));
    for (double x : {-85.0, 85.0}) CHECK(is_close(slope(sigmoid, x, 1), std::exp(-85.0)));
    CHECK(is_close(static_cast<double>(sigmoid(parameter({-85})).item()), std::exp(-85.0)));
    CHECK(slope(relu, std::nan(""), 1) == 1);
}

TEST_CASE("exp reaches the ends of float") {
    for (double x : {-100.0, -87.5, -87.0, 88.0, 88.5}) {
        const double expected = std::exp(x);
        const double least = sizeof(Scalar) == 4 ? 0x1p-149 : 0;
        INFO("e^", x);
        const double got = static_cast<double>(exp(parameter({static_cast<Scalar>(x)})).item());
        CHECK(std::abs(got - expected) <= 2e-7 * expected + least / 2);
    }
}

TEST_CASE("the left tail of gelu fades and keeps its sign") {
    for (double x : {-3.0, -4.0, -5.0}) {
        const double expected = x * std::erfc(-x / std::sqrt(2.0)) / 2;
        CHECK(std::abs(static_cast<double>(gelu(parameter({static_cast<Scalar>(x)})).item()) / expected - 1) <= 0.01);
    }
}
