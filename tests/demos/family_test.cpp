// Which scheme for which need: tables from the traits, and the page of the book that shows them.
#include <doctest/doctest.h>

#include <map>

#include <ordinal/nn/files/file.h>
#include <ordinal/positional/registry.h>
#include "demos/family/scheme_map.h"
#include "demos/models/trait_words.h"
#include "tests/demos/contains.h"
#include "tests/places.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// The row of the Markdown table that begins so.
std::string line_of(const std::string& table, const std::string& start) {
    const auto at = table.find("\n| " + start);
    return at == std::string::npos ? "" : table.substr(at + 1, table.find('\n', at + 1) - at - 1);
}

std::string by_need(const std::vector<MappedScheme>& schemes) { return markdown(by_need_table(schemes)); }

MappedScheme made_up(const std::string& name, const Traits& traits, Index parameters) {
    return {name, traits, parameters};
}

}    // namespace

TEST_CASE("the map of schemes in the book is the one that the traits give") {
    const std::string page = read_file(source_dir() + "/docs/16-which-scheme.md");
    INFO("docs/16-which-scheme.md is stale. Write it again: build/release/bin/family --map docs/16-which-scheme.md");
    CHECK((page == scheme_map(page)));
}

TEST_CASE("the map names a scheme only where its traits meet the need") {
    const std::string page = by_need({
        made_up("nothing", {.place = Place::nowhere}, 0),
        made_up("bounded", {.max_length = 9, .ids = AcceptedIds::whole}, 5),
        made_up("slow",
                {.depth = Depth::linear,
                 .ids = AcceptedIds::consecutive,
                 .content_dependent = true,
                 .cacheable = false,
                 .causal_only = true},
                5),
        made_up("growing", {.max_length = 9, .length_dependent = true}, 0),
        made_up("best", {.depth = Depth::logarithmic, .translation_invariant = true, .distinct = true, .fades = true},
                5),
        made_up("alike", {.computable_up_to = 1000, .ids = AcceptedIds::whole}, 5),
        made_up("moving", {.length_dependent = true, .distinct = true}, 5),
    });
    CHECK(contains(line_of(page, "Sequences longer"), "| unbounded | slow, best, alike, moving |"));
    CHECK(contains(line_of(page, "All positions at once"), "| depth O(1) | bounded, growing, alike, moving |"));
    CHECK(contains(line_of(page, "Nearly at once"), "| depth O(log n) | best |"));
    CHECK(contains(line_of(page, "Both strengths"), "told apart, does not change with length | best |"));
    CHECK(contains(line_of(page, "The billionth"), "before it | best, moving |"));
    CHECK(contains(line_of(page, "Equal tokens"), "| told apart | best, moving |"));
    CHECK(contains(line_of(page, "Nearer tokens"), "| fades | best |"));
    CHECK(contains(line_of(page, "Computed once"), "| cacheable | all but slow |"));
    CHECK(contains(line_of(page, "Generating one"), "| does not change with length | bounded, slow, best, alike |"));
    CHECK(contains(line_of(page, "Sequences that start"), "| ids in any order | all but slow |"));
    CHECK(contains(line_of(page, "Positions in between"), "| any ids, also fractions | growing, best, moving |"));
    CHECK(contains(line_of(page, "Only the distance"), "| translation invariant | best |"));
    CHECK(contains(line_of(page, "What the tokens"), "| reads the tokens | slow |"));
    CHECK(contains(line_of(page, "A model that looks"), "| not causal only | all but slow |"));
    CHECK(contains(line_of(page, "Nothing to learn"), "| learns no number | growing |"));
    CHECK(contains(line_of(by_need({made_up("slow", {.depth = Depth::linear}, 0)}), "Nearly"), "| none yet |"));
    CHECK(contains(line_of(by_need({made_up("slow", {.depth = Depth::linear}, 0)}), "A model"), "| all |"));
}

TEST_CASE("the tables of a page are replaced and all else stays") {
    const std::vector<MappedScheme> one{made_up("a", {}, 7)};
    const std::string page =
        "# Title\n\n## By need\n\nRead.\n\n| x |\n|---|\n| old |\n\n## All promises\n\n| y |\n\nEnd.\n";
    const std::string mapped = scheme_map(page, one);
    CHECK(contains(mapped, "# Title\n\n## By need\n\nRead.\n\n| what you need |"));
    CHECK(contains(mapped,
                   "| `a` | input | unbounded | O(1) | any | no | yes | no | no | no | no | no | 7 |  |\n\nEnd.\n"));
    CHECK_FALSE(contains(mapped, "| old |"));
    CHECK(scheme_map(mapped, one) == mapped);
    CHECK_THROWS_WITH_AS(scheme_map("# Title\n\n## By need\n\n## All promises\n\n| y |\n", one),
                         "family: expected a page with a table under '## By need', got none; take "
                         "docs/16-which-scheme.md",
                         FileError);
}

TEST_CASE("the map knows the schemes that come with Ordinal and no others") {
    std::vector<std::string> mapped, builtin;
    for (const MappedScheme& scheme : mapped_schemes()) mapped.push_back(scheme.name);
    for (const auto& [name, factory] : builtin_encodings()) builtin.push_back(name);
    CHECK(mapped == builtin);
}

// Counted by hand from the formulas, for codes of 64 numbers, 4 heads and tables of 512 rows.
TEST_CASE("the map counts the numbers that a scheme learns") {
    std::map<std::string, Index> counted;
    for (const MappedScheme& scheme : mapped_schemes()) counted[scheme.name] = scheme.parameters;
    CHECK(counted["none"] == 0);
    CHECK(counted["sinusoidal"] == 0);
    CHECK(counted["table"] == 512 * 64);
    CHECK(counted["rnn"] == 64 + 64 * 64 + 64);                   // p_0, W, b
    CHECK(counted["learned_sinusoid"] == 64 / 2);                 // a frequency for each two numbers
    CHECK(counted["t5"] == 32 * 4);                               // a bias for each bucket and head
    CHECK(counted["rnn_over_inputs"] == 2 * 64 * 64 + 3 * 64);    // h_0, W_ih, W_hh, two biases
}

TEST_CASE("traits in words") {
    const auto words = [](const Traits& traits, const std::string& trait) {
        for (const auto& [name, value] : traits_in_words(traits, 12))
            if (name == trait) return value;
        return std::string("no such trait");
    };
    CHECK(words({}, "acts at") == "input");
    CHECK(words({.sharpens_queries = true}, "acts at") == "input; all queries are sharpened");
    CHECK(words({.place = Place::nowhere}, "acts at") == "nowhere");
    CHECK(words({.place = Place::queries_and_keys}, "acts at") == "queries and keys");
    CHECK(words({.place = Place::scores}, "acts at") == "scores");
    CHECK(words({}, "positions") == "unbounded");
    CHECK(words({.max_length = 512}, "positions") == "512 positions");
    CHECK(words({.computable_up_to = 1000}, "positions") == "unbounded; computed up to 1000");
    CHECK(words({}, "depth") == "O(1)");
    CHECK(words({.depth = Depth::logarithmic}, "depth") == "O(log n)");
    CHECK(words({.depth = Depth::linear}, "depth") == "O(n)");
    CHECK(words({}, "ids") == "any");
    CHECK(words({.ids = AcceptedIds::whole}, "ids") == "whole");
    CHECK(words({.ids = AcceptedIds::consecutive}, "ids") == "0, 1, 2, ...");
    CHECK(words({.causal_only = true}, "causal only") == "yes");
    CHECK(words({}, "causal only") == "no");
    CHECK(words({}, "learns") == "12");
}
