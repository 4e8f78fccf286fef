#include <ordinal/positional/graphs/random_walk.h>

#include <doctest/doctest.h>

#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

Index equal_neighbours(const NdArray& rows) {
    Index equal = 0;
    for (Index k = 0; k + 1 < rows.dim(0); ++k)
        equal += max_abs_difference(slice(rows, 0, k, k + 1), slice(rows, 0, k + 1, k + 2)) <= Scalar(1e-15);
    return equal;
}

}    // namespace

TEST_CASE("a walk on three nodes returns as one counts by hand") {
    // From an end: to the middle for sure, back with 1/2. From the middle: to an end and back, for sure.
    CHECK(same_numbers(return_probabilities(3, 4),
                       NdArray({3, 4}, {0, Scalar(0.5), 0, Scalar(0.5), 0, 1, 0, 1, 0, Scalar(0.5), 0, Scalar(0.5)})));
    CHECK(same_numbers(return_probabilities(2, 3), NdArray({2, 3}, {0, 1, 0, 0, 1, 0})));
    CHECK(same_numbers(return_probabilities(1, 3), zeros({1, 3})));    // nowhere to go, nowhere to come back from
    CHECK(return_probabilities(0, 3).shape() == Shape{0, 3});
}

TEST_CASE("far from both ends a walk returns as on an endless line") {
    const NdArray returns = return_probabilities(60, 20);
    double binomial = 1;    // C(2 m, m) / 4^m: as many steps left as right
    for (Index m = 1; m <= 10; ++m) {
        binomial *= static_cast<double>(2 * m - 1) / static_cast<double>(2 * m);
        CHECK(std::abs(static_cast<double>(returns.at({30, 2 * m - 1})) - binomial) <= tolerance(1e-7, 1e-15));
        CHECK(returns.at({30, 2 * m - 2}) == 0);    // an odd number of steps never leads back
    }
}

TEST_CASE("on a chain a random walk cannot tell left from right") {
    for (const Index nodes : {7, 8, 128}) {
        const NdArray f = return_probabilities(nodes, 64);
        for (Index k = 0; k < nodes; ++k)
            CHECK(largest_error(slice(f, 0, k, k + 1), slice(f, 0, nodes - 1 - k, nodes - k)) <=
                  tolerance(1e-7, 1e-15));
    }
}

TEST_CASE("inside a chain a random walk sees nothing at all") {
    // 128 nodes, 64 steps. A walker from node k meets an end and is back in time if k <= 32: 33 nodes at each end
    // differ, and the 62 in the middle are equal: 61 pairs of neighbours. Near the border the end has a weight of
    // 2^-64 and little more. To 15 digits that is nothing, and in float even less.
    const NdArray f = return_probabilities(128, 64);
    CHECK(equal_neighbours(f) == (is_double ? 67 : 81));
    CHECK(same_numbers(slice(f, 0, 33, 34), slice(f, 0, 94, 95)));
    CHECK(equal_neighbours(slice(f, 0, 33, 95)) == 61);
}

TEST_CASE("a random walk passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(2);
    const RandomWalk encoding(4, 2, std::nullopt, rng);
    CHECK(wrong_gradients(encoding, {}, rng, [&] { return encoding.vectors(Positions::arange(6)); }) == "");
}

TEST_CASE("walks are computed once for each distance from the end and are those of each node alone") {
    for (const Index nodes : {1, 2, 5, 40})
        for (const Index steps : {1, 2, 7, 16}) {
            const NdArray all = return_probabilities(nodes, steps);
            for (Index k = 0; k < nodes; ++k)
                CHECK(same_numbers(slice(all, 0, k, k + 1), return_probabilities_of({k}, nodes, steps)));
        }
}
