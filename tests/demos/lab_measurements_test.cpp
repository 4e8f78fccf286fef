// Tables, charts and files of numbers that are made up.
#include "demos/lab/measurements.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <limits>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>

using namespace ordinal;
using namespace ordinal::demos;
using Texts = std::vector<std::string>;

namespace {

const double no_number = std::numeric_limits<double>::quiet_NaN();

// The encoding "table" falls beyond 32, "rope" does not; 128 is beyond what the table has.
Measurements made_up(std::size_t seeds = 2) {
    Measurements found;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const double luck = seed == 1 ? 0.125 : 0.375;
        for (const auto& [encoding, length, value] : std::vector<std::tuple<std::string, Index, double>>{
                 {"table", 32, 1}, {"table", 128, no_number}, {"table", 64, luck}, {"rope", 64, 0.5}, {"rope", 32, 1}})
            found.numbers.push_back({{{"encoding", encoding}, {"length", length}}, seed, value});
    }
    return found;
}

}    // namespace

TEST_CASE("a table has a row for each label in the order in which they came and numbers sorted") {
    const Table table = made_up().table({.name = "t"}, "encoding", "length");
    CHECK(table.columns == Texts{"encoding", "32", "64", "128"});
    CHECK(table.rows[0] == Texts{"table", "1.00 [1.00 .. 1.00]", "0.25 [0.12 .. 0.38]", "-"});    // no such position
    CHECK(table.rows[1] == Texts{"rope", "1.00 [1.00 .. 1.00]", "0.50 [0.50 .. 0.50]", "-"});     // not measured
    const Table one = made_up(1).table({}, "length", "encoding", [](const std::vector<double>& seeds) {
        return std::to_string(seeds.size()) + " seed";
    });
    CHECK(one.columns == Texts{"length", "table", "rope"});
    CHECK(one.rows[1] == Texts{"64", "1 seed", "1 seed"});
}

TEST_CASE("a line is the mean within the range of the seeds at the places that were measured") {
    const plot::LineChart chart =
        made_up().chart({.title = "c", .log_x = true}, "encoding", "length", [](double length) { return length + 1; });
    REQUIRE(chart.lines.size() == 2);
    CHECK(chart.title == "c");
    CHECK(chart.x_ticks == std::vector<double>{33, 65, 129});
    CHECK(chart.lines[0].name == "table");
    CHECK(chart.lines[0].x == std::vector<double>{33, 65, 129});
    CHECK(chart.lines[0].y[1] == 0.25);
    CHECK(chart.lines[0].low[1] == 0.125);
    CHECK(chart.lines[0].high[1] == 0.375);
    CHECK(std::isnan(chart.lines[0].y[2]));
    CHECK(chart.lines[1].x == std::vector<double>{33, 65});
    CHECK(made_up().chart({}, "encoding", "length").x_ticks.empty());
}

TEST_CASE("every number is a row of the file") {
    Measurements found = made_up(1);
    found.numbers.resize(1);
    found.numbers.push_back({{{"encoding", "rnn(a=1, b=2)"}, {"task", "off3"}}, 7, 0.5});
    CHECK(found.csv("accuracy") ==
          "encoding,length,task,seed,accuracy\n"
          "table,32,,1,1\n"
          "\"rnn(a=1, b=2)\",,off3,7,0.5\n");
}

TEST_CASE("parts of the measurements keep their numbers") {
    const Measurements found = made_up();
    CHECK(found.where({"length", 64}).labels("length") == Texts{"64"});
    CHECK(found.only("encoding", {"rope", "gru"}).labels("encoding") == Texts{"rope"});
    CHECK(found.without("encoding", {"rope"}).labels("encoding") == Texts{"table"});
    CHECK(found.of({{"encoding", "table"}, {"length", 64}}) == std::vector<double>{0.125, 0.375});
    CHECK(found.of({{"encoding", "gru"}}).empty());
    CHECK(found.of_seeds() == "mean [least .. greatest] of 2 seeds");
    CHECK(made_up(1).of_seeds() == "one seed");
}

TEST_CASE("every case runs on every seed with its labels and steps and one thread gives the same rows as four") {
    const auto run = [](int threads) {
        const int before = num_threads();
        set_num_threads(threads);
        const Measurements found = measure(
            "a test", cases({{"task", {"off3", "mod5"}}, {"encoding", {"table", "rope"}}}, 3), {5, 6}, [](Run& one) {
                for (Index step = 0; step < one.steps; ++step) one.step_done(0.5);
                one.record({{"letters", Index(one["task"].size() + one["encoding"].size())}}, double(one.seed));
                one.keep({}, NdArray({1}, {Scalar(one.seed)}));
            });
        set_num_threads(before);
        return found;
    };
    const Measurements found = run(1);
    CHECK(found.numbers.size() == 8);
    CHECK(found.csv("x") == run(4).csv("x"));
    CHECK(
        found.csv("x").starts_with("task,encoding,letters,seed,x\noff3,table,9,5,5\noff3,rope,8,5,5\nmod5,table,9,5"));
    CHECK(found.array({{"task", "mod5"}, {"encoding", "rope"}}).at({0}) == 5);    // of the first seed
    CHECK_THROWS_WITH_AS(found.array({{"task", "mod7"}}),
                         "Measurements: expected an array of task mod7, got none; keep it in the run", OptionError);
    CHECK_THROWS_WITH_AS(measure("a test", cases({{"task", {"off3"}}}, 0), {1}, [](Run& one) { one["length"]; }),
                         "Run: expected a label 'length', got only: task off3", OptionError);
}

TEST_CASE("a chart along labels that are no numbers is refused") {
    Measurements found;
    found.numbers.push_back({{{"task", "off3"}, {"length", 64}}, 1, 0.5});
    CHECK(found.chart({.title = "right"}, "task", "length").lines[0].x == std::vector<double>{64});
    CHECK_THROWS_WITH_AS(static_cast<void>(found.chart({.title = "right"}, "length", "task")),
                         "chart: expected numbers along 'task', got 'off3'", OptionError);
}
