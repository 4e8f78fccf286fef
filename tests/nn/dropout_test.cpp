#include <ordinal/nn/dropout.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("Dropout zeroes with its probability and keeps the expectation") {
    const Dropout layer(0.2);
    Rng rng(1);
    const Index n = 40000;
    const NdArray y = layer.forward(Tensor(NdArray({n}, 1)), Mode::training(rng)).values();
    Index zeros = 0;
    double sum = 0;
    for (Scalar value : y.to_vector()) {
        zeros += value == 0;
        sum += static_cast<double>(value);
        CHECK_UNARY(value == 0 || value == static_cast<Scalar>(1.25));    // 1 / (1 - 0.2)
    }
    // The share of zeros deviates by sqrt(0.2 * 0.8 / n) = 0.002, the mean by 1.25 times that: 5 deviations allowed.
    CHECK(std::abs(static_cast<double>(zeros) / static_cast<double>(n) - 0.2) < 0.01);
    CHECK(std::abs(sum / static_cast<double>(n) - 1) < 0.0125);
}

TEST_CASE("Dropout does nothing outside training") {
    const Dropout layer(0.9);
    Rng rng(2);
    const NdArray x = random_normal({3, 4}, 1, rng);
    CHECK(same_numbers(layer.forward(Tensor(x), Mode::evaluation()).values(), x));
    CHECK(same_numbers(Dropout(0).forward(Tensor(x), Mode::training(rng)).values(), x));
}

TEST_CASE("Dropout is reproducible by its seed and differs from call to call") {
    const Dropout layer(0.5);
    const Tensor x(NdArray({100}, 1));
    Rng a(3), b(3), c(4);
    const NdArray first = layer.forward(x, Mode::training(a)).values();
    CHECK(same_numbers(layer.forward(x, Mode::training(b)).values(), first));
    CHECK_FALSE(same_numbers(layer.forward(x, Mode::training(a)).values(), first));
    CHECK_FALSE(same_numbers(layer.forward(x, Mode::training(c)).values(), first));
}

TEST_CASE("Dropout sends the gradient through what it kept") {
    const Dropout layer(0.5);
    Rng rng(5);
    const Tensor x = Tensor::parameter(NdArray({50}, 1));
    const Tensor y = layer.forward(x, Mode::training(rng));
    sum(y).backward();
    CHECK(same_numbers(x.grad(), y.values()));    // x = 1, so y is the factor itself
}

TEST_CASE("Dropout refuses a probability outside 0 to 1") {
    CHECK_THROWS_WITH_AS(Dropout(1), "Dropout: expected 0 <= probability < 1, got 1", OptionError);
    CHECK_THROWS_WITH_AS(Dropout(-0.1), "Dropout: expected 0 <= probability < 1, got -0.1", OptionError);
}
