#include <ordinal/nn/layer_norm.h>

#include <doctest/doctest.h>

#include <limits>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("LayerNorm computes what torch computes - outputs and gradients") {
    const Figures figures("layer_norm");
    for (const std::string group : {"eps_bert", "eps_torch", "small_variance"}) {
        CAPTURE(group);
        const LayerNorm layer(4, figures.number(group + ".eps"));
        load(layer, figures, group);
        const Tensor x = Tensor::parameter(figures[group + ".x"]);
        // A gradient is a difference of sums, divided by the deviation; small_variance divides by 0.004, and its
        // gradients of size 100 to 1000 are compared relatively.
        CHECK(error_against_torch(layer.forward(x), layer, {{"x", x}}, figures, group) <= tolerance(1e-5, 1e-13));
    }
}

TEST_CASE("LayerNorm starts as pure normalisation") {
    Rng rng(1);
    const LayerNorm layer(64);
    CHECK(names(layer) == std::vector<std::string>{"weight", "bias"});
    const NdArray y = layer.forward(Tensor(random_normal({10, 64}, 3, rng))).values();
    for (Index row = 0; row < 10; ++row) {
        double mean = 0, squares = 0;
        for (Index i = 0; i < 64; ++i) {
            const double value = static_cast<double>(y.at({row, i}));
            mean += value / 64;
            squares += value * value / 64;
        }
        CHECK(std::abs(mean) <= tolerance(1e-6, 1e-15));    // 64 roundings, averaged
        CHECK(std::abs(squares - 1) <= 1e-5);               // eps 1e-5 stands in the root beside a variance of 9
    }
}

TEST_CASE("LayerNorm makes a constant row 0 and no NaN - even with the eps of BERT") {
    const LayerNorm layer(4, 1e-12);
    CHECK(layer.forward(Tensor(NdArray({2, 4}, 3))).values().to_vector() == std::vector<Scalar>(8, 0));
}

TEST_CASE("LayerNorm passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(2);
    for (const auto& shape : {Shape{5}, Shape{3, 5}, Shape{2, 1, 5}}) {
        const LayerNorm layer(5, 1e-5);
        const Tensor x = random_parameter(shape, rng);
        CHECK(wrong_gradients(layer, {x}, rng, [&] { return layer.forward(x); }) == "");
    }
}

TEST_CASE("LayerNorm refuses an eps that is negative or not finite") {
    CHECK(LayerNorm(4, 0).forward(Tensor(NdArray({4}, {1, 1, 3, 3}))).values().at({0}) == -1);    // the bound itself
    CHECK_THROWS_WITH_AS(LayerNorm(4, -1), "LayerNorm: expected a finite eps of 0 or more, got -1", OptionError);
    for (double wrong : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_AS(LayerNorm(4, wrong), OptionError);
}
