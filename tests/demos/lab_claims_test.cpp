#include "demos/lab/claims.h"

#include <doctest/doctest.h>

#include <limits>
#include <sstream>

#include <ordinal/core/error.h>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// Judges claims that bring what is to be measured of them.
Verdicts verdicts_of(std::vector<Claim> claims, bool strict = false) {
    Measurements found;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        claims[i].of = {{"claim", Index(i)}};
        claims[i].few_seeds = claims[i].band;
        for (const double value : claims[i].measured) found.numbers.push_back({claims[i].of, 1, value});
    }
    Verdicts verdicts({.strict = strict, .about = {.name = "verse"}}, claims);
    verdicts.judge(found);
    return verdicts;
}

std::string printed(const std::vector<Claim>& claims) {
    std::ostringstream out;
    verdicts_of(claims).print(out);
    return out.str();
}

// That a value is at least 0.
std::vector<Claim> claims_of(const std::vector<double>& values) {
    std::vector<Claim> claims;
    for (const double value : values) claims.push_back({.what = "a", .measured = {value}, .band = at_least(0)});
    return claims;
}

// The encoding "table" is lucky at 64, "rope" is not.
Measurements measured_at_64(std::uint64_t seeds = 2) {
    Measurements found;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        found.numbers.push_back({{{"encoding", "table"}, {"length", 64}}, seed, seed == 1 ? 0.125 : 0.375});
        found.numbers.push_back({{{"encoding", "rope"}, {"length", 64}}, seed, 0.5});
    }
    return found;
}

std::vector<Claim> judged(const Measurements& found, const Claim& claim, bool quick = false) {
    Verdicts verdicts({.quick = quick}, {claim});
    verdicts.judge(found);
    return verdicts.judged();
}

}    // namespace

TEST_CASE("both ends of a band belong to it") {
    CHECK(is_met({.what = "", .measured = {0.28}, .band = at_least(0.28)}));
    CHECK_FALSE(is_met({.what = "", .measured = {0.2799}, .band = at_least(0.28)}));
    CHECK(is_met({.what = "", .measured = {0.05}, .band = at_most(0.05)}));
    CHECK_FALSE(is_met({.what = "", .measured = {0.0501}, .band = at_most(0.05)}));
    CHECK(is_met({.what = "", .measured = {-1, 1}, .band = between(-1, 1), .judged_by = JudgedBy::every_seed}));
    CHECK_FALSE(is_met({.what = "", .measured = {-1.01}, .band = between(-1, 1)}));
    CHECK_FALSE(is_met({.what = "", .measured = {1.01}, .band = between(-1, 1)}));
}

TEST_CASE("every seed has to be inside unless the mean is judged") {
    Claim claim = {.what = "", .measured = {0.1, 0.9}, .band = at_least(0.4)};
    CHECK(is_met(claim));
    claim.judged_by = JudgedBy::every_seed;
    CHECK_FALSE(is_met(claim));
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

TEST_CASE("the verdicts are an aligned table with the explanation under what was missed") {
    CHECK(printed({{.what = "score(6)",
                    .measured = {0.48, 0.40, 0.37},
                    .band = at_least(0.28),
                    .source = "E1a",
                    .judged_by = JudgedBy::every_seed},
                   {.what = "control, |score|",
                    .measured = {0.2},
                    .band = at_most(0.08),
                    .source = "",
                    .if_missed = "too few steps"}}) ==
          "\n"
          "verse: what was expected and what came\n"
          "        what              measured             expected\n"
          "PASS    score(6)          0.42 [0.37 .. 0.48]  >= 0.28 on every seed\n"
          "MISSED  control, |score|  0.20                 <= 0.08\n"
          "        why? too few steps\n"
          "bands from: E1a\n"
          "verse: 1 of 2 expectations met\n");
}

TEST_CASE("claims with long names take two lines each") {
    const std::string name(90, 'e');
    CHECK(printed({{.what = name, .measured = {0.5}, .band = at_least(0.28), .source = "E1a"},
                   {.what = "short", .measured = {0.5}, .band = at_least(0.6), .source = "E1a"}}) ==
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

TEST_CASE("only a missed claim under strict changes the exit code") {
    const auto code = [](bool strict, const std::vector<double>& values) {
        std::ostringstream out;
        return verdicts_of(claims_of(values), strict).print(out);
    };
    CHECK(code(true, {}) == 0);    // nothing claimed
    CHECK(code(true, {1}) == 0);
    CHECK(code(true, {1, -1}) == 1);
    CHECK(code(false, {1, -1}) == 0);
}

TEST_CASE("who asks for the claims gets them and no verdict") {
    const std::vector<Claim> claims{{.what = "a", .band = at_least(0.5), .few_seeds = at_least(0.25)},
                                    {.what = "b", .band = between(0, 1), .decimals = 0}};
    const DemoOptions options{.claims = true, .about = {.name = "verse"}};
    CHECK_THROWS_WITH_AS(Verdicts(options, claims), "a: >= 0.50 (of fewer seeds: >= 0.25)\nb: 0 .. 1\n", OnlyClaims);
    CHECK_THROWS_WITH_AS(Verdicts{options}, "verse claims nothing.\n", OnlyClaims);
}

TEST_CASE("a claim is judged by the mean in the band for so many seeds") {
    const Claim claim{.what = "table at 64",
                      .of = {{"encoding", "table"}, {"length", "64"}},
                      .band = at_most(0.30),
                      .few_seeds = at_most(0.35),
                      .source = "earlier runs",
                      .if_missed = "luck",
                      .decimals = 3,
                      .chance = 0.1};
    const auto two = judged(measured_at_64(2), claim), three = judged(measured_at_64(3), claim);
    REQUIRE(two.size() == 1);
    CHECK(two[0].band.high == 0.35);
    CHECK(three[0].band.high == 0.30);    // three seeds are what a band is for
    CHECK(three[0].measured == std::vector<double>{0.125, 0.375, 0.375});
    CHECK(judged(measured_at_64(3), claim, true)[0].band.high == 0.35);    // but not after half of the steps
    CHECK(three[0].what == "table at 64");
    CHECK(three[0].source == "earlier runs");
    CHECK(three[0].if_missed == "luck");
    CHECK(three[0].decimals == 3);
    CHECK(*three[0].chance == 0.1);
    CHECK((three[0].judged_by == JudgedBy::mean));
}

TEST_CASE("what was not measured or has no band for few seeds is not judged") {
    const Claim full_only{.what = "", .of = {{"encoding", "table"}, {"length", 64}}, .band = at_most(1)};
    CHECK(judged(measured_at_64(2), full_only).empty());
    CHECK(judged(measured_at_64(3), full_only).size() == 1);
    CHECK(judged(measured_at_64(3), {.what = "", .of = {{"encoding", "gru"}}, .band = at_most(1)}).empty());
}

TEST_CASE("a claim that cannot be missed or cannot be met is refused before the work") {
    const auto refused = [](const Claim& claim, const std::string& cannot) {
        CHECK_THROWS_WITH_AS(Verdicts({.about = {.name = "verse"}}, {claim}),
                             ("Report: the claim 'a' cannot be " + cannot +
                              "; give it a band, at_least(low), at_most(high) or between(low, high)")
                                 .c_str(),
                             OptionError);
    };
    refused({.what = "a"}, "missed");
    refused({.what = "a", .band = at_least(1), .few_seeds = Band{}}, "missed");
    refused({.what = "a", .band = between(1, 0)}, "met");
    refused({.what = "a", .band = at_least(std::numeric_limits<double>::quiet_NaN())}, "met");
    CHECK_NOTHROW(Verdicts({.about = {.name = "verse"}}, {{.what = "a", .band = between(1, 1)}}));
}

TEST_CASE("what is not judged is named, or a slip in a label would silence a claim") {
    const Claim whole{.what = "table at 64", .of = {{"encoding", "table"}, {"length", 64}}, .band = at_most(1)};
    const Claim slip{.what = "ropee at 64", .of = {{"encoding", "ropee"}, {"length", 64}}, .band = at_most(1)};
    Claim difference = whole;
    difference.minus = slip.of;
    Verdicts verdicts({.strict = true, .about = {.name = "a demo"}}, {whole, slip, whole, difference});
    verdicts.judge(measured_at_64(1));
    std::ostringstream out;
    CHECK(verdicts.print(out) == 0);
    CHECK(out.str() ==
          "\na demo: not judged, for its band needs a whole run on 3 seeds: table at 64, and 1 more\n"
          "\na demo: not judged: ropee at 64 (nothing here is of encoding ropee, length 64), and 1 more\n");
}

TEST_CASE("a claim can be about a difference seed by seed") {
    Claim claim{.what = "rope minus table",
                .of = {{"encoding", "rope"}, {"length", 64}},
                .minus = {{"encoding", "table"}, {"length", 64}},
                .band = at_least(0),
                .few_seeds = at_least(0)};
    CHECK(judged(measured_at_64(), claim)[0].measured == std::vector<double>{0.375, 0.125});
    claim.minus = {{"encoding", "gru"}};
    CHECK(judged(measured_at_64(), claim).empty());
}

TEST_CASE("claims may be about two measurements") {
    const Claim table{.what = "t", .of = {{"encoding", "table"}}, .band = at_most(1)};
    const Claim rope{.what = "r", .of = {{"encoding", "rope"}}, .band = at_most(1)};
    Verdicts verdicts({.about = {.name = "a demo"}}, {table, rope});
    verdicts.judge(measured_at_64(3).where({"encoding", "rope"}));
    verdicts.judge(measured_at_64(3).where({"encoding", "table"}));
    CHECK(verdicts.judged().size() == 2);
    CHECK(verdicts.judged()[0].what == "r");
    std::ostringstream out;
    verdicts.print(out);
    CHECK(out.str().find("not judged") == std::string::npos);
}
