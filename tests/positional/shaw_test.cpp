#include <ordinal/positional/biases/shaw.h>

#include <doctest/doctest.h>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("Shaw's bias is what adding a vector to each key does to the score") {
    const Index H = 2, Dh = 4, T = 9, K = 3;
    Rng rng(1);
    const Shaw shaw(H, Dh, K, rng);
    const NdArray R = parameter_of(shaw, "keys").values();
    REQUIRE(R.shape() == Shape{2 * K + 1, Dh});
    const QueryKeyValue qkv = example_heads(T, H, Dh);
    const NdArray b = bias_of(shaw, qkv, Tensor(), Positions::arange(T));
    for (Index h = 0; h < H; ++h)
        for (Index i = 0; i < T; ++i)
            for (Index j = 0; j < T; ++j) {    // q . (k + R) - q . k, over sqrt(4)
                double with = 0, without = 0;
                for (Index d = 0; d < Dh; ++d) {
                    const auto q = static_cast<double>(qkv.query.values().at({0, h, i, d}));
                    const auto k = static_cast<double>(qkv.key.values().at({0, h, j, d}));
                    const Index row = K + std::max(-K, std::min(K, i - j));
                    with += q * (k + static_cast<double>(R.at({row, d})));
                    without += q * k;
                }
                CHECK(std::abs(static_cast<double>(b.at({0, h, i, j})) - (with - without) / 2) <=
                      tolerance(1e-6, 1e-14));
            }
}

TEST_CASE("past the clipping distance all keys are equally far for Shaw") {
    Rng rng(1);
    const Shaw shaw(1, 4, 2, rng);
    const NdArray b = bias_of(shaw, example_heads(12, 1, 4), Tensor(), Positions::arange(12));
    for (Index j = 0; j <= 8; ++j) CHECK(b.at({0, 0, 10, j}) == b.at({0, 0, 10, 0}));
    CHECK(b.at({0, 0, 10, 9}) != b.at({0, 0, 10, 8}));
    CHECK(b.at({0, 0, 10, 11}) != b.at({0, 0, 10, 9}));    // left is not right
}

TEST_CASE("Shaw refuses what it cannot clip") {
    Rng rng(1);
    CHECK_THROWS_WITH_AS(Shaw(2, 4, 0, rng), "Shaw: expected a clipping distance > 0, got 0", OptionError);
    const Shaw shaw(2, 4, 3, rng);
    CHECK_THROWS_WITH_AS(shaw.score_bias(example_heads(5, 1, 4), {Positions::arange(5), Tensor()}),
                         "Shaw: expected queries [B, 2, 5, Dh], got [1, 1, 5, 4]", ShapeError);
}
