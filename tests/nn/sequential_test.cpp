#include <ordinal/nn/sequential.h>

#include <doctest/doctest.h>

#include <ordinal/nn/dropout.h>
#include <ordinal/nn/layer_norm.h>
#include <ordinal/nn/linear.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a sequential applies its parts in order and lists them by place") {
    Rng rng(1);
    const Linear first(3, 4, rng), last(4, 2, rng);
    const auto twice = [](const Tensor& x) { return scale(x, 2); };
    const Sequential net{first, tanh, twice, last};
    CHECK(names(net) == std::vector<std::string>{"0.weight", "0.bias", "3.weight", "3.bias"});
    const Tensor x(random_normal({5, 3}, 1, rng));
    CHECK(same_numbers(net.forward(x).values(), last.forward(scale(tanh(first.forward(x)), 2)).values()));
    CHECK(parameter_of(net, "3.weight").node() == last.weight().node());    // a part shares its parameters
    CHECK(same_numbers(Sequential{}.forward(x).values(), x.values()));
}

TEST_CASE("the layers of a sequential draw their starts from left to right") {
    Rng rng(1), same(1);
    const Sequential net{Linear(3, 4, rng), relu, Linear(4, 2, rng)};
    const Linear first(3, 4, same), last(4, 2, same);
    CHECK(same_numbers(parameter_of(net, "0.weight").values(), first.weight().values()));
    CHECK(same_numbers(parameter_of(net, "2.weight").values(), last.weight().values()));
}

TEST_CASE("a sequential hands the mode down and never drops it silently") {
    Rng rng(1);
    const Sequential inner{LayerNorm(4), gelu}, outer{inner, Dropout(0.5)}, whole{outer, relu};
    CHECK(names(whole) == std::vector<std::string>{"0.0.0.weight", "0.0.0.bias"});
    const Tensor x(random_normal({64, 4}, 1, rng));
    CHECK(same_numbers(whole.forward(x, Mode::evaluation()).values(), relu(inner.forward(x)).values()));
    CHECK_FALSE(same_numbers(whole.forward(x, Mode::training(rng)).values(), relu(inner.forward(x)).values()));
    CHECK_THROWS_WITH_AS(whole.forward(x), "Sequential: a layer behaves differently in training; call forward(x, mode)",
                         OptionError);
}

TEST_CASE("Sequential passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(1);
    const Sequential net{Linear(3, 4, rng), tanh, LayerNorm(4), Linear(4, 2, rng)};
    const Tensor x = random_parameter({5, 3}, rng);
    CHECK(wrong_gradients(net, {x}, rng, [&] { return net.forward(x); }) == "");
}

TEST_CASE("an empty function is refused where it is given") {
    CHECK_THROWS_WITH_AS(Sequential{std::function<Tensor(const Tensor&)>()},
                         "Sequential: expected a function, got an empty one", OptionError);
    Tensor (*const none)(const Tensor&) = nullptr;
    CHECK_THROWS_WITH_AS(Sequential{none}, "Sequential: expected a function, got an empty one", OptionError);
}
