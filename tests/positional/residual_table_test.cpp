#include <ordinal/positional/tables/residual_table.h>

#include <doctest/doctest.h>

#include <ordinal/positional/tables/learned_table.h>
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a residual table is the table as far as it goes and then nothing") {
    Rng rng(1);
    const NdArray R = random_normal({6, 4}, 1, rng);
    const ResidualTable residual(R);
    CHECK(same_numbers(residual.vectors(Positions::of({5, 0, 3})).values(),
                       LearnedTable(R).vectors(Positions::of({5, 0, 3})).values()));
    CHECK(same_numbers(residual.vectors(Positions::of({6, 1000, 7})).values(), zeros({3, 4})));
}

TEST_CASE("a residual table keeps the promises of an encoding") {
    Rng rng(1);
    const ResidualTable residual(random_normal({6, 8}, 1, rng));
    const EncodingRequest request{.d_model = 8, .num_heads = 2};
    CHECK(Contract(residual, request).broken() == "");
    if (is_double) CHECK(wrong_encoding_gradients(residual, request) == "");
}

TEST_CASE("positions past a residual table give no gradient to any row") {
    const ResidualTable residual(zeros({3, 2}));
    sum(residual.vectors(Positions::of({1, 3, 9}))).backward();
    CHECK(parameter_of(residual, "weight").grad().to_vector() == std::vector<Scalar>{0, 0, 1, 1, 0, 0});
}

TEST_CASE("a residual table is 0 where its rows end and refuses what lies between") {
    const ResidualTable residual(NdArray({2, 2}, {1, 2, 3, 4}));
    CHECK(residual.vectors(Positions::of({1, 2})).values().to_vector() == std::vector<Scalar>{3, 4, 0, 0});
    CHECK_THROWS_WITH_AS(
        residual.vectors(Positions::of({0.5})),
        "ResidualTable: position 0.5 is not a whole number >= 0, and this scheme has nothing in between",
        PositionOutOfRange);
    CHECK_THROWS_WITH_AS(ResidualTable(zeros({4})), "ResidualTable: expected a table [n, D], got [4]", ShapeError);
}
