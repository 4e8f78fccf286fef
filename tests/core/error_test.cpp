#include <ordinal/core/error.h>

#include <doctest/doctest.h>

#include <sstream>

#include <ordinal/core/shape.h>
#include "tests/core/grouping_locale.h"

using namespace ordinal;

TEST_CASE("a message is all of its parts one after the other") {
    CHECK(text_of("row ", 3, " of ", 2.5) == "row 3 of 2.5");
}

TEST_CASE("require throws only when the condition fails") {
    CHECK_NOTHROW(require(true, "not said"));
    CHECK_THROWS_WITH_AS(require(false, "matmul: got ", 3), "matmul: got 3", ShapeError);
    CHECK_THROWS_WITH_AS(require<FileError>(false, "no file"), "no file", FileError);
}

TEST_CASE("every error is an ordinal Error and a position out of range is an index error") {
    CHECK_THROWS_AS(require<ShapeError>(false, ""), Error);
    CHECK_THROWS_AS(require<IndexError>(false, ""), Error);
    CHECK_THROWS_AS(require<PositionOutOfRange>(false, ""), IndexError);
    CHECK_THROWS_AS(require<GraphError>(false, ""), Error);
    CHECK_THROWS_AS(require<FileError>(false, ""), Error);
    CHECK_THROWS_AS(require<OptionError>(false, ""), std::runtime_error);
}

TEST_CASE("a message is the same in every locale") {
    const GroupingLocale there;
    std::ostringstream theirs;
    theirs << 12345.5;
    CHECK(theirs.str() == "12.345,5");    // the locale is in force
    CHECK(text_of("row ", 12345, " of ", 12345.5, " ", Shape{1000, 2000}) == "row 12345 of 12345.5 [1000, 2000]");
}
