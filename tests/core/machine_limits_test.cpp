// The limits that measured speeds are compared with: what counts as done has been done.
#include <ordinal/core/fast/machine_limits.h>

#include <doctest/doctest.h>

#include <vector>

#include "tests/core/instruction_sets.h"

using namespace ordinal;

TEST_CASE("the limits of the machine count what they did") {
    const std::vector<Scalar> x(10'000, 1);
    CHECK(multiply_and_add(200) == 2 * multiply_and_add(100));
    CHECK(multiply_and_add(1) >= 2 * 12 * 2.0);    // twelve chains of at least two numbers
    CHECK(read_numbers(x.data(), std::ssize(x), 3) == 3 * read_numbers(x.data(), std::ssize(x), 1));
    const double bytes = read_numbers(x.data(), std::ssize(x), 1);
    CHECK(bytes <= 10'000.0 * sizeof(Scalar));    // a rest that fills no eight registers may be left out
    CHECK(bytes > 9'800.0 * sizeof(Scalar));
}

TEST_CASE("each instruction set counts by the width of its registers") {
    const std::vector<Scalar> x(10'000, 1);
    for_instruction_sets([&] {
        const Index lanes = (Index(16) << static_cast<int>(instruction_set())) / static_cast<Index>(sizeof(Scalar));
        CHECK(multiply_and_add(100) == 2.0 * 12 * 100 * static_cast<double>(lanes));
        for (const Index rest : {Index(0), Index(1), 8 * lanes - 1})    // what fills no eight registers is left out
            CHECK(read_numbers(x.data(), 8 * lanes * 3 + rest, 2) ==
                  static_cast<double>(2 * 8 * lanes * 3) * sizeof(Scalar));
    });
}
