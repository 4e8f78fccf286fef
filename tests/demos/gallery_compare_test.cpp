#include "demos/gallery/compare.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include <ordinal/nn/files/file.h>
#include "demos/lab/results.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;
using Texts = std::vector<std::string>;

namespace {

// As a file has it: what is not finite is null.
Json file_of(const Json& results) { return Json::parse(results.dump()); }

Json measured(double value, double tolerance = 0) {
    Json results = empty_results({});
    const Claim claim{.what = "right", .measured = {value}, .band = at_least(0.3), .tolerance = tolerance};
    results["expectations"].push_back(json_of(claim));
    return results;
}

Json drawn(double y, const std::string& cell, const std::string& print, bool timings) {
    Json results = empty_results({});
    const Json chart = json_of(plot::LineChart{.lines = {{.name = "a", .x = {1}, .y = {y}}}});
    results["charts"].push_back({{"file", "c.svg"}, {"timings", timings}, {"charts", Json::array({chart})}});
    results["tables"].push_back(json_of(Table{.name = "t", .columns = {"who"}, .rows = {{cell}}, .timings = timings}));
    results["files"].push_back({{"name", "c.svg"}, {"fnv1a", print}});
    return results;
}

Texts moved(const Json& before, const Json& now) { return differences(file_of(before), file_of(now)); }

}    // namespace

TEST_CASE("results are compared to the last digit and a changed verdict comes first") {
    CHECK(moved(measured(0.5), measured(0.5)) == Texts{});
    CHECK(moved(measured(0.5), measured(0.51)).size() == 4);    // of the seed, mean, least, greatest
    const Texts found = moved(measured(0.5), measured(0.25));
    REQUIRE(found.size() == 5);
    CHECK(found[0] == "/expectations/0/verdict: was \"PASS\", is \"MISSED\"");
    CHECK(found[1] == "/expectations/0/per_seed/0: was 0.5, is 0.25");
}

TEST_CASE("of a timing only the verdict counts") {
    CHECK(moved(measured(0.5, infinity), measured(50, infinity)) == Texts{});
    CHECK(moved(measured(0.5, infinity), measured(0.1, infinity)) ==
          Texts{"/expectations/0/verdict: was \"PASS\", is \"MISSED\""});
    CHECK(moved(drawn(1, "7 ms", "ab", true), drawn(2, "9 ms", "cd", true)) == Texts{});
}

TEST_CASE("curves and tables and pictures are compared and the machine is not") {
    CHECK(moved(drawn(1, "x", "ab", false), drawn(2, "y", "cd", false)) ==
          Texts{"/charts/0/charts/0/lines/0/y/0: was 1.0, is 2.0", "/tables/0/rows/0/0: was \"x\", is \"y\"",
                "/files/0/fnv1a: was \"ab\", is \"cd\""});
    Json other = measured(0.5);
    other["machine"] = {{"cpu", "another"}, {"threads", 64}};
    other["build"] = {{"compiler", "clang++"}};
    CHECK(moved(measured(0.5), other) == Texts{});
}

TEST_CASE("expectations that come and go are told") {
    Json none = measured(0.5);
    none["expectations"].clear();
    CHECK(moved(measured(0.5), none) == Texts{"/expectations/0: is gone"});
    CHECK(moved(none, measured(0.5)) ==
          Texts{"/expectations/-: is new: {\"what\":\"right\",\"verdict\":\"PASS\",\"per_seed\":[0.5],\"mean\":0.5"});
}

TEST_CASE("results are taken over with the pictures of the book and of no others") {
    const TempFolder root;
    const std::filesystem::path docs = root / "docs", fresh = root / "fresh";
    for (const auto& folder : {docs / "results", docs / "pictures", fresh}) std::filesystem::create_directories(folder);
    const auto put = [](const std::filesystem::path& path, const char* text) { write_file(path.string(), text); };
    put(docs / "pictures/chart.svg", "old");
    put(docs / "pictures/map.png", "old");
    put(docs / "pictures/kept.png", "old");
    put(docs / "results/other.json", "old");
    put(fresh / "a.json", "{}");
    put(fresh / "chart.svg", "new chart");
    put(fresh / "map.png", "new map");
    put(fresh / "not_in_the_book.png", "new");
    take_over(fresh.string(), docs.string());
    CHECK(read_file((docs / "results/a.json").string()) == "{}");
    CHECK(read_file((docs / "results/other.json").string()) == "old");
    CHECK(read_file((docs / "pictures/chart.svg").string()) == "new chart");
    CHECK(read_file((docs / "pictures/map.png").string()) == "new map");
    CHECK(read_file((docs / "pictures/kept.png").string()) == "old");
    CHECK_FALSE(std::filesystem::exists(docs / "pictures/not_in_the_book.png"));
}
