#include "demos/models/longer_tables.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include <ordinal/positional/measures/similarity.h>
#include "tests/demos/made_up_verse.h"
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::demos;
using namespace ordinal::testing;

TEST_CASE("the smooth stand-in is as smooth as it says") {
    const NdArray P = smooth_table(400, 64, 1), by_lag = mean_by_lag(cosine_similarity(P));
    for (const Index lag : {1, 5, 20})    // the mean of 380 and more: chance moves it by a few hundredths
        CHECK(std::abs(static_cast<double>(by_lag.at({lag})) - std::pow(0.98, static_cast<double>(lag))) < 0.06);
    // The last rows are as large as the first ones: nothing grows, nothing fades.
    const NdArray squares = P * P;
    CHECK(std::abs(static_cast<double>(sum_all(slice(squares, 0, 300, 400))) / 6400 - 1) < 0.15);
    CHECK_FALSE(same_numbers(P, smooth_table(400, 64, 2)));
    CHECK(same_numbers(P, smooth_table(400, 64, 1)));
}

TEST_CASE("the seams are the cosines of the rows they name") {
    NdArray Q = zeros({16, 2});    // 4 rows made 16 long; row k points into the direction of 0.1 k rad
    for (Index k = 0; k < 16; ++k) {
        Q.mutable_data()[2 * k] = static_cast<Scalar>(3 * std::cos(0.1 * static_cast<double>(k)));
        Q.mutable_data()[2 * k + 1] = static_cast<Scalar>(3 * std::sin(0.1 * static_cast<double>(k)));
    }
    const auto found = seams(Q, 4);
    CHECK(std::abs(found[0].second - std::cos(0.1)) < 1e-6);    // 3 and 4
    CHECK(std::abs(found[1].second - std::cos(0.4)) < 1e-6);    // 0 and 4
    CHECK(std::abs(found[2].second - std::cos(0.4)) < 1e-6);    // 5 and 9
    CHECK(std::abs(found[3].second - std::cos(0.3)) < 1e-6);    // 3 * 4 + 2 = 14 and 2 * 4 + 3 = 11
    CHECK(found[3].first == "q_(3,2), q_(2,3)");
    CHECK(std::isnan(seams(slice(Q, 0, 0, 9), 4)[3].second));
    CHECK(seams(zeros({16, 2}), 4)[0].second == 0);
}

TEST_CASE("a panel shows the extended table with a line at each seam") {
    const NdArray P = smooth_table(8, 6, 1);
    const plot::Heatmap panel = extension_panel(P, 20, {.strategy = Extend::copy}, 1);
    CHECK(panel.title == "copy");
    CHECK(panel.values.shape() == Shape{20, 20});
    CHECK(panel.marks == std::vector<Index>{8, 16});
    CHECK(std::abs(panel.values.at({3, 11}) - 1) < 1e-5);
    CHECK(extension_panel(P, 20, {.alpha = 0.25}, 1).title == "hierarchical, alpha 0.25");
    CHECK(extension_panels(P, 20, 1).size() == 6);
}

TEST_CASE("fresh rows do not repeat the rows of a table of the same seed") {
    const NdArray P = smooth_table(8, 40, 1, 0);
    const NdArray C = extension_panel(P, 16, {.strategy = Extend::random}, 1).values;
    for (Index k = 0; k < 8; ++k) CHECK(std::abs(C.at({k, k + 8})) < 0.9);
}

TEST_CASE("the seams are a table and what cannot be asked is a dash") {
    const Table table = seams_table("short", "A table", smooth_table(8, 6, 1), 16, 1);
    CHECK(table.title == "A table: 8 rows made 16 long, seed 1; cosines of rows on both sides of a seam");
    REQUIRE(table.rows.size() == 6);
    const auto zero =
        std::find_if(table.rows.begin(), table.rows.end(), [](const auto& row) { return row[0] == "zero"; });
    REQUIRE(zero != table.rows.end());
    CHECK(std::vector<std::string>(zero->begin(), zero->begin() + 5) ==
          std::vector<std::string>{"zero", "0.00", "0.00", "0.00", "-"});
}
