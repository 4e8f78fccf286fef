// What the demo `parallelism` counts and how it judges; how long things take is shown by the demo, not tested here.
#include <doctest/doctest.h>

#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/registry.h>
#include "demos/experiments/speed/parallelism_report.h"

using namespace ordinal;

namespace {

// Times that double with the length, on 128, 256, 512, 1024.
ParallelismResults made_up(const std::string& encoding, std::vector<double> milliseconds, std::vector<Index> steps) {
    ParallelismResults results;
    results.lengths = {128, 256, 512, 1024};
    results.one_thread = {{encoding, std::move(milliseconds), std::move(steps)}};
    return results;
}

bool met(const ParallelismResults& results) { return judge_parallelism(results, ParallelismBands::full).all_met(); }

}    // namespace

TEST_CASE("dependent steps stay for a look-up and grow by one a position for an RNN") {
    Index measured = 0;
    const auto times =
        measure_lengths({"table", "rnn(init=orthogonal)", "rnn_over_inputs"}, {8, 16, 32}, 1, [&](double milliseconds) {
            CHECK(milliseconds > 0);
            ++measured;
        });
    REQUIRE(times.size() == 4);
    CHECK(measured == 4 * 3);
    CHECK(times[3].encoding == the_encoder);
    for (const std::size_t flat : {std::size_t(0), std::size_t(3)}) {
        CHECK(times[flat].dependent_steps[0] == times[flat].dependent_steps[2]);
        CHECK(times[flat].dependent_steps[0] > 0);
    }
    for (const std::size_t chain : {std::size_t(1), std::size_t(2)}) {
        CHECK(times[chain].dependent_steps[1] == times[chain].dependent_steps[0] + 8);
        CHECK(times[chain].dependent_steps[2] == times[chain].dependent_steps[1] + 16);
    }
}

TEST_CASE("a cached code is the code") {
    Rng rng(1);
    const auto rnn = make_encoding("rnn(gain=0.5)", {.d_model = parallelism_width}, rng);
    const Tensor x(random_normal({2, 10, parallelism_width}, 1, rng));
    const auto apply = [&](const Encoding& encoding) {
        return encoding.apply_to_input(x, Positions::arange(10), Mode::evaluation()).values();
    };
    CHECK(max_abs_difference(apply(*as_table(*rnn, 10)), apply(*rnn)) == 0);
    CHECK(max_abs_difference(apply(*rnn), x.values()) > 0);
}

TEST_CASE("only a code that reads the tokens cannot be cached") {
    const auto times = measure_batches({"rnn", "rnn_over_inputs"}, 16, 1, [](double) {});
    REQUIRE(times.size() == 2);
    CHECK(times[0].cached > 0);
    CHECK(std::isnan(times[1].cached));
    CHECK(times[1].training > 0);
    ParallelismResults results;
    results.batches = times;
    CHECK(batch_table(results).rows[1].back() == "-");
}

TEST_CASE("parallelism expects an RNN to be linear and a closed form to be flat") {
    CHECK(met(made_up("rnn", {1, 2, 4, 8}, {130, 258, 514, 1026})));
    CHECK(!met(made_up("rnn", {1, 2, 3, 4}, {130, 258, 514, 1026})));    // too flat to wait for itself
    CHECK(!met(made_up("rnn", {1, 2, 4, 8}, {130, 258, 514, 1000})));    // a step is missing
    CHECK(met(made_up("linear(state=8)", {1, 1, 1, 2}, {11, 11, 11, 11})));
    CHECK(!met(made_up("linear(state=8)", {1, 2, 4, 8}, {11, 11, 11, 11})));
    CHECK(!met(made_up("linear(state=8)", {1, 1, 1, 2}, {11, 11, 11, 12})));
    CHECK(met(made_up("linear_dense", {1, 1, 1, 2}, {18, 20, 22, 24})));
    CHECK(!met(made_up("linear_dense", {1, 1, 1, 2}, {128, 256, 512, 1024})));
    CHECK(judge_parallelism(made_up("linear(state=8)", {1, 2, 4, 8}, {11, 11, 11, 11}), ParallelismBands::wide_margin)
              .all_met());    // what CI runs does not judge it
}

TEST_CASE("the tables of parallelism have a row an encoding and a column a length") {
    ParallelismResults results = made_up("table", {0.001, 0.5, 20, 300}, {2, 2, 2, 2});
    CHECK((time_table(results).rows[0] == std::vector<std::string>{"table", "0.001", "0.50", "20", "300"}));
    CHECK((step_table(results).columns == std::vector<std::string>{"encoding", "128", "256", "512", "1024"}));
    CHECK(!step_table(results).timings);
    results.threads = 2;
    results.all_threads = {{"table", {1, 1, 1, 150}, {2, 2, 2, 2}}};
    CHECK((thread_table(results).rows[0] == std::vector<std::string>{"table", "300", "150", "2.0"}));
    const auto charts = parallelism_charts(results);
    REQUIRE(charts.size() == 2);
    CHECK(charts[0].lines[0].y == std::vector<double>{0.001, 0.5, 20, 300});
    CHECK(charts[1].lines[0].y == std::vector<double>{2, 2, 2, 2});
}
