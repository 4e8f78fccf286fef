// What is shown of the runs, on numbers that are made up.
#include "demos/experiments/sequences/extrapolation_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "demos/experiments/sequences/extrapolation_bands.h"
#include "demos/experiments/sequences/recovery_report.h"

using namespace ordinal;

namespace {

const double no_number = std::numeric_limits<double>::quiet_NaN();

ExtrapolationResults made_up() {
    const Accuracies one{1, 0.125, 0.25, no_number}, other{1, 0.375, 0.25, no_number};
    return {{"off3"}, {learned_table, "rnn"}, {1, 2}, {{{one, other}, {other, other}}}};
}

}    // namespace

TEST_CASE("the table of extrapolation has the mean and the range of the seeds") {
    const std::vector<Table> tables = extrapolation_tables(made_up());
    REQUIRE(tables.size() == 1);
    CHECK(tables[0].name == "off3");
    CHECK(tables[0].columns == std::vector<std::string>{"encoding", "32", "64", "128", "256", "dependent steps"});
    CHECK(tables[0].rows[0] == std::vector<std::string>{learned_table, "1.00 [1.00 .. 1.00]", "0.25 [0.12 .. 0.38]",
                                                        "0.25 [0.25 .. 0.25]", "-", "1"});
    CHECK(tables[0].rows[1].back() == "T");
}

TEST_CASE("a part of the runs keeps their numbers") {
    const ExtrapolationResults rnn = only(Keep::these, {"rnn", "gru"}, made_up());
    CHECK(rnn.encodings == std::vector<std::string>{"rnn"});
    CHECK(rnn.accuracy[0][0][0][1] == 0.375);
    CHECK(only(Keep::others, {"rnn"}, made_up()).encodings == std::vector<std::string>{learned_table});
}

TEST_CASE("every number of extrapolation is a row of the file") {
    CHECK(
        extrapolation_csv(made_up()).starts_with("task,encoding,length,seed,accuracy\n"
                                                 "off3,\"table(std=0.1)\",32,1,1\n"
                                                 "off3,\"table(std=0.1)\",32,2,1\n"
                                                 "off3,\"table(std=0.1)\",64,1,0.125\n"));
}

TEST_CASE("the curves of extrapolation are means within the range of the seeds") {
    const std::vector<plot::LineChart> charts = extrapolation_charts(made_up());
    REQUIRE(charts.size() == 1);
    const plot::Line& line = charts[0].lines[0];
    CHECK(line.name == learned_table);
    CHECK(line.x == std::vector<double>{32, 64, 128, 256});
    CHECK(line.y[1] == 0.25);
    CHECK(line.low[1] == 0.125);
    CHECK(line.high[1] == 0.375);
    CHECK(charts[0].horizontal[0].at == 1.0 / 16);
}

TEST_CASE("a band is judged by the mean of the seeds at its task and encoding and length") {
    const Expectations verdict = judge("a demo", made_up(),
                                       {{"off3", "table(std = 0.1)", 64, at_most(0.3), ""},
                                        {"off3", learned_table, 64, at_most(0.2), ""},
                                        {"mod5", learned_table, 64, at_most(0.2), ""},
                                        {"off3", "gru", 64, at_most(0.2), ""}});
    REQUIRE(verdict.list().size() == 2);    // what was not run is not judged
    CHECK(is_met(verdict.list()[0]));
    CHECK_FALSE(is_met(verdict.list()[1]));
    CHECK(verdict.list()[0].measured == std::vector<double>{0.125, 0.375});
}

TEST_CASE("every band is about an encoding that its demo runs and a task and length that exist") {
    const auto check = [](const std::vector<LengthBand>& bands, const std::vector<std::string>& encodings) {
        for (const LengthBand& b : bands) {
            INFO(b.task << " " << b.encoding << " " << b.length);
            CHECK(std::find(encodings.begin(), encodings.end(), b.encoding) != encodings.end());
            CHECK(std::find(asked_lengths.begin(), asked_lengths.end(), b.length) != asked_lengths.end());
            CHECK(sequence_task(b.task).name == b.task);
        }
    };
    check(full_bands(), all_encodings());
    std::vector<std::string> quick = few_encodings();
    quick.insert(quick.end(), {hybrid, hybrid_dropped});
    check(wide_margin_bands(), quick);
    check(hybrid_bands(), hybrid_encodings());
}

TEST_CASE("recovery is judged after 40 steps") {
    RecoveryResults results{{"off3", "mod5"}, {1}, {.before = 1, .asked = {0, 40}}, {}};
    // [start][asked]: random, zero, copy, linear, hierarchical, from scratch
    results.accuracy = {{{{0, 0.3}, {0, 0}, {0, 0}, {0, 0}, {0, 0.8}, {0, 0}}},
                        {{{0, 0.5}, {0, 0}, {0, 0}, {0, 0}, {0, 0.75}, {0, 0}}}};
    const Expectations verdict = judge_recovery(results);
    REQUIRE(verdict.list().size() == 3);
    CHECK(is_met(verdict.list()[0]));
    CHECK(is_met(verdict.list()[1]));
    CHECK_FALSE(is_met(verdict.list()[2]));    // on mod5 it should be worse than random, and here it is not
    CHECK(verdict.list()[2].measured == std::vector<double>{0.25});
    CHECK_FALSE(is_met(judge_recovery(results, {.hierarchical = 0.9}).list()[0]));
    CHECK(recovery_tables(results)[1].rows[4] == std::vector<std::string>{"hierarchical", "0.00", "0.75"});
}

TEST_CASE("recovery begins with the old positions and learns the new ones") {
    const RecoverySteps steps{.before = 60, .asked = {0, 15}};
    CHECK(steps.total() == 60 + 6 * 15);
    Index done = 0;
    const auto curves = run_recovery(sequence_task("mod5"), 1, steps, [&](double) { ++done; });
    CHECK(done == steps.total());
    CHECK(recovery_starts()[1] == "zero");
    CHECK(curves[1][0] > 0.25);    // a quarter is old and right
    CHECK(curves[1][0] < 0.60);    // the rest is guessed
    CHECK(curves[1][1] > 0.9);
    CHECK(curves[5][0] < 0.45);    // from scratch
}

TEST_CASE("runs of recovery are the same numbers for 1 and 2 threads") {
    const auto run = [](int threads) {
        const int before = num_threads();
        set_num_threads(threads);
        const RecoveryResults results = run_recoveries({"mod5", "off3"}, {.before = 2, .asked = {0, 2}}, {1});
        set_num_threads(before);
        return results.accuracy;
    };
    CHECK(run(1) == run(2));
}
