#include <ordinal/positional/tables/ring.h>

#include <doctest/doctest.h>

#include <ordinal/positional/tables/learned_table.h>
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Rows that one can recognise: row r is r everywhere.
NdArray numbered(Index rows) {
    NdArray table({rows, 8}, 0);
    for (Index i = 0; i < table.size(); ++i) table.mutable_data()[i] = static_cast<Scalar>(i / 8);
    return table;
}
std::vector<Scalar> rows_of(const Encoding& ring, const Positions& positions) {
    std::vector<Scalar> rows;
    const NdArray codes = ring.vectors(positions).values();
    for (Index t = 0; t < codes.dim(0); ++t) rows.push_back(codes.at({t, 0}));
    return rows;
}

}    // namespace

TEST_CASE("after the last row of a ring comes the first") {
    const Ring ring(numbered(32));
    CHECK(rows_of(ring, Positions::of({0, 31, 32, 33, 64, 1e9, 0x1p53})) ==
          std::vector<Scalar>{0, 31, 0, 1, 0, static_cast<Scalar>(1'000'000'000 % 32), 0});
    const LearnedTable table(numbered(32));
    CHECK(same_numbers(ring.vectors(Positions::arange(32)).values(), table.vectors(Positions::arange(32)).values()));
}

TEST_CASE("a ring has no row for what is no position") {
    const Ring ring(numbered(32));
    for (const double k : {-1.0, -32.0, -33.0, 0.5})
        CHECK_THROWS_WITH_AS(
            ring.vectors(Positions::of({k})),
            text_of("Ring: position ", k, " is not a whole number >= 0, and this scheme has nothing ", "in between")
                .c_str(),
            PositionOutOfRange);
    CHECK_THROWS_WITH_AS(ring.vectors(Positions::of({0x1p62})), "Ring: position 4.61169e+18 is too large to count",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(Ring(zeros({0, 4})), "Ring: expected a table [rows, D], got [0, 4]", ShapeError);
    Rng rng(1);
    CHECK_THROWS_AS(make_encoding("ring(rows=0)", small, rng), OptionError);
    CHECK_THROWS_AS(make_encoding("ring(shift=4)", small, rng), OptionError);    // it chooses its ids already
}

TEST_CASE("in training a text begins at any row and evaluation at the first") {
    const Ring ring(numbered(5));
    Rng rng(4);
    std::map<double, int> starts;
    for (int batch = 0; batch < 5000; ++batch) {
        const Positions ids = ring.position_ids(Positions::arange(3), Mode::training(rng));
        ++starts[ids[0]];
        CHECK(ids[2] == ids[0] + 2);
    }
    CHECK(starts.size() == 5);
    for (const auto& [start, count] : starts) {
        CHECK((0 <= start && start < 5));
        CHECK(std::abs(count - 1000) < 115);    // 4 standard deviations
    }
    CHECK(ring.position_ids(Positions::arange(3), Mode::evaluation())[0] == 0);
    const Ring fixed(numbered(5), false);
    CHECK(fixed.position_ids(Positions::arange(3), Mode::training(rng))[0] == 0);
    CHECK_FALSE(fixed.traits().chooses_ids);
}

TEST_CASE("three tokens that begin at row 31 of 32 train the rows 31 0 1") {
    const Ring ring(numbered(32));
    sum(ring.vectors(Positions::arange(3, 31))).backward();
    const NdArray gradient = parameter_of(ring, "weight").grad();
    for (Index row = 0; row < 32; ++row) CHECK(gradient.at({row, 0}) == (row == 31 || row <= 1 ? 1 : 0));
}

TEST_CASE("a ring keeps the promises of an encoding") {
    for (const std::string specification :
         {"ring", "ring(rows=32)", "ring(rows=5)", "ring(rows=1)", "ring(random_start=no)"}) {
        CAPTURE(specification);
        Rng rng(7);
        const auto ring = make_encoding(specification, small, rng);
        CHECK(Contract(*ring, small).broken() == "");
        if (is_double) CHECK(wrong_encoding_gradients(*ring, small) == "");
    }
    Rng rng(7);
    CHECK_FALSE(make_encoding("ring(rows=31)", small, rng)->traits().distinct);    // 0 and 31 look the same
    CHECK_FALSE(make_encoding("ring(std=0)", small, rng)->traits().distinct);
}
