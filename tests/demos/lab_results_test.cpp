#include "demos/lab/results.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/lab/report.h"
#include "demos/plot/svg_picture.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

// Something in every field.
Results sample() {
    Results results;
    results.about = {.name = "verse",
                     .shows = "The \"beat\".",
                     .chapter = "docs/06-the-rnn-encoding.md",
                     .source = "demos/verse.cpp",
                     .command = "./go demos verse --all"};
    results.build = {"g++ 12.2.0", "Release", "float"};
    results.machine = {"a processor", 2};
    results.expectations = {{.what = "right at 64",
                             .measured = {0.5, 0.25, nan},
                             .band = at_least(0.28),
                             .source = "reference runs",
                             .if_missed = "too few steps",
                             .judged_by = JudgedBy::mean,
                             .decimals = 3,
                             .chance = 0.2,
                             .tolerance = 0.05},
                            {.what = "control", .measured = {0.1}, .band = between(-1, 1)}};
    results.pictures = {{"a.png", "A", "the stripes", "stripes"}};
    results.charts = {
        {"b.svg",
         "B",
         "the fall",
         {{.title = "off3",
           .x_label = "length",
           .y_label = "right",
           .lines = {{.name = "table", .x = {32, 64}, .y = {1, 0.1}, .low = {0.9, nan}, .high = {1, nan}}},
           .horizontal = {{"chance", 0.06}},
           .vertical = {{"trained", 32}},
           .log_x = true,
           .y_range = plot::Range{0, 1.02},
           .x_ticks = {32, 64}}},
         true}};
    results.tables = {{.name = "off3", .title = "T", .look_at = "L", .columns = {"a", "b"}, .rows = {{"1", "2"}}}};
    return results;
}

}    // namespace

TEST_CASE("what is written as JSON is read again") {
    const TempFolder folder;
    write_results(folder / "one.json", sample());
    const Results read = read_results(folder / "one.json");
    write_results(folder / "two.json", read);
    CHECK(read_file(folder / "one.json") == read_file(folder / "two.json"));    // nothing was lost on the way
    CHECK(folder.file_count() == 2);

    const Expectation& e = read.expectations[0];
    CHECK(e.what == "right at 64");
    CHECK(e.measured[1] == 0.25);
    CHECK(std::isnan(e.measured[2]));
    CHECK(e.band.low == 0.28);
    CHECK(e.band.high == infinity);
    CHECK(e.judged_by == JudgedBy::mean);
    CHECK(e.decimals == 3);
    CHECK(*e.chance == 0.2);
    CHECK(e.tolerance == 0.05);
    CHECK_FALSE(read.expectations[1].chance.has_value());
    CHECK(read.about.command == "./go demos verse --all");
    CHECK(read.machine.threads == 2);
    CHECK(read.pictures[0].alt == "stripes");
    const plot::LineChart& chart = read.charts[0].charts[0];
    CHECK(read.charts[0].timings);
    CHECK(chart.lines[0].y == std::vector<double>{1, 0.1});
    CHECK(chart.horizontal[0].at == 0.06);
    CHECK(chart.log_x);
    CHECK(chart.y_range->high == 1.02);
    CHECK(read.tables[0].rows[0][1] == "2");
}

TEST_CASE("readers without C++ find the verdict and the mean in the file") {
    const TempFolder folder;
    Results results;
    results.about.name = "verse";
    results.expectations = {{.what = "right", .measured = {0.5, 0.25}, .band = at_least(0.28), .source = "E1a"}};
    write_results(folder / "verse.json", results);
    const std::string text = read_file(folder / "verse.json");
    for (const char* part : {"\"demo\": \"verse\"", "\"verdict\": \"MISSED\"", "\"mean\": 0.375", "\"min\": 0.25",
                             "\"max\": 0.5", "\"chance\": null", "\"high\": null"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part);
    CHECK(folder.file_count() == 1);
    CHECK_THROWS_AS(write_results(folder / "none/verse.json", results), FileError);
}

TEST_CASE("a file that holds no results is refused by name") {
    CHECK_THROWS_WITH_AS(parse_results("{", "a.json"), doctest::Contains("a.json: expected the results of a demo"),
                         FileError);
    CHECK_THROWS_WITH_AS(parse_results("{\"demo\": 1}", "a.json"), doctest::Contains("a.json: expected"), FileError);
    CHECK_THROWS_AS(read_results("no such file"), FileError);
}

TEST_CASE("a file whose types are right and whose sizes are not is refused in a sentence") {
    const TempFolder folder;
    write_results(folder / "a.json", sample());
    const std::string whole = read_file(folder / "a.json");
    const auto problem_with = [&](const std::string& part, const std::string& instead) {
        const auto at = whole.find(part);
        REQUIRE_MESSAGE(at != std::string::npos, part);
        try {
            parse_results(whole.substr(0, at) + instead + whole.substr(at + part.size()), "a.json");
        } catch (const FileError& error) {
            return std::string(error.what());
        }
        return std::string("nothing");
    };
    const auto sentence = [](const std::string& problem) {
        return "a.json: expected the results of a demo, got something else (" + problem + "); run the demo again";
    };
    CHECK(problem_with("[0.5, 0.25, null]", "[]") == sentence("'right at 64' has no number of any seed"));
    CHECK(problem_with("[0.5, 0.25, null]", "{}") == sentence("expected a list, got a object"));
    CHECK(problem_with("\"decimals\": 3", "\"decimals\": 1000000000") ==
          sentence("expected a count up to 4096, got 1e+09"));
    CHECK(problem_with("\"decimals\": 3", "\"decimals\": 99") == sentence("'right at 64' has 99 decimals"));
    CHECK(problem_with("\"threads\": 2", "\"threads\": 1e300") == sentence("expected a count up to 4096, got 1e+300"));
    CHECK(problem_with("\"x\": [32.0, 64.0]", "\"x\": [32.0]") == sentence("'table' has 1 x and 2 y"));
    CHECK(problem_with("\"1\",", "") == sentence("table 'off3' has a row of 1 cells below 2 columns"));
    CHECK(problem_with("\"pictures\": [", "\"pictures\": null, \"more\": [") ==
          sentence("expected a list, got a null"));
}

TEST_CASE("tables are found by name and written as Markdown") {
    CHECK(markdown(find_table(sample(), "off3")) == "| a | b |\n|---|---|\n| 1 | 2 |\n");
    Results results = sample();
    results.expectations[0].measured = {0.2, 0.3};
    CHECK(markdown(find_table(results, "expectations")) ==
          "|  | what | measured | expected |\n|---|---|---|---|\n"
          "| MISSED | right at 64 | 0.250 [0.200 .. 0.300] | >= 0.280 |\n"
          "| PASS | control | 0.10 | -1.00 .. 1.00 |\n");
    CHECK_THROWS_WITH_AS(find_table(sample(), "of3"), "verse: there is no table 'of3'; did you mean off3?",
                         OptionError);
}

TEST_CASE("a report leaves pictures and one file with all that was found") {
    const TempFolder folder;
    DemoOptions options;
    options.out = folder.path();
    options.json = folder / "copy.json";
    options.about = {.name = "fall", .command = "./go demos fall"};
    const plot::LineChart first{.title = "one", .lines = {{.x = {1, 2}, .y = {1, 0}}}, .horizontal = {{"", 0.2}}};
    plot::LineChart last{.title = "two", .lines = {{.name = "table", .x = {1, 2}, .y = {1, 0}}}};
    last.horizontal = {{"chance", 0.1}};

    Report report(options);
    report.heatmaps({"map.png", "A map", "the stripes", "stripes"}, {{.values = NdArray({2, 2}, {0, 1, 1, 0})}}, 1);
    report.chart("chart.svg", last, "the fall");
    report.charts("grid.svg", "Both", {first, last}, 2, "who falls", Vary::with_the_machine);
    report.table({.name = "t", .columns = {"a"}, .rows = {{"1"}}});
    Expectations expectations("fall");
    expectations.add({.what = "w", .measured = {1}, .band = at_least(2)});
    std::ostringstream out;
    CHECK(report.finish(expectations, out) == 0);
    CHECK(out.str().find("MISSED  w") != std::string::npos);

    const Results results = read_results(folder / "fall.json");
    CHECK(read_file(folder / "copy.json") == read_file(folder / "fall.json"));
    CHECK(std::filesystem::exists(folder / "chart.svg"));
    CHECK(std::filesystem::exists(folder / "grid.svg"));
    CHECK(read_file(folder / "grid.svg") ==    // drawn from the numbers that the file holds
          plot::svg_picture("Both", results.charts[1].charts, 2));
    CHECK(results.about.command == "./go demos fall");
    CHECK(results.pictures[0].file == "map.png");
    CHECK(results.charts[0].title == "two");
    CHECK_FALSE(results.charts[0].timings);
    CHECK(results.charts[1].timings);
    CHECK(results.charts[1].charts[0].lines[0].name == "table");    // as in the last, which has the legend
    CHECK(results.charts[1].charts[0].horizontal[0].name == "chance");
    CHECK(results.charts[1].charts[0].horizontal[0].at == 0.2);
    CHECK(results.expectations[0].what == "w");
    REQUIRE(results.files.size() == 3);
    CHECK((results.files[0] == Fingerprint{"map.png", fnv1a(read_file(folder / "map.png"))}));
    CHECK((results.files[2] == Fingerprint{"grid.svg", fnv1a(read_file(folder / "grid.svg"))}));
    CHECK_FALSE(results.build.compiler.empty());
    CHECK(results.machine.threads >= 1);

    options.strict = true;
    CHECK(Report(options).finish(expectations, out) == 1);
}

TEST_CASE("a fingerprint is FNV-1a") {    // its authors' own test vectors
    CHECK(fnv1a("") == "cbf29ce484222325");
    CHECK(fnv1a("a") == "af63dc4c8601ec8c");
    CHECK(fnv1a("foobar") == "85944171f73967e8");
}

TEST_CASE("dots stay dots in the file and lines say nothing of it") {
    const auto file_of = [](bool only_dots) {
        const TempFolder folder;
        Results results;
        results.charts = {{"a.svg", "", "", {{.lines = {{.x = {1}, .y = {1}, .only_dots = only_dots}}}}}};
        write_results(folder / "a.json", results);
        CHECK(read_results(folder / "a.json").charts[0].charts[0].lines[0].only_dots == only_dots);
        return read_file(folder / "a.json");
    };
    CHECK(file_of(true).find("only_dots") != std::string::npos);
    CHECK(file_of(false).find("only_dots") == std::string::npos);
}

TEST_CASE("a report refuses what it could not keep before the work begins") {
    DemoOptions options;
    options.json = "no such folder/a.json";
    CHECK_THROWS_WITH_AS(Report{options},
                         "--json no such folder/a.json: expected a file in a folder that exists, got none; make the "
                         "folder first",
                         FileError);
    options.json = "/proc/a.json";    // a folder that nobody can write, not even root
    CHECK_THROWS_WITH_AS(
        Report{options},
        "--json /proc/a.json: expected a file in a folder that can be written, got another; choose one "
        "that can",
        FileError);
    CHECK_THROWS_WITH_AS(Report(DemoOptions{}).chart("c.png", {}, ""),
                         "Report: a chart is SVG: expected a name like chart.svg, got c.png", OptionError);
    CHECK_THROWS_WITH_AS(Report(DemoOptions{}).table({.name = "t", .columns = {"a", "b"}, .rows = {{"1"}}}),
                         "Report: expected 2 cells in each row of the table 't', got 1", ShapeError);
}
