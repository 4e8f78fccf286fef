#include <ordinal/nn/positions.h>

#include <doctest/doctest.h>

#include <limits>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("positions are counted and shifted and scaled") {
    CHECK(ids_of(Positions::arange(3)) == std::vector<double>{0, 1, 2});
    CHECK(ids_of(Positions::arange(3, 5)) == std::vector<double>{5, 6, 7});
    CHECK(ids_of(Positions::arange(0)).empty());
    CHECK(ids_of(Positions::arange(3).shifted(1.5)) == std::vector<double>{1.5, 2.5, 3.5});
    CHECK(ids_of(Positions::arange(3).scaled(0.25)) == std::vector<double>{0, 0.25, 0.5});
    CHECK(ids_of(Positions::of({4, 0, 4})) == std::vector<double>{4, 0, 4});
}

TEST_CASE("shifting makes new positions and leaves the old ones") {
    const Positions original = Positions::arange(2);
    CHECK(ids_of(original.shifted(1)) == std::vector<double>{1, 2});
    CHECK(ids_of(original) == std::vector<double>{0, 1});
}

TEST_CASE("is_arange knows exactly 0 1 2 and so on") {
    CHECK(Positions::arange(4).is_arange());
    CHECK(Positions::arange(0).is_arange());
    CHECK(Positions::of({0, 1, 2}).is_arange());
    CHECK_FALSE(Positions::arange(4, 1).is_arange());
    CHECK_FALSE(Positions::of({0, 2, 1}).is_arange());
    CHECK_FALSE(Positions::arange(4).scaled(0.5).is_arange());
}

TEST_CASE("ids are numbers") {
    CHECK_THROWS_WITH_AS(Positions::of({0, infinity}), "Positions: expected a number for token 1, got inf",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(Positions::of({std::nan("")}), "Positions: expected a number for token 0, got nan",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(Positions::arange(2).shifted(infinity), "Positions: expected a number for token 0, got inf",
                         PositionOutOfRange);
}

TEST_CASE("whole refuses fractions and negative and endless ids") {
    const Positions positions = Positions::of({3, 2.5, -1, 1e300});
    CHECK(positions.whole(0, "Scheme") == 3);
    CHECK_THROWS_WITH_AS(positions.whole(1, "Scheme"),
                         "Scheme: position 2.5 is not a whole number >= 0, and this scheme has nothing in between",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(positions.whole(2, "Scheme"),
                         "Scheme: position -1 is not a whole number >= 0, and this scheme has nothing in between",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(positions.whole(3, "Scheme"), "Scheme: position 1e+300 is too large to count",
                         PositionOutOfRange);
}

TEST_CASE("ids end where a double counts no further") {
    constexpr Index last = Index(1) << 53;
    CHECK(ids_of(Positions::arange(2, last - 1)) == std::vector<double>{0x1p53 - 1, 0x1p53});
    CHECK(ids_of(Positions::arange(2, -last)) == std::vector<double>{-0x1p53, 1 - 0x1p53});
    CHECK_THROWS_WITH_AS(Positions::arange(2, last), "Positions: ids from 9007199254740992 on are too large to count",
                         PositionOutOfRange);
    CHECK_THROWS_AS(Positions::arange(0, std::numeric_limits<Index>::max()), PositionOutOfRange);
    CHECK_THROWS_AS(Positions::arange(1, std::numeric_limits<Index>::min()), PositionOutOfRange);
}

TEST_CASE("a negative length is refused") {
    CHECK_THROWS_WITH_AS(Positions::arange(-1), "Positions: expected a length of 0 or more, got -1", ShapeError);
}

TEST_CASE("ids that cannot be told apart are refused and not counted") {
    CHECK(Positions::arange(3, -2)[0] == -2);
    CHECK(Positions::arange(1, Index(1) << 53)[0] == 0x1p53);
    CHECK_THROWS_WITH_AS(Positions::arange(3, INT64_MAX - 1),
                         "Positions: ids from 9223372036854775806 on are too large to count", PositionOutOfRange);
    CHECK_THROWS_AS(Positions::arange(3, INT64_MIN), PositionOutOfRange);
}

TEST_CASE("the largest number that can be counted is a position and the next one is none") {
    const Positions far = Positions::of({0x1p53, 0x1p53 + 2, -0x1p-60});
    CHECK(far.whole(0, "Scheme") == Index(1) << 53);
    CHECK_THROWS_WITH_AS(far.whole(1, "Scheme"), "Scheme: position 9.0072e+15 is too large to count",
                         PositionOutOfRange);
    CHECK_THROWS_AS(far.whole(2, "Scheme"), PositionOutOfRange);
    CHECK_THROWS_AS(Positions::arange(1, (Index(1) << 53) + 2), PositionOutOfRange);
    CHECK(Positions::arange(1, -(Index(1) << 53))[0] == -0x1p53);
    CHECK_THROWS_WITH_AS(Positions::arange((Index(1) << 28) + 1),
                         "Positions: 268435457 ids would take more than 2 GiB, which is the bound", ShapeError);
}

TEST_CASE("lengths of texts lie between none and all tokens") {
    const Positions three = Positions::arange(3);
    CHECK(three.with_lengths({0, 3}).lengths() == std::vector<Index>{0, 3});
    CHECK(three.lengths().empty());
    CHECK_THROWS_WITH_AS(three.with_lengths({1, 4}),
                         "Positions: expected lengths between 0 and the 3 tokens there are, got 4", ShapeError);
    CHECK_THROWS_WITH_AS(three.with_lengths({-1}),
                         "Positions: expected lengths between 0 and the 3 tokens there are, got -1", ShapeError);
    CHECK(three.with_lengths({2, 1}).shifted(1).lengths() == std::vector<Index>{2, 1});
    CHECK(three.with_segments({{0, 0, 1}}).scaled(2).segments() == std::vector<std::vector<Index>>{{0, 0, 1}});
}

TEST_CASE("a part of the tokens is cut out from either end - of every part of a scheme as well") {
    const Positions whole = Positions::arange(4).with_parts({Positions::arange(4, 10), Positions::of({7, 5, 3, 1})});
    CHECK(ids_of(whole.first(3)) == std::vector<double>{0, 1, 2});
    CHECK(ids_of(whole.last(3)) == std::vector<double>{1, 2, 3});
    CHECK(ids_of(whole.last(3).of_part(0)) == std::vector<double>{11, 12, 13});
    CHECK(ids_of(whole.first(2).of_part(1)) == std::vector<double>{7, 5});
    CHECK(ids_of(whole.of_part(2)) == ids_of(whole));    // who does not know of parts
    CHECK(ids_of(whole.shifted(1).of_part(1)) == std::vector<double>{8, 6, 4, 2});
    CHECK(whole.with_lengths({3}).of_part(1).lengths() == std::vector<Index>{3});
    CHECK(whole.with_segments({{1, 1, 2, 2}}).of_part(0).segments().size() == 1);
    CHECK(whole.first(0).size() == 0);
    CHECK(whole.last(4).size() == 4);
    CHECK_THROWS_WITH_AS(whole.first(5), "Positions: expected a part of the 4 tokens, got 5", ShapeError);
    CHECK_THROWS_WITH_AS(whole.last(-1), "Positions: expected a part of the 4 tokens, got -1", ShapeError);
    CHECK_THROWS_WITH_AS(Positions::arange(4).with_parts({Positions::arange(3)}),
                         "Positions: each part needs ids for 4 tokens, got 3", ShapeError);
}
