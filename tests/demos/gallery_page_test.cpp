// The page as text. What it looks like is tested in a browser: tests/browser.
#include "demos/gallery/page.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/folder.h"
#include "demos/gallery/quote.h"
#include "demos/lab/results.h"
#include "demos/plot/image.h"
#include "tests/demos/contains.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

Json demo(const std::string& name) {
    return empty_results({.name = name,
                          .shows = "What `rope` does.",
                          .chapter = "docs/a.md",
                          .source = "demos/none.cpp",
                          .command = "./go demos " + name});
}

// A project with one chapter; its gallery is build/gallery.
struct Checkout {
    TempFolder root;
    std::string gallery = root / "build/gallery";
    Checkout() {
        std::filesystem::create_directories(gallery);
        std::filesystem::create_directories(root / "docs");
        write_file(root / "docs/a.md", "# A\n");
    }
    std::string page(const Json& results) const {
        write_results(gallery + "/a.json", results);
        std::ostringstream warnings;
        const std::string html = gallery_page(results_in(gallery, {}, warnings), gallery, root.path());
        CHECK(warnings.str() == "");
        return html;
    }
};

}    // namespace

TEST_CASE("base64 follows RFC 4648") {
    CHECK(base64("") == "");
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foobar") == "Zm9vYmFy");
    CHECK(base64(std::string("\xff\x00\xfe", 3)) == "/wD+");
}

TEST_CASE("the gallery says of each expectation what was measured and whether it was met") {
    const Checkout place;
    Json results = demo("fall");
    for (const Claim& claim :
         {Claim{.what = "right at 64",
         .measured = {0.5, 0.25},
         .band = at_least(0.4),
         .source = "ours",
         .if_missed = "too <few> steps",
         .chance = 0.2},
          Claim{.what = "met", .measured = {1}, .band = at_least(0), .if_missed = "not to be shown"}})
        results["expectations"].push_back(json_of(claim));
    const std::string page = place.page(results);
    for (const char* part : {"1 of 2 expectations met", "MISSED", "PASS", "right at 64", "0.38 [0.25 .. 0.50]",
                             "&gt;= 0.40, the mean", "chance 0.2", "ours", "Why? too &lt;few&gt; steps",
                             "each seed: 0.5, 0.25", "./go demos fall", "What <code>rope</code> does."})
        CHECK_MESSAGE(contains(page, part), part);
    CHECK_FALSE(contains(page, "not to be shown"));
    CHECK_FALSE(contains(page, "{{"));                      // nothing of the template is left
    CHECK(contains(page, "prefers-color-scheme: dark"));    // both style sheets are inside
    CHECK(contains(page, ".c0 { color:"));
}

TEST_CASE("the gallery links only to what is there") {
    const Checkout place;
    const std::string page = place.page(demo("fall"));
    CHECK(contains(page, "<a href=\"../../docs/a.md\">docs/a.md</a>"));
    CHECK(contains(page, "demos/none.cpp"));
    CHECK_FALSE(contains(page, "href=\"../../demos/none.cpp\""));
    Json odd = demo("fall");
    odd["chapter"] = odd["source"] = std::string(5000, 'x');    // no file has such a name
    CHECK(contains(place.page(odd), std::string(5000, 'x')));
    CHECK_FALSE(contains(page, place.root.path()));    // nothing of this machine
}

TEST_CASE("pictures are inside the page with their text") {
    const Checkout place;
    write_file(place.gallery + "/a.png", plot::png(plot::Image(2, 2)));
    Json results = demo("fall");
    results["pictures"] = {
        {{"file", "a.png"}, {"title", "A title"}, {"look_at", "Look here."}, {"alt", "two \"white\" squares"}}};
    const std::string page = place.page(results);
    CHECK(contains(page, "data:image/png;base64," + base64(read_file(place.gallery + "/a.png"))));
    CHECK(contains(page, "alt=\"two &quot;white&quot; squares\""));
    CHECK(contains(page, "<b>A title</b>Look here."));
    CHECK_FALSE(contains(page, "src=\"a.png"));
    results["pictures"][0]["file"] = "b.png";
    CHECK_THROWS_AS(place.page(results), FileError);
}

TEST_CASE("a picture that is missing or of another run is left out of the page with a word") {
    const Checkout place;
    Json results = demo("fall");
    for (const char* file : {"mine.png", "other.png", "missing.png", "folder.png", "old.png"})
        results["pictures"].push_back({{"file", file}, {"title", file}, {"look_at", ""}, {"alt", ""}});
    results["files"] = {{{"name", "mine.png"}, {"fnv1a", fnv1a("mine")}},
                        {{"name", "other.png"}, {"fnv1a", fnv1a("mine")}}};
    write_file(place.gallery + "/mine.png", "mine");
    write_file(place.gallery + "/other.png", "garbage");
    write_file(place.gallery + "/old.png", "of an Ordinal that kept no fingerprints");
    std::filesystem::create_directory(place.gallery + "/folder.png");
    std::vector<Json> demos{results};
    std::ostringstream warnings;
    leave_out_foreign_pictures(demos, place.gallery, warnings);
    REQUIRE(demos[0]["pictures"].size() == 2);
    CHECK(demos[0]["pictures"][0]["file"] == "mine.png");
    CHECK(demos[0]["pictures"][1]["file"] == "old.png");
    const auto line = [&](const std::string& file, const std::string& is) {
        return "left out: " + place.gallery + "/" + file + " is " + is + "; run the demo fall again\n";
    };
    CHECK(warnings.str() == line("other.png", "of another run") + line("missing.png", "missing") +
                                line("folder.png", "missing"));
}

TEST_CASE("a chart in the gallery has its numbers as a table too") {
    const Checkout place;
    Json results = demo("fall");
    plot::LineChart chart{.title = "off3", .x_label = "length", .y_label = "right"};
    chart.lines = {{.name = "table", .x = {32, 64}, .y = {1, 0.125}, .low = {1, 0}, .high = {1, 0.25}}};
    const auto draw = [&] {
        results["charts"] = {{{"file", "c.svg"},
                              {"title", "Who falls?"},
                              {"look_at", "The table."},
                              {"timings", false},
                              {"charts", Json::array({json_of(chart)})}}};
    };
    draw();
    results["tables"].push_back(json_of(Table{.name = "t", .title = "T", .columns = {"`a`"}, .rows = {{"cell"}}}));
    const std::string page = place.page(results);
    for (const char* part :
         {"<svg class=\"chart\"", "Who falls?", "<th scope=\"col\">64</th>",
          "<td class=\"number\">0.125 [0 .. 0.25]</td>", "<th scope=\"row\">table</th>", "<code>a</code>", "cell"})
        CHECK_MESSAGE(contains(page, part), part);
    CHECK(contains(page, "<li><svg class=\"sample\""));
    CHECK(contains(page, "</svg><span>table</span></li>"));
    chart.lines.push_back({.name = "roof", .x = {1}, .y = {7}});    // with other x
    draw();
    CHECK(contains(place.page(results),
                   "<th scope=\"row\">roof</th><td class=\"number\">1</td><td class=\"number\">7</td>"));
}

TEST_CASE("the gallery shows the demos asked for in that order or all by name") {
    const Checkout place;
    for (const char* name : {"b", "c", "a", "d"}) write_results(place.gallery + "/" + name + ".json", demo(name));
    write_file(place.gallery + "/broken.json", "{");
    write_file(place.gallery + "/notes.txt", "no results");
    std::ostringstream warnings;
    std::string names;
    for (const auto& demo : results_in(place.gallery, {"d", "c", "x"}, warnings)) names += demo.at("demo");
    CHECK(names == "dc");    // a and b have been removed, say
    names.clear();
    for (const auto& demo : results_in(place.gallery, {}, warnings)) names += demo.at("demo");
    CHECK(names == "abcd");
    CHECK(warnings.str().starts_with("left out: " + place.gallery + "/broken.json: expected the results of a demo"));
    std::filesystem::remove(place.gallery + "/broken.json");
    REQUIRE(mkfifo((place.gallery + "/pipe.json").c_str(), 0600) == 0);    // opening it would wait for ever
    warnings.str("");
    CHECK(results_in(place.gallery, {}, warnings).size() == 4);
    CHECK(warnings.str() ==
          "left out: " + place.gallery + "/pipe.json: expected the results of a demo, got no regular file\n");
}

TEST_CASE("quoted tables are written anew and nothing else") {
    Json results = demo("fall");
    for (const Table& table :
         {Table{.name = "t", .columns = {"a"}, .rows = {{"2"}}}, Table{.name = "t 2", .columns = {"b"}}})
        results["tables"].push_back(json_of(table));
    const auto fresh = [&](const std::string& page) {
        return with_fresh_tables(page, [&](const std::string& file) {
            CHECK(file == "fall.json");
            return results;
        });
    };
    const std::string marker = "<!-- results: fall.json t -->\n", table = "| a |\n|---|\n| 2 |\n";
    CHECK(fresh("text\n" + marker + "| a |\n|---|\n| 1 |\n| 0 |\n\nmore\n| x |\n") ==
          "text\n" + marker + table + "\nmore\n| x |\n");
    CHECK(fresh(marker + table) == marker + table);
    CHECK(fresh(marker) == marker + table);    // the first time
    CHECK(fresh("<!-- results: fall.json t 2 -->\n") == "<!-- results: fall.json t 2 -->\n| b |\n|---|\n");
    CHECK(fresh("<!-- listing: a -->\n| x |\n") == "<!-- listing: a -->\n| x |\n");
}

TEST_CASE("a quotation may name rows") {
    Json results = demo("fall");
    results["tables"].push_back(
        json_of(Table{.name = "t", .columns = {"a", "b"}, .rows = {{"f(x=1, y)", "1"}, {"g", "2"}, {"h", "3"}}}));
    CHECK(markdown(quoted_table(results, "t: h; f(x=1, y)")) == "| a | b |\n|---|---|\n| h | 3 |\n| f(x=1, y) | 1 |\n");
    CHECK(quoted_table(results, "t: 2").rows[0][0] == "g");
    CHECK_THROWS_WITH_AS(quoted_table(results, "t: i"), "the table 't' of fall has no row 'i'", OptionError);
}
