#include <ordinal/nn/module.h>

#include <doctest/doctest.h>

using namespace ordinal;

TEST_CASE("a mode has random numbers in training only") {
    Rng rng(1);
    CHECK(&Mode::training(rng).rng() == &rng);
    CHECK_THROWS_WITH_AS(Mode::evaluation().rng(),
                         "Mode: there are random numbers in training only; ask is_training() first", GraphError);
}
