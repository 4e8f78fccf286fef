#include <ordinal/nn/linear.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

// Sums of at most 8 products: a few roundings of numbers of size 1 to 10.
constexpr double rounding_of_products = tolerance(2e-6, 1e-14);

TEST_CASE("Linear computes what torch computes - outputs and gradients") {
    const Figures figures("linear");
    Rng rng(1);
    const Linear layer(3, 2, rng);
    load(layer, figures, "linear");
    const Tensor x = Tensor::parameter(figures["linear.x"]);
    CHECK(error_against_torch(layer.forward(x), layer, {{"x", x}}, figures, "linear") <= rounding_of_products);
}

TEST_CASE("Linear without a bias computes what torch computes and lists one parameter") {
    const Figures figures("linear");
    Rng rng(1);
    const Linear layer(3, 2, rng, false);
    CHECK(names(layer) == std::vector<std::string>{"weight"});
    CHECK_FALSE(layer.bias().defined());
    load(layer, figures, "no_bias");
    const Tensor x = Tensor::parameter(figures["no_bias.x"]);
    CHECK(error_against_torch(layer.forward(x), layer, {{"x", x}}, figures, "no_bias") <= rounding_of_products);
}

TEST_CASE("Linear has torch's names and takes a single vector as well as a batch of matrices") {
    Rng rng(2);
    const Linear layer(3, 2, rng);
    CHECK(names(layer) == std::vector<std::string>{"weight", "bias"});
    const NdArray x = random_normal({4, 5, 3}, 1, rng);
    const NdArray y = layer.forward(Tensor(x)).values();
    CHECK(y.shape() == Shape{4, 5, 2});
    const NdArray one = reshape(slice(slice(x, 0, 1, 2), 1, 2, 3), Shape{3});    // x[1, 2]
    const NdArray y_one = layer.forward(Tensor(one)).values();
    CHECK(y_one.shape() == Shape{2});
    CHECK(largest_error(y_one, reshape(slice(slice(y, 0, 1, 2), 1, 2, 3), Shape{2})) <= rounding_of_products);
}

TEST_CASE("Linear starts uniform within one over the root of its inputs") {
    Rng rng(3);
    const Linear layer(100, 50, rng);
    double largest = 0, squares = 0;
    for (Scalar w : layer.weight().values().to_vector()) {
        largest = std::max(largest, std::abs(static_cast<double>(w)));
        squares += static_cast<double>(w) * static_cast<double>(w);
    }
    CHECK(largest <= 0.1 + 1e-8);    // 1 / sqrt(100), rounded to float
    CHECK(largest > 0.099);          // the largest of 5000 draws
    // U(-b, b) has the variance b^2 / 3; the estimate from 5000 draws deviates by 1.3 %, 5 of these allowed.
    CHECK(std::abs(squares / 5000 / (0.01 / 3) - 1) < 0.065);
}

TEST_CASE("Linear says which x it wants") {
    Rng rng(4);
    const Linear layer(3, 2, rng);
    CHECK_THROWS_WITH_AS(layer.forward(Tensor(zeros({4, 5}))), "Linear: expected x [..., 3], got [4, 5]", ShapeError);
    CHECK_THROWS_WITH_AS(layer.forward(Tensor(NdArray(Shape{}))), "Linear: expected x [..., 3], got []", ShapeError);
    CHECK_THROWS_WITH_AS(Linear(0, 2, rng), "Linear: expected at least one input and output, got 0 and 2", OptionError);
    CHECK_THROWS_WITH_AS(Linear(2, 0, rng), "Linear: expected at least one input and output, got 2 and 0", OptionError);
    CHECK(Linear(1, 1, rng).forward(Tensor(zeros({1}))).shape() == Shape{1});
}

TEST_CASE("Linear passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(5);
    for (const auto& shape : {Shape{3}, Shape{4, 3}, Shape{2, 1, 3}, Shape{2, 2, 3, 3}}) {
        const Linear layer(3, 5, rng);
        const Tensor x = random_parameter(shape, rng);
        CHECK(wrong_gradients(layer, {x}, rng, [&] { return layer.forward(x); }) == "");
    }
}
