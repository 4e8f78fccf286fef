#include <ordinal/nn/embedding.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("Embedding computes what torch computes when ids repeat") {
    const Figures figures("embedding");
    const Embedding layer(figures["lookup.weight"]);
    const IndexArray ids = figures.ids("lookup.ids");    // row 1 three times, row 2 never
    // Outputs are copies; a gradient row is a sum of at most 3 numbers.
    CHECK(error_against_torch(layer.forward(ids), layer, {}, figures, "lookup") <= tolerance(5e-7, 1e-15));
}

TEST_CASE("Embedding gives a row that is not looked up a gradient of exactly 0") {
    Rng rng(1);
    const Embedding layer(5, 3, rng);
    CHECK(names(layer) == std::vector<std::string>{"weight"});
    sum(layer.forward(IndexArray({2, 2}, {4, 0, 4, 4}))).backward();
    CHECK(layer.weight().grad().to_vector() == std::vector<Scalar>{1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3});
}

TEST_CASE("Embedding names the row that does not exist") {
    Rng rng(1);
    const Embedding layer(5, 3, rng);
    CHECK_THROWS_WITH_AS(layer.forward(IndexArray({2}, {0, 5})), "gather_rows: row 5 is outside a table of 5 rows",
                         IndexError);
    CHECK_THROWS_WITH_AS(layer.forward(IndexArray({1}, {-1})), "gather_rows: row -1 is outside a table of 5 rows",
                         IndexError);
    CHECK_THROWS_WITH_AS(Embedding(zeros({5})), "Embedding: expected a table [V, D], got [5]", ShapeError);
}

TEST_CASE("Embedding passes the gradient check with repeated ids" * doctest::skip(!is_double)) {
    Rng rng(2);
    const Embedding layer(6, 3, rng);
    CHECK(wrong_gradients(layer, {}, rng, [&] { return layer.forward(IndexArray({2, 3}, {1, 0, 5, 1, 1, 5})); }) == "");
}
