#include <ordinal/nn/module.h>

#include <doctest/doctest.h>

#include <memory>
#include <optional>

#include <ordinal/nn/layer_norm.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a mode has random numbers in training only") {
    Rng rng(1);
    CHECK(&Mode::training(rng).rng() == &rng);
    CHECK_THROWS_WITH_AS(Mode::evaluation().rng(),
                         "Mode: there are random numbers in training only; ask is_training() first", GraphError);
}

TEST_CASE("the parameters of a model are those of its parts under the names of the parts") {
    struct Model : Module {
        LayerNorm first{2}, second{3};
        Parameters parameters() const override { return parameters_of({{"first", first}, {"second", second}}); }
    };
    const Model model;
    CHECK(names(model) == std::vector<std::string>{"first.weight", "first.bias", "second.weight", "second.bias"});
    CHECK(parameter_of(model, "second.bias").node() == parameter_of(model.second, "bias").node());
}

TEST_CASE("a part that is not there has no parameters and one without a name adds none to the names") {
    struct Model : Module {
        std::optional<LayerNorm> norm;
        std::shared_ptr<const LayerNorm> shared;
        LayerNorm nameless{2};
        Parameters parameters() const override {
            return parameters_of({{"norm", norm}, {"shared", shared}, {"", nameless}});
        }
    };
    Model model;
    CHECK(names(model) == std::vector<std::string>{"weight", "bias"});
    model.norm.emplace(2);
    model.shared = std::make_shared<LayerNorm>(3);
    CHECK(names(model) ==
          std::vector<std::string>{"norm.weight", "norm.bias", "shared.weight", "shared.bias", "weight", "bias"});
}
