// Values and messages. Gradients: ops_gradient_test.cpp and ops_parity_test.cpp.
#include <ordinal/core/ops_reduce.h>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_elementwise.h>
#include <ordinal/core/random.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"
#include "tests/core/thread_count.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a reduction keeps its axis with size 1") {
    check_equal(sum(Tensor(counting_2_3)).values(), NdArray(Shape{}, 15));
    check_equal(sum(Tensor(counting_2_3), 0).values(), NdArray({1, 3}, {3, 5, 7}));
    check_equal(mean(Tensor(counting_2_3), -1).values(), NdArray({2, 1}, {1, 4}));
    check_equal(mean(Tensor(counting_2_3)).values(), NdArray(Shape{}, {Scalar(2.5)}));
    check_equal(max(Tensor(counting_2_3), 1).values(), NdArray({2, 1}, {2, 5}));
}

TEST_CASE("reductions that do not exist are refused") {
    const Tensor none(zeros({2, 0}));
    CHECK(sum(none).item() == 0);
    check_equal(sum(none, 1).values(), NdArray({2, 1}, {0, 0}));
    CHECK_THROWS_WITH_AS(mean(none), "mean: [2, 0] has no elements", ShapeError);
    CHECK_THROWS_WITH_AS(mean(none, 1), "mean: axis 1 of [2, 0] is empty", ShapeError);
    CHECK_THROWS_WITH_AS(max(none, 1), "max: axis 1 of [2, 0] is empty, so it has no maximum", ShapeError);
    CHECK_THROWS_WITH_AS(sum(Tensor(counting_2_3), 2), "sum: axis 2 does not exist in an array of 2 axes", IndexError);
    CHECK_THROWS_AS(mean(Tensor(counting_2_3), -3), IndexError);
    CHECK_THROWS_AS(max(Tensor(counting_2_3), 2), IndexError);
}

TEST_CASE("equal maxima share the gradient") {
    const Tensor x = Tensor::parameter(NdArray({2, 3}, {1, 7, 7, 5, 5, 5}));
    max(x, 1).backward(NdArray({2, 1}, {10, 30}));
    check_equal(x.grad(), NdArray({2, 3}, {0, 5, 5, 10, 10, 10}));
}

TEST_CASE("softmax rows are probabilities and do not change when a number is added") {
    const Tensor x(NdArray({2, 3}, {1, 2, 3, -1, 0, 4}));
    const NdArray p = softmax(x).values();
    check_near(sum(p, 1), NdArray({2, 1}, 1), 2 * epsilon);    // a handful of roundings of numbers below 1
    check_near(softmax(x + 64).values(), p, 2 * epsilon);      // 64 + x is exact
    check_near(exp(log_softmax(x)).values(), p, 8 * epsilon);
}

TEST_CASE("softmax of huge and of masked scores is finite") {
    check_equal(softmax(Tensor(NdArray({3}, {Scalar(1e30), 0, -Scalar(1e30)}))).values(), NdArray({3}, {1, 0, 0}));
    check_equal(softmax(Tensor(NdArray({2}, {-infinity, 3}))).values(), NdArray({2}, {0, 1}));
    check_equal(log_softmax(Tensor(NdArray({2}, {Scalar(1e30), Scalar(1e30)}))).values(),
                NdArray({2}, {-std::log(Scalar(2)), -std::log(Scalar(2))}));
}

TEST_CASE("softmax and layer_norm of rows that do not exist are empty") {
    CHECK(softmax(Tensor(zeros({0, 3}))).shape() == Shape{0, 3});
    CHECK(softmax(Tensor(zeros({2, 0}))).shape() == Shape{2, 0});
    CHECK(log_softmax(Tensor(zeros({2, 0}))).shape() == Shape{2, 0});
    const Tensor ones(NdArray({3}, 1));
    CHECK(layer_norm(Tensor(zeros({0, 3})), ones, ones, 1e-5).shape() == Shape{0, 3});
    CHECK(softmax(Tensor(NdArray(Shape{}, 9))).item() == 1);
}

TEST_CASE("a normalised row has mean 0 and variance 1 and a constant row becomes beta") {
    const Tensor x(NdArray({2, 4}, {1, 2, 3, 4, 7, 7, 7, 7}));
    const Tensor ones(NdArray({4}, 1)), zeros(NdArray({4}, 0)), beta(NdArray({4}, {1, 2, 3, 4}));
    const Scalar r = 1 / std::sqrt(Scalar(1.25 + 1e-12));    // the variance of 1 2 3 4 is 5/4, and eps
    check_near(layer_norm(x, ones, zeros, 1e-12).values(),
               NdArray({2, 4}, {Scalar(-1.5) * r, Scalar(-0.5) * r, Scalar(0.5) * r, Scalar(1.5) * r, 0, 0, 0, 0}),
               4 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()));    // a few roundings
    check_equal(slice(layer_norm(x, ones, beta, 1e-12).values(), 0, 1, 2), NdArray({1, 4}, {1, 2, 3, 4}));
}

TEST_CASE("layer_norm names the shapes it needs") {
    const Tensor x(zeros({2, 3})), right(zeros({3})), wrong(zeros({2}));
    const std::string expected = "layer_norm: expected X [..., D] with D > 0, gamma [D] and beta [D], got X ";
    CHECK_THROWS_WITH_AS(layer_norm(x, wrong, right, 1e-5), (expected + "[2, 3], gamma [2] and beta [3]").c_str(),
                         ShapeError);
    CHECK_THROWS_WITH_AS(layer_norm(x, right, wrong, 1e-5), (expected + "[2, 3], gamma [3] and beta [2]").c_str(),
                         ShapeError);
    CHECK_THROWS_WITH_AS(layer_norm(Tensor(zeros({2, 0})), Tensor(zeros({0})), Tensor(zeros({0})), 1e-5),
                         (expected + "[2, 0], gamma [0] and beta [0]").c_str(), ShapeError);
}

TEST_CASE("layer_norm gives the same bits for every number of threads and the gradients of single operations") {
    const auto run = [](bool fused) {
        Rng rng(3);
        const Tensor X = Tensor::parameter(random_normal({3, 97, 120}, 1, rng)),
                     gamma = Tensor::parameter(random_normal({120}, 1, rng)),
                     beta = Tensor::parameter(random_normal({120}, 1, rng));
        const Tensor centered = X - mean(X, -1);
        const Tensor Y = fused ? layer_norm(X, gamma, beta, 1e-5)
                               : centered / sqrt(shift(mean(centered * centered, -1), Scalar(1e-5))) * gamma + beta;
        Y.backward(random_normal(Y.shape(), 1, rng));
        return std::vector<NdArray>{Y.values(), X.grad(), gamma.grad(), beta.grad()};
    };
    const auto one = with_threads(1, [&] { return run(true); }), two = with_threads(2, [&] { return run(true); }),
               four = with_threads(4, [&] { return run(true); }), single = run(false);
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(two[i].to_vector() == one[i].to_vector());
        CHECK(four[i].to_vector() == one[i].to_vector());
        // sums of 291 numbers of size 1 to 10, and their rounding
        CHECK(static_cast<double>(max_abs_difference(one[i], single[i])) <=
              1000 * std::numeric_limits<Scalar>::epsilon());
    }
}

TEST_CASE("where a maximum is NaN the NaN has the gradient") {
    const Scalar nan_value = std::numeric_limits<Scalar>::quiet_NaN();
    const Tensor x = Tensor::parameter(NdArray({3}, {1, nan_value, 2}));
    max(x, 0).backward(NdArray({1}, 6));
    check_equal(x.grad(), NdArray({3}, {0, 6, 0}));
    const Tensor y = Tensor::parameter(NdArray({3}, {infinity, infinity, 1}));
    max(y, 0).backward(NdArray({1}, infinity));
    check_equal(y.grad(), NdArray({3}, {infinity, infinity, 0}));
}

TEST_CASE("log_softmax with hidden entries has the values and gradients of PyTorch") {
    const Tensor x = Tensor::parameter(NdArray({3}, {1, -infinity, 2}));
    const Tensor y = log_softmax(x);
    CHECK(y.values().data()[1] == -infinity);
    y.backward(NdArray({3}, 1));
    check_near(x.grad(), NdArray({3}, {Scalar(0.1931757358900145), 1, Scalar(-1.1931757358900145)}), 4 * epsilon);
}

// -ln(1 + e^-z) and its slopes
TEST_CASE("log_softmax of what is all but certain keeps its digits and so does its gradient") {
    for (const double z : {0.5, 3.0, 12.0, 16.0, 17.0, 30.0, 40.0, 80.0}) {
        INFO("z = ", z);
        // The slopes are e^Y: rounding Y, half an epsilon of z, is a relative error of that size.
        const double bound = (4 + z / 2) * std::numeric_limits<Scalar>::epsilon();
        const auto check = [=](Scalar got, double expected) {
            CHECK(std::abs(static_cast<double>(got) / expected - 1) <= bound);
        };
        const Tensor x = Tensor::parameter({0, Scalar(z)});
        const Tensor y = log_softmax(x);
        check(y.values().data()[0], -z - std::log1p(std::exp(-z)));
        check(y.values().data()[1], -std::log1p(std::exp(-z)));
        y.backward(NdArray({0, 1}));
        check(x.grad().data()[0], -1 / (1 + std::exp(z)));
        check(x.grad().data()[1], 1 / (1 + std::exp(z)));
    }
}

TEST_CASE("a row of equal numbers is normalised to 0 for every width and size and gives no gradient") {
    for (Index D : {1, 2, 4, 768, 1000})
        for (double value : {1.1, 0.1, -3.3, 1e30, 1e-30, 12345.678}) {
            const Tensor X = Tensor::parameter(NdArray({3, D}, static_cast<Scalar>(value))),
                         gamma = Tensor::parameter(NdArray({D}, 1)), beta = Tensor::parameter(NdArray({D}, 0));
            const Tensor Y = layer_norm(X, gamma, beta, 1e-12);
            INFO("D ", D, ", value ", value);
            CHECK(Y.values().to_vector() == std::vector<Scalar>(static_cast<std::size_t>(3 * D), 0));
            sum(Y * Y).backward();
            CHECK(X.grad().to_vector() == std::vector<Scalar>(static_cast<std::size_t>(3 * D), 0));
            X.clear_grad();    // and a gradient that all numbers of a row share does not move the row
            layer_norm(X, gamma, beta, 1e-12).backward(NdArray({3, D}, static_cast<Scalar>(1.1)));
            CHECK(X.grad().to_vector() == std::vector<Scalar>(static_cast<std::size_t>(3 * D), 0));
        }
}

TEST_CASE("a row whose spread is small beside its mean is normalised by its spread") {
    std::vector<Scalar> row;
    for (int i = 0; i < 500; ++i) row.insert(row.end(), {Scalar(1'000'000), Scalar(1'000'001)});
    const Tensor gain(NdArray({1000}, 1)), offset(zeros({1000}));
    std::vector<Scalar> expected;
    for (int i = 0; i < 500; ++i) expected.insert(expected.end(), {-1, 1});
    check_near(layer_norm(Tensor(NdArray({1000}, row)), gain, offset, 0).values(), NdArray({1000}, expected), 1e-7);
    const NdArray large({4}, {Scalar(1e30), Scalar(-1e30), Scalar(1e30), Scalar(-1e30)});    // squares of no float
    const Tensor four(NdArray({4}, 1)), none(zeros({4}));
    check_near(layer_norm(Tensor(large), four, none, 1e-5).values(), NdArray({4}, {1, -1, 1, -1}), 1e-6);
}

TEST_CASE("an eps that would make NaN of numbers is refused") {
    const Tensor x(NdArray({1, 2}, {1, 3})), gain(NdArray({2}, 1)), offset(zeros({2}));
    CHECK_THROWS_WITH_AS(layer_norm(x, gain, offset, -1), "layer_norm: expected a finite eps of 0 or more, got -1",
                         OptionError);
    const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    for (double wrong : {-1e-12, inf, -inf, nan}) CHECK_THROWS_AS(layer_norm(x, gain, offset, wrong), OptionError);
    check_equal(layer_norm(x, gain, offset, 0).values(), NdArray({1, 2}, {-1, 1}));
    for (double smallest : {0.0, 1e-80}) {    // 1 / s is no float, and 0 times it stays 0
        const Tensor same = Tensor::parameter(NdArray({1, 2}, Scalar(1.1)));
        const Tensor y = layer_norm(same, gain, offset, smallest);
        sum(y * y).backward();
        check_equal(y.values(), zeros({1, 2}));
        check_equal(same.grad(), zeros({1, 2}));
    }
}
