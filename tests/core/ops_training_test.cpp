// Values and messages. Gradients: ops_gradient_test.cpp and ops_parity_test.cpp.
#include <ordinal/core/ops_training.h>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <ordinal/core/ops_reduce.h>
#include "tests/core/check_near.h"

using namespace ordinal;

TEST_CASE("the cross-entropy of equal logits is the logarithm of the number of classes") {
    const Tensor logits = Tensor::parameter(NdArray({2, 3, 4}, 7));
    const Tensor loss = cross_entropy(logits, IndexArray({2, 3}, {0, 1, 2, 3, 0, 1}));
    CHECK(loss.shape() == Shape{});
    CHECK(std::abs(static_cast<double>(loss.item()) - std::log(4.0)) <= 2 * std::numeric_limits<Scalar>::epsilon());
}

TEST_CASE("ignored targets neither count nor get a gradient") {
    const Tensor logits = Tensor::parameter(NdArray({3, 2}, {0, 0, 90, -90, 0, 0}));
    const Tensor loss = cross_entropy(logits, IndexArray({3}, {1, -1, 0}));
    CHECK(std::abs(static_cast<double>(loss.item()) - std::log(2.0)) <= 2 * std::numeric_limits<Scalar>::epsilon());
    loss.backward();    // (P - [target]) / 2, P = 1/2
    const Scalar quarter = Scalar(0.25);
    check_equal(logits.grad(), NdArray({3, 2}, {quarter, -quarter, 0, 0, -quarter, quarter}));
    CHECK(cross_entropy(logits, IndexArray({3}, {1, 0, 0}), 0).item() == loss.item());    // any number may be ignored
}

TEST_CASE("the cross-entropy of huge logits is finite") {
    const Tensor logits = Tensor::parameter(NdArray({1, 3}, {1000, 0, -1000}));
    CHECK(cross_entropy(logits, IndexArray({1}, {0})).item() == 0);
    const Tensor loss = cross_entropy(logits, IndexArray({1}, {2}));
    CHECK(loss.item() == 2000);
    loss.backward();
    check_equal(logits.grad(), NdArray({1, 3}, {1, 0, -1}));
}

// ln(1 + e^-z) and its slope, 1 / (1 + e^z)
TEST_CASE("cross_entropy of a target that is all but certain keeps its digits and so does its gradient") {
    const double bound = 4 * std::numeric_limits<Scalar>::epsilon();
    const auto check = [=](Scalar got, double expected) {
        CHECK(std::abs(static_cast<double>(got) / expected - 1) <= bound);
    };
    for (const double z : {0.5, 3.0, 12.0, 16.0, 17.0, 30.0, 40.0, 80.0}) {
        INFO("z = ", z);
        const Tensor logits = Tensor::parameter(NdArray({1, 2}, {0, z}));
        const Tensor loss = cross_entropy(logits, {1});
        check(loss.item(), std::log1p(std::exp(-z)));
        loss.backward();
        check(logits.grad().at({0, 0}), 1 / (1 + std::exp(z)));
        check(logits.grad().at({0, 1}), -1 / (1 + std::exp(z)));
        const Tensor other = Tensor::parameter(NdArray({1, 2}, {0, z}));
        cross_entropy(other, {0}).backward();
        check(other.grad().at({0, 0}), -1 / (1 + std::exp(-z)));
        check(other.grad().at({0, 1}), 1 / (1 + std::exp(-z)));
    }
    check(cross_entropy(Tensor({{0, 17}}), {1}).item(), 4.139937633089748e-08);    // with 40 digits; PyTorch: ...640
    const Tensor equal({{40, 40, 0}});                                             // the target is one of two largest
    check(cross_entropy(equal, {0}).item(), std::log(2.0));
}

TEST_CASE("cross_entropy says what is wrong") {
    const Tensor logits(zeros({2, 3}));
    CHECK_THROWS_WITH_AS(cross_entropy(logits, IndexArray({3}, {0, 0, 0})),
                         "cross_entropy: expected logits [..., V] and targets [...], got logits [2, 3] and targets [3]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(cross_entropy(logits, IndexArray({2}, {0, 3})), "cross_entropy: target 3 is outside 3 classes",
                         IndexError);
    CHECK_THROWS_WITH_AS(cross_entropy(logits, IndexArray({2}, {0, -2})),
                         "cross_entropy: target -2 is outside 3 classes", IndexError);
    CHECK_THROWS_WITH_AS(cross_entropy(logits, IndexArray({2}, {-1, -1})),
                         "cross_entropy: every target is ignored, so there is nothing to average", ShapeError);
    CHECK_THROWS_WITH_AS(cross_entropy(Tensor(zeros({0, 3})), IndexArray({0}, {})),
                         "cross_entropy: every target is ignored, so there is nothing to average", ShapeError);
}

TEST_CASE("dropout sets the given part to 0 and keeps the expectation") {
    Rng rng(1);
    const Index n = 40'000;
    const Tensor x = Tensor::parameter(NdArray({n}, 1));
    const Tensor y = dropout(x, 0.25, rng);
    Index zeros = 0;
    for (Scalar value : y.values().to_vector()) {
        if (value == 0)
            ++zeros;
        else
            CHECK(value == static_cast<Scalar>(1 / 0.75));
    }
    // binomial: 5 standard deviations
    CHECK(std::abs(static_cast<double>(zeros) - 0.25 * n) <= 5 * std::sqrt(n * 0.25 * 0.75));
    sum(y).backward();
    check_equal(x.grad(), y.values());    // the same elements, the same factor
}

TEST_CASE("dropout with probability 0 is the tensor itself and 1 is refused") {
    Rng rng(1);
    const Tensor x = Tensor::parameter(NdArray({3}, 1));
    CHECK(dropout(x, 0, rng).node() == x.node());
    CHECK_THROWS_WITH_AS(dropout(x, 1, rng), "dropout: expected 0 <= probability < 1, got 1", OptionError);
    CHECK_THROWS_WITH_AS(dropout(x, -0.5, rng), "dropout: expected 0 <= probability < 1, got -0.5", OptionError);
    CHECK_THROWS_AS(dropout(x, std::nan(""), rng), OptionError);
}
