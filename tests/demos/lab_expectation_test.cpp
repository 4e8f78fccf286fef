#include "demos/lab/expectation.h"

#include <doctest/doctest.h>

#include <limits>
#include <sstream>

#include <ordinal/core/error.h>

using namespace ordinal;
using namespace ordinal::demos;

TEST_CASE("both ends of a band belong to it") {
    CHECK(is_met({.what = "", .measured = {0.28}, .band = at_least(0.28)}));
    CHECK_FALSE(is_met({.what = "", .measured = {0.2799}, .band = at_least(0.28)}));
    CHECK(is_met({.what = "", .measured = {0.05}, .band = at_most(0.05)}));
    CHECK_FALSE(is_met({.what = "", .measured = {0.0501}, .band = at_most(0.05)}));
    CHECK(is_met({.what = "", .measured = {-1, 1}, .band = between(-1, 1)}));
    CHECK_FALSE(is_met({.what = "", .measured = {-1.01}, .band = between(-1, 1)}));
    CHECK_FALSE(is_met({.what = "", .measured = {1.01}, .band = between(-1, 1)}));
}

TEST_CASE("every seed has to be inside unless the mean is judged") {
    Expectation expectation = {.what = "", .measured = {0.1, 0.9}, .band = at_least(0.4)};
    CHECK_FALSE(is_met(expectation));
    expectation.judged_by = JudgedBy::mean;
    CHECK(is_met(expectation));
}

TEST_CASE("not a number is never inside") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(is_met({.what = "", .measured = {nan}, .band = at_least(0)}));
    CHECK_FALSE(is_met({.what = "", .measured = {nan}, .band = at_most(0)}));
    CHECK_FALSE(is_met({.what = "", .measured = {1, nan}, .band = between(0, 2), .judged_by = JudgedBy::mean}));
}

TEST_CASE("bands are printed as the reader would write them") {
    CHECK(band_text(at_least(0.28), 2) == ">= 0.28");
    CHECK(band_text(at_most(0.5), 1) == "<= 0.5");
    CHECK(band_text(between(-0.05, 0.05), 2) == "-0.05 .. 0.05");
}

TEST_CASE("the report is an aligned table with the explanation under what was missed") {
    Expectations expectations("verse");
    expectations.add({.what = "score(6)", .measured = {0.48, 0.40, 0.37}, .band = at_least(0.28), .source = "E1a"});
    expectations.add({.what = "control, |score|",
                      .measured = {0.2},
                      .band = at_most(0.08),
                      .if_missed = "too few steps",
                      .judged_by = JudgedBy::mean});
    std::ostringstream out;
    CHECK(expectations.report(out, false) == 0);
    CHECK(out.str() ==
          "\n"
          "verse: what was expected and what came\n"
          "        what              measured             expected\n"
          "PASS    score(6)          0.42 [0.37 .. 0.48]  >= 0.28 on every seed\n"
          "MISSED  control, |score|  0.20                 <= 0.08\n"
          "        why? too few steps\n"
          "bands from: E1a\n"
          "verse: 1 of 2 expectations met\n");
    CHECK_FALSE(expectations.all_met());
}

TEST_CASE("expectations with long names take two lines each") {
    Expectations expectations("verse");
    const std::string name(90, 'e');
    expectations.add({.what = name, .measured = {0.5}, .band = at_least(0.28), .source = "E1a"});
    expectations.add({.what = "short", .measured = {0.5}, .band = at_least(0.6), .source = "E1a"});
    std::ostringstream out;
    expectations.report(out, false);
    CHECK(out.str() ==
          "\n"
          "verse: what was expected and what came\n"
          "PASS    " +
              name +
              "\n"
              "        0.50, expected >= 0.28\n"
              "MISSED  short\n"
              "        0.50, expected >= 0.60\n"
              "bands from: E1a\n"
              "verse: 1 of 2 expectations met\n");
}

TEST_CASE("only a missed expectation under strict changes the exit code") {
    std::ostringstream out;
    Expectations expectations("verse");
    CHECK(expectations.report(out, true) == 0);    // nothing claimed
    expectations.add({.what = "a", .measured = {1}, .band = at_least(0)});
    CHECK(expectations.report(out, true) == 0);
    expectations.add({.what = "b", .measured = {1}, .band = at_least(2)});
    CHECK(expectations.report(out, true) == 1);
    CHECK(expectations.report(out, false) == 0);
}

TEST_CASE("an expectation without a measurement is refused") {
    Expectations expectations("verse");
    CHECK_THROWS_WITH_AS(expectations.add({.what = "a", .measured = {}, .band = at_least(0)}),
                         "Expectations: expected a number per seed for 'a', got none; measure before you judge",
                         OptionError);
}
