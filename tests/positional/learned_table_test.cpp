#include <ordinal/positional/tables/learned_table.h>

#include <doctest/doctest.h>

#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("the learned table of BERT has 512 rows of 768 numbers") {
    Rng rng(1);
    const auto table = make_encoding("table", {}, rng);
    REQUIRE(names(*table) == std::vector<std::string>{"weight"});
    const NdArray weight = parameter_of(*table, "weight").values();
    CHECK(weight.shape() == Shape{512, 768});
    double squares = 0, largest = 0;
    for (Scalar w : weight.to_vector()) {
        squares += static_cast<double>(w) * static_cast<double>(w);
        largest = std::max(largest, std::abs(static_cast<double>(w)));
    }
    // A normal of 0.02 cut at two deviations deviates by 0.8796 * 0.02 = 0.0176; 393216 draws tell it to 0.1 %.
    CHECK(std::abs(std::sqrt(squares / static_cast<double>(weight.size())) - 0.0176) < 0.0001);
    CHECK(largest <= 0.04 + 1e-8);
}

TEST_CASE("a learned table gives the row of each position - in any order and repeatedly") {
    const LearnedTable table(NdArray({3, 2}, {1, 2, 3, 4, 5, 6}));
    CHECK(table.vectors(Positions::of({2, 0, 2})).values().to_vector() == std::vector<Scalar>{5, 6, 1, 2, 5, 6});
    const NdArray x =
        table.apply_to_input(Tensor(NdArray({2, 3, 2}, 10)), Positions::arange(3), Mode::evaluation()).values();
    CHECK(x.to_vector() == std::vector<Scalar>{11, 12, 13, 14, 15, 16, 11, 12, 13, 14, 15, 16});
}

TEST_CASE("the gradient reaches exactly the rows that were visited") {
    Rng rng(2);
    const LearnedTable table(6, 3, rng);
    const Tensor x(random_normal({4, 3, 3}, 1, rng));
    const Tensor y = table.apply_to_input(x, Positions::of({1, 4, 1}), Mode::evaluation());
    sum(y).backward();    // each position is used by 4 sequences; row 1 stands at two positions
    const NdArray gradient = table.weight().grad();
    for (Index row = 0; row < 6; ++row)
        for (Index i = 0; i < 3; ++i) CHECK(gradient.at({row, i}) == (row == 1 ? 8 : row == 4 ? 4 : 0));
}

TEST_CASE("a position past the table is refused with its bound and the ways out") {
    Rng rng(3);
    const LearnedTable table(512, 2, rng);
    CHECK(table.vectors(Positions::arange(512)).shape() == Shape{512, 2});
    CHECK_THROWS_WITH_AS(
        table.vectors(Positions::arange(513)),
        "LearnedTable: position 512 is outside the table of 512 rows (0..511); a learned table cannot "
        "extrapolate. Use a scheme without a bound, or a longer table: see docs/08-extending-a-trained-table.md",
        PositionOutOfRange);
    std::ostringstream out;
    CHECK_THROWS_AS(table.explain(512, out), PositionOutOfRange);
}

TEST_CASE("a learned table has nothing between or before its rows") {
    Rng rng(4);
    const LearnedTable table(8, 2, rng);
    CHECK_THROWS_WITH_AS(
        table.vectors(Positions::arange(4).scaled(0.5)),
        "LearnedTable: position 0.5 is not a whole number >= 0, and this scheme has nothing in between",
        PositionOutOfRange);
    CHECK_THROWS_WITH_AS(table.vectors(Positions::arange(4).shifted(-1)),
                         "LearnedTable: position -1 is not a whole number >= 0, and this scheme has nothing in between",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(LearnedTable(zeros({8})), "LearnedTable: expected a table [rows, D], got [8]", ShapeError);
}

TEST_CASE("explain of a learned table looks a position up") {
    const LearnedTable table(NdArray({3, 2}, {1, 2, Scalar(0.25), Scalar(-0.5), 5, 6}));
    std::ostringstream out;
    CHECK(table.explain(1, out).to_vector() == std::vector<Scalar>{Scalar(0.25), Scalar(-0.5)});
    CHECK(out.str() ==
          "Position 1 in a learned table P [3, 2]:\n"
          "  look up row 1:  p_1 = P[1] = [+0.2500, -0.5000]\n"
          "  one step, whatever k is; nothing is computed, and nothing is known about position 3\n");
}
