#include "demos/lab/results.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/quote.h"
#include "demos/lab/report.h"
#include "demos/plot/svg_picture.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

// Something in every field.
Json sample() {
    Json results = empty_results({.name = "verse",
                                  .shows = "The \"beat\".",
                                  .chapter = "docs/06-the-rnn-encoding.md",
                                  .source = "demos/verse.cpp",
                                  .command = "./go demos verse --all"});
    for (const Claim& claim :
         {Claim{.what = "right at 64",
         .measured = {0.5, 0.25, nan},
         .band = at_least(0.28),
         .source = "reference runs",
         .if_missed = "too few steps",
         .decimals = 3,
         .chance = 0.2,
         .tolerance = 0.05},
          Claim{.what = "control", .measured = {0.1}, .band = between(-1, 1), .judged_by = JudgedBy::every_seed}})
        results["expectations"].push_back(json_of(claim));
    results["pictures"].push_back({{"file", "a.png"}, {"title", "A"}, {"look_at", "L"}, {"alt", "stripes"}});
    const plot::LineChart chart{
        .title = "off3",
        .x_label = "length",
        .y_label = "right",
        .lines = {{.name = "table", .x = {32, 64}, .y = {1, 0.1}, .low = {0.9, nan}, .high = {1, nan}}},
        .horizontal = {{"chance", 0.06}},
        .vertical = {{"trained", 32}},
        .log_x = true,
        .y_range = plot::Range{0, 1.02},
        .x_ticks = {32, 64}};
    results["charts"].push_back({{"file", "b.svg"},
                                 {"title", "B"},
                                 {"look_at", "L"},
                                 {"timings", false},
                                 {"charts", Json::array({json_of(chart)})}});
    results["files"].push_back({{"name", "b.svg"}, {"fnv1a", "0"}});
    results["tables"].push_back(
        json_of(Table{.name = "off3", .title = "T", .look_at = "L", .columns = {"a", "b"}, .rows = {{"1", "2"}}}));
    return results;
}

}    // namespace

TEST_CASE("what is written as JSON is read again") {
    const TempFolder folder;
    write_results(folder / "one.json", sample());
    const Json read = read_results(folder / "one.json");
    CHECK(folder.file_count() == 1);
    CHECK(read.at("command") == "./go demos verse --all");
    CHECK(read.at("machine").at("threads") == num_threads());

    const Claim claim = claim_of(read.at("expectations")[0]);
    CHECK(claim.what == "right at 64");
    CHECK(claim.measured[1] == 0.25);
    CHECK(std::isnan(claim.measured[2]));
    CHECK(claim.band.low == 0.28);
    CHECK(claim.band.high == infinity);
    CHECK(claim.source == "reference runs");
    CHECK(claim.if_missed == "too few steps");
    CHECK((claim.judged_by == JudgedBy::mean));
    CHECK(claim.decimals == 3);
    CHECK(*claim.chance == 0.2);
    CHECK((claim_of(read.at("expectations")[1]).judged_by == JudgedBy::every_seed));
    CHECK_FALSE(claim_of(read.at("expectations")[1]).chance.has_value());

    const plot::LineChart chart = chart_of(read.at("charts")[0].at("charts")[0]);
    CHECK(json_of(chart).dump() == sample().at("charts")[0].at("charts")[0].dump());    // nothing was lost on the way
    CHECK(chart.lines[0].y == std::vector<double>{1, 0.1});
    CHECK(std::isnan(chart.lines[0].high[1]));
    CHECK(chart.y_range->high == 1.02);
    CHECK(json_of(table_of(read.at("tables")[0])) == read.at("tables")[0]);
}

TEST_CASE("readers without C++ find the verdict and the mean in the file") {
    const TempFolder folder;
    Json results = empty_results({.name = "verse"});
    results["expectations"].push_back(
        json_of(Claim{.what = "right", .measured = {0.5, 0.25}, .band = at_least(0.38), .source = "E1a"}));
    write_results(folder / "verse.json", results);
    const std::string text = read_file(folder / "verse.json");
    for (const char* part : {"\"demo\": \"verse\"", "\"verdict\": \"MISSED\"", "\"mean\": 0.375", "\"min\": 0.25",
                             "\"max\": 0.5", "\"chance\": null", "\"high\": null", "\"per_seed\": [0.5, 0.25]"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part);
    CHECK_FALSE(results.at("build").at("compiler").get<std::string>().empty());
    CHECK_THROWS_AS(write_results(folder / "none/verse.json", results), FileError);
}

TEST_CASE("a file that holds no results is refused by name") {
    CHECK_THROWS_WITH_AS(parse_results("{", "a.json"), doctest::Contains("a.json: expected the results of a demo"),
                         FileError);
    CHECK_THROWS_WITH_AS(parse_results("{\"demo\": 1}", "a.json"), doctest::Contains("a.json: expected"), FileError);
    CHECK_THROWS_AS(read_results("no such file"), FileError);
}

TEST_CASE("a file whose types are right and whose sizes are not is refused in a sentence") {
    const auto problem_with = [](const std::string& place, const Json& instead) {
        Json results = Json::parse(sample().dump());
        results[Json::json_pointer(place)] = instead;
        try {
            parse_results(results.dump(), "a.json");
        } catch (const FileError& error) {
            return std::string(error.what());
        }
        return std::string("nothing");
    };
    const auto sentence = [](const std::string& problem) {
        return "a.json: expected the results of a demo, got something else (" + problem + "); run the demo again";
    };
    const std::string claim = "/expectations/0/", line = "/charts/0/charts/0/lines/0/";
    CHECK(problem_with(claim + "per_seed", Json::array()) == sentence("'right at 64' has no number of any seed"));
    CHECK(problem_with(claim + "per_seed", Json::object()).find("type must be array, but is object") < 200);
    CHECK(problem_with(claim + "decimals", 99) == sentence("'right at 64' has 99 decimals"));
    for (const char* decimals : {"1e300", "2147483648", "-1"})
        CHECK(problem_with(claim + "decimals", Json::parse(decimals)).find(" decimals); run") != std::string::npos);
    CHECK(problem_with("/machine/threads", 1e300) == sentence("expected a number of threads, got number"));
    CHECK(problem_with("/machine/threads", -2) == sentence("expected a number of threads, got number"));
    CHECK(problem_with(line + "x", {32}) ==
          sentence("line \"table\": expected as many y as x and at least one, got 1 x and 2 y"));
    CHECK(problem_with(line + "low", {32}) ==
          sentence("line \"table\": expected a band of 2 low and high values or none, got 1 and 2"));
    CHECK(problem_with("/charts/0/charts", Json::array()) == sentence("'b.svg' has no charts"));
    CHECK(problem_with("/tables/0/rows/0", {"1"}) == sentence("table 'off3' has a row of 1 cells below 2 columns"));
    CHECK(problem_with("/tables/0/columns", Json::array()) == sentence("table 'off3' has no columns"));
    CHECK(problem_with("/pictures/0/file", "../a.png") == sentence("'../a.png' is no file beside the results"));
    CHECK(problem_with("/files", 7).find("type must be array, but is number") < 200);
    const Json deep = Json::parse(std::string(100, '[') + std::string(100, ']'));
    CHECK(problem_with("/more", deep) == sentence("more than 64 brackets inside each other"));
    for (const char* place :    // all that is shown, compared or quoted is there, and of the right type
         {"/expectations/0/verdict", "/expectations/0/tolerance", "/charts/0/title", "/charts/0/look_at",
          "/charts/0/timings", "/tables/0/timings", "/files/0/name", "/files/0/fnv1a", "/build/type", "/machine/cpu"})
        for (const Json& wrong : {Json::array(), Json::object()}) {
            CAPTURE(place);
            CHECK(problem_with(place, wrong).starts_with("a.json: expected the results of a demo"));
        }
    CHECK(problem_with("/pictures", nullptr).find("type must be array, but is null") < 200);
    CHECK(problem_with("/pictures/0/alt", 1).starts_with("a.json: expected the results of a demo"));
    CHECK(problem_with("/shows", "else") == "nothing");
}

TEST_CASE("tables are found by name and written as Markdown") {
    CHECK(markdown(quoted_table(sample(), "off3")) == "| a | b |\n|---|---|\n| 1 | 2 |\n");
    Json results = sample();
    results["expectations"][0]["per_seed"] = {0.2, 0.3};
    CHECK(markdown(quoted_table(results, "expectations")) ==
          "|  | what | measured | expected |\n|---|---|---|---|\n"
          "| MISSED | right at 64 | 0.250 [0.200 .. 0.300] | >= 0.280 |\n"
          "| PASS | control | 0.10 | -1.00 .. 1.00 |\n");
    CHECK_THROWS_WITH_AS(quoted_table(sample(), "of3"), "verse: there is no table 'of3'; did you mean off3?",
                         OptionError);
}

TEST_CASE("a report leaves pictures and one file with all that was found") {
    const TempFolder folder;
    DemoOptions options;
    options.out = folder.path();
    options.json = folder / "copy.json";
    options.about = {.name = "fall", .command = "./go demos fall"};
    const plot::LineChart first{.title = "one", .lines = {{.name = "rope", .x = {1, 2}, .y = {1, 0}}}};
    plot::LineChart last{.title = "two", .lines = {{.name = "table", .x = {1, 2}, .y = {1, 0}}}};
    last.horizontal = {{"chance", 0.1}};

    Measurements found;
    found.numbers.push_back({{{"length", 64}}, 1, 1});
    const std::vector<Claim> claims{
        {.what = "w", .of = {{"length", 64}}, .band = at_least(3), .few_seeds = at_least(2)}};
    const auto run = [&](std::ostream& out) {
        Report report(options, claims);
        report.heatmaps({"map.png", "A map", "the stripes", "stripes"}, {{.values = NdArray({1, 1}, 1)}}, 1);
        report.chart("chart.svg", last, "the fall");
        report.charts("grid.svg", "Both", {first, last}, 2, "who falls", Vary::with_the_machine);
        report.table({.name = "t", .columns = {"a"}, .rows = {{"1"}}});
        report.judge(found);
        return report.finish(out);
    };
    std::ostringstream out;
    CHECK(run(out) == 0);
    CHECK(out.str().find("MISSED  w") != std::string::npos);

    const Json results = read_results(folder / "fall.json");
    CHECK(read_file(folder / "copy.json") == read_file(folder / "fall.json"));
    CHECK(results.at("command") == "./go demos fall");
    CHECK(results.at("pictures")[0].at("file") == "map.png");
    CHECK(results.at("expectations")[0].at("what") == "w");
    const Json &chart = results.at("charts")[0], &grid = results.at("charts")[1];
    CHECK(chart.at("title") == "two");
    CHECK(chart.at("timings") == false);
    CHECK(grid.at("timings") == true);
    const plot::LineChart one = chart_of(grid.at("charts")[0]), two = chart_of(grid.at("charts")[1]);
    CHECK(one.lines[0].name == "rope");
    CHECK(two.horizontal[0].name == "chance");
    CHECK(read_file(folder / "grid.svg") ==
          plot::svg_picture("Both", {one, two}, 2));    // drawn from what the file holds
    CHECK(results.at("files") == Json({{{"name", "map.png"}, {"fnv1a", fnv1a(read_file(folder / "map.png"))}},
                                       {{"name", "chart.svg"}, {"fnv1a", fnv1a(read_file(folder / "chart.svg"))}},
                                       {{"name", "grid.svg"}, {"fnv1a", fnv1a(read_file(folder / "grid.svg"))}}}));

    options.strict = true;
    CHECK(run(out) == 1);
}

TEST_CASE("a fingerprint is FNV-1a") {    // its authors' own test vectors
    CHECK(fnv1a("") == "cbf29ce484222325");
    CHECK(fnv1a("a") == "af63dc4c8601ec8c");
    CHECK(fnv1a("foobar") == "85944171f73967e8");
}

TEST_CASE("dots stay dots in the file and lines say nothing of it") {
    const auto json = [](bool only_dots) {
        return json_of(plot::LineChart{.lines = {{.x = {1}, .y = {1}, .only_dots = only_dots}}});
    };
    CHECK(chart_of(json(true)).lines[0].only_dots);
    CHECK_FALSE(chart_of(json(false)).lines[0].only_dots);
    CHECK_FALSE(json(false).at("lines")[0].contains("only_dots"));
}

TEST_CASE("a report refuses what it could not keep before the work begins") {
    const TempFolder folder;
    DemoOptions options{.out = folder.path(), .json = "no such folder/a.json"};
    CHECK_THROWS_WITH_AS(Report{options},
                         "--json no such folder/a.json: expected a place that can be written, got \"No such file or "
                         "directory\"; choose another",
                         FileError);
    options.json = "/proc/a.json";    // a folder that nobody can write, not even root
    CHECK_THROWS_WITH_AS(Report{options},
                         doctest::Contains("--json /proc/a.json: expected a place that can be written, got \""),
                         FileError);
    options.json = folder.path();
    CHECK_THROWS_WITH_AS(Report{options}, ("--json " + folder.path() + ": expected a file, got a folder").c_str(),
                         FileError);
    options.json = "";
    CHECK_THROWS_WITH_AS(Report(options).chart("c.png", {}, ""),
                         "Report: a chart is SVG: expected a name like chart.svg, got c.png", OptionError);
    CHECK_THROWS_WITH_AS(Report(options).table({.name = "t", .columns = {"a", "b"}, .rows = {{"1"}}}),
                         "Report: expected 2 cells in each row of the table 't', got 1", ShapeError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(Report(options).show({.name = "t", .rows = {{"1", "2"}}}, out),
                         "Report: expected 0 cells in each row of the table 't', got 2", ShapeError);
    CHECK(out.str() == "");
    Report report(options);
    report.picture_file("a.png", "");
    CHECK_THROWS_WITH_AS(report.picture_file("a.png", "x"),
                         "Report: two pictures would be a.png; give each a name of its own", OptionError);
}

TEST_CASE("a report that is not finished leaves the files of an earlier run as they are") {
    const TempFolder folder;
    const DemoOptions options{.out = folder.path(), .about = {.name = "one"}};
    const auto begun = [&](const std::string& bytes) {
        Report report(options);
        report.picture_file("a.png", bytes);
        report.file("a.csv", bytes);
        return report;
    };
    std::ostringstream out;
    CHECK(begun("first").finish(out) == 0);
    CHECK(folder.file_count() == 3);
    static_cast<void>(begun("second"));
    CHECK(read_file(folder / "a.png") == "first");
    CHECK(read_file(folder / "a.csv") == "first");
}
