// Figures are not tested: they belong to a machine and a moment. That the program runs and reckons rightly is.
#include <doctest/doctest.h>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "bench/child.h"
#include "bench/gemm_shapes.h"
#include "bench/machine.h"
#include "bench/options.h"
#include "bench/report.h"
#include "tests/temp_folder.h"

using namespace ordinal::bench;

TEST_CASE("the median is the middle and one wild sample does not move it") {
    CHECK(median({3, 1, 2}) == 2);
    CHECK(median({1, 2, 3, 1000}) == 2.5);
    CHECK_THROWS_WITH_AS(median({}), "median: nothing was measured", ordinal::OptionError);
}

TEST_CASE("ratios compare what was measured in the same round") {
    const Comparison comparison{{{{1, 1, 9}, {2, 2, 2}}}, {{{2}, {8}}}};
    CHECK(comparison.ratio().median == 0.375);    // of 1 / 2 and 2 / 8
    CHECK(comparison.ratio().min == 0.25);
    CHECK(comparison.ratio().max == 0.5);
    CHECK(comparison.ratio_of_best() == 0.5);
    const Spread spread = comparison.ours.spread();
    CHECK(spread.median == 1.5);
    CHECK(spread.min == 1);
    CHECK(spread.max == 9);
}

TEST_CASE("measure warms up and then takes at least one sample of several calls") {
    int calls = 0;
    CHECK(measure([&] { ++calls; }, 0, 5).size() == 1);
    CHECK(calls == 10);
}

TEST_CASE("the sides take turns") {
    std::string turns;
    const auto side = [&](char name) {
        return [&turns, name] {
            turns += name;
            return Samples{1};
        };
    };
    CHECK(take_turns(3, side('o'), side('t')).theirs.rounds.size() == 3);
    CHECK(turns == "ototot");
    CHECK(take_turns(2, side('o'), nullptr).theirs.rounds.empty());
}

TEST_CASE("figures are printed with the digits that count") {
    CHECK(number_text(0.4071) == "0.407");
    CHECK(number_text(9.996) == "10.0");
    CHECK(number_text(1234.5) == "1234");
    CHECK(time_text({0.5, 0.25, 1}) == "500 us (250-1000)");
    CHECK(time_text({15.7, 15.1, 17}) == "15.7 ms (15.1-17.0)");
}

TEST_CASE("a workload is selected by its name or a beginning of it") {
    const Options options = parse_options({"--workloads", "W3,W5.512"});
    CHECK(options.selects("W3.128.rnn"));
    CHECK(options.selects("W5.512"));
    CHECK_FALSE(options.selects("W5.5120"));
    CHECK_FALSE(options.selects("W1"));
    CHECK(parse_options({}).selects("W1"));
    CHECK_THROWS_WITH_AS(parse_options({"--workloads", "W6.lokup"}),
                         "--workloads: there is no 'W6.lokup'; did you mean W6.lookup?", ordinal::OptionError);
    CHECK_THROWS_AS(parse_options({"--rounds", "0"}), ordinal::OptionError);
    CHECK_THROWS_AS(parse_options({"--fast"}), ordinal::OptionError);
}

TEST_CASE("the peak is above what a plain loop reaches") {
    CHECK(measure_peak(0.001) > 0.1);    // GFLOP/s: even a debug build under a sanitizer does that
}

TEST_CASE("OpenBLAS and Ordinal multiply the same matrices to the same result") {
    const OpenBlas blas;
    if (!blas.present()) return;
    for (const bool a_transposed : {false, true})
        for (const bool b_transposed : {false, true}) {
            GemmProblem problem({"", 7, 35, 20, 2, a_transposed, b_transposed});
            problem.ours();
            const std::vector<ordinal::Scalar> ours = problem.result();
            problem.theirs(blas);
            for (std::size_t i = 0; i < ours.size(); ++i) CHECK(std::abs(ours[i] - problem.result()[i]) < 1e-5);
        }
}

TEST_CASE("a quick run writes its figures as JSON") {
    const TempFolder folder;
    const std::string path = folder / "figures.json";
    Child program({ORDINAL_BENCH, "--quick", "--workloads", "W4", "--threads", "1", "--without-torch", "--json", path});
    REQUIRE(program.wait() == 0);
    const Json figures = Json::parse(ordinal::read_file(path));
    for (const Json& check : figures["checks"]) CHECK(check["passed"] == true);
    const Json& run = figures["runs"][0];
    CHECK(run["peak_gflops"] > 0);
    REQUIRE(run["workloads"].size() == 3);
    CHECK(run["workloads"][0]["name"] == "W4.ops16");
    CHECK(run["workloads"][0]["ours_ms"]["median"] > 0);
    CHECK(run["workloads"][0]["ours_ms"]["rounds"].size() == 1);
}

TEST_CASE("a program that does not exist has ended at once") {
    Child child({"/no/such/program"});
    CHECK_FALSE(child.read_line().has_value());
    CHECK(child.wait() == -1);
}
