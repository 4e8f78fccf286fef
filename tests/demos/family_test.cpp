// The demos family and explain: every scheme measured and drawn from what it is, tables that other programs can read,
// and a map page that is the one in the book.
#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/files/file.h>
#include <ordinal/positional/explain.h>
#include <ordinal/positional/registry.h>
#include "demos/experiments/family/family_members.h"
#include "demos/experiments/family/scheme_map.h"
#include "demos/experiments/family/trait_words.h"

using namespace ordinal;

namespace {

constexpr KernelOptions small{.length = 24, .d_model = 16, .num_heads = 2, .draws = 4, .seed = 1};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The line of the page that begins so.
std::string line_of(const std::string& page, const std::string& start) {
    const auto at = page.find("\n| " + start);
    return at == std::string::npos ? "" : page.substr(at + 1, page.find('\n', at + 1) - at - 1);
}

MappedScheme made_up(const std::string& name, const Traits& traits, Index parameters) {
    return {name, traits, parameters};
}

}    // namespace

TEST_CASE("the map of schemes in the book is the one that the traits give") {
    const std::string page = read_file(ORDINAL_SOURCE_DIR "/docs/16-which-scheme.md");
    INFO("docs/16-which-scheme.md is stale. Write it again: build/release/bin/family --map docs/16-which-scheme.md");
    CHECK((page == scheme_map()));
}

TEST_CASE("the map names a scheme only where its traits meet the need") {
    const std::string page = scheme_map({
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
    CHECK(contains(line_of(page, "Sequences longer"), "| unbounded | `slow`, `best`, `alike`, `moving` |"));
    CHECK(contains(line_of(page, "All positions at once"), "| depth O(1) | `bounded`, `growing`, `alike`, `moving` |"));
    CHECK(contains(line_of(page, "Nearly at once"), "| depth O(log n) | `best` |"));
    CHECK(contains(line_of(page, "Both strengths"), "told apart, does not change with length | `best` |"));
    CHECK(contains(line_of(page, "The billionth"), "before it | `best`, `moving` |"));
    CHECK(contains(line_of(page, "Equal tokens"), "| told apart | `best`, `moving` |"));
    CHECK(contains(line_of(page, "Nearer tokens"), "| fades | `best` |"));
    CHECK(contains(line_of(page, "Computed once"), "| cacheable | all but `slow` |"));
    CHECK(contains(line_of(page, "Generating one"),
                   "| does not change with length | `bounded`, `slow`, `best`, `alike` |"));
    CHECK(contains(line_of(page, "Sequences that start"), "| ids in any order | all but `slow` |"));
    CHECK(contains(line_of(page, "Positions in between"), "| any ids, also fractions | `growing`, `best`, `moving` |"));
    CHECK(contains(line_of(page, "Only the distance"), "| translation invariant | `best` |"));
    CHECK(contains(line_of(page, "What the tokens"), "| reads the tokens | `slow` |"));
    CHECK(contains(line_of(page, "A model that looks"), "| not causal only | all but `slow` |"));
    CHECK(contains(line_of(page, "Nothing to learn"), "| learns no number | `growing` |"));
    CHECK(line_of(page, "`slow`") ==
          "| `slow` | input | unbounded | O(n) | 0, 1, 2, ... | yes | no | no | yes | no | no | no | 5 |  |");
    CHECK(contains(line_of(page, "`alike`"), "| unbounded; computed up to 1000 | O(1) |"));
    CHECK(contains(line_of(scheme_map({made_up("slow", {.depth = Depth::linear}, 0)}), "Nearly"), "| none yet |"));
    CHECK(contains(line_of(scheme_map({made_up("slow", {.depth = Depth::linear}, 0)}), "A model"), "| all |"));
}

TEST_CASE("the map knows the schemes that come with Ordinal and no others") {
    std::vector<std::string> mapped, builtin;
    for (const MappedScheme& scheme : mapped_schemes()) mapped.push_back(scheme.name);
    for (const auto& [name, factory] : builtin_encodings()) builtin.push_back(name);
    CHECK(mapped == builtin);
}

TEST_CASE("every scheme that comes with Ordinal can be measured and its story told") {
    for (const MappedScheme& scheme : mapped_schemes()) {
        const std::string& name = scheme.name;
        CAPTURE(name);
        const Member member = look_at(name, small);
        CHECK(member.kernel.shape() == Shape{24, 24});
        CHECK(member.parameters >= 0);
        CHECK(std::isnan(member.indicators.distinct) == (member.traits.place != Place::input));
        if (member.traits.translation_invariant) CHECK(member.indicators.translation_invariance > 0.999);

        Rng rng(1);
        const EncodingRequest request{.d_model = 16, .max_length = 24, .num_heads = 2};
        const auto encoding = make_encoding(name, request, rng);
        std::ostringstream story;
        const NdArray explained = encoding->explain(3, story);
        CHECK(max_abs_difference(explained, computed_in_batch(*encoding, 3, request)) < Scalar(1e-5));
    }
}

TEST_CASE("a member of the family is seen as it was specified") {
    const Member table = look_at("table(std=1)", small);
    CHECK(table.name == "table(std=1)");
    CHECK(table.traits.max_length == 24);
    CHECK(table.parameters == 24 * 16);
    CHECK(table.indicators.distinct == 24);
    CHECK(look_at("sinusoidal", small).indicators.symmetry > 0.999);
    CHECK_THROWS_WITH_AS(look_at("tabel", small), "make_encoding: unknown encoding 'tabel'; did you mean table?",
                         OptionError);
}

TEST_CASE("traits in words") {
    CHECK(words(Place::nowhere) == "nowhere");
    CHECK(words(Place::queries_and_keys) == "queries and keys");
    CHECK(words(Place::scores) == "scores");
    CHECK(words(Depth::logarithmic) == "O(log n)");
    CHECK(words(AcceptedIds::consecutive) == "0, 1, 2, ...");
    CHECK(bound_words({}) == "unbounded");
    CHECK(bound_words({.max_length = 512}) == "512 positions");
    CHECK(bound_words({.computable_up_to = 1000}) == "unbounded; computed up to 1000");
    CHECK(place_words({}) == "input");
    CHECK(place_words({.sharpens_queries = true}) == "input; all queries are sharpened");
    Rng rng(1);
    std::ostringstream out;
    print_traits(*make_encoding("table", {.d_model = 4, .max_length = 3}, rng), out);
    CHECK(out.str() ==
          "  acts at                 input\n"
          "  positions               3 positions\n"
          "  dependent steps         O(1) for n positions\n"
          "  ids it accepts          whole\n"
          "  reads the tokens        no\n"
          "  serves every batch      yes: computed once for a set of weights\n"
          "  changes with length     no\n"
          "  causal only             no\n"
          "  only distance counts    not promised\n"
          "  tells tokens apart      yes, the first 32 at least\n"
          "  nearer counts more      not promised\n"
          "  numbers it learns       12\n"
          "  source                  Devlin et al. 2019, arXiv 1810.04805, section 3\n");
    const auto causal = [&](const std::string& name) {
        std::ostringstream traits;
        print_traits(*make_encoding(name, {.d_model = 4, .max_length = 3, .num_heads = 1}, rng), traits);
        return traits.str();
    };
    CHECK(contains(causal("xpos"), "causal only             yes: the model has to bring a causal mask\n"));
    CHECK(contains(causal("forgetting"), "causal only             yes: it hides the future itself\n"));
}

TEST_CASE("tables of the family as text and as CSV") {
    const Table table{
        .name = "t", .columns = {"scheme", "n"}, .rows = {{"rnn(init=rotation, state=4)", ""}, {"a \"b\"", "12"}}};
    CHECK(as_text(table) ==
          "scheme                       n\n"
          "rnn(init=rotation, state=4)\n"
          "a \"b\"                        12\n");
    CHECK(as_csv(table) == "scheme,n\n\"rnn(init=rotation, state=4)\",\n\"a \"\"b\"\"\",12\n");
    const std::vector<Member> members{look_at("none", small), look_at("table", small)};
    const Table all = all_columns(members);
    CHECK(all.columns.size() == 14 + 8);
    for (const auto& row : all.rows) CHECK(row.size() == all.columns.size());
    CHECK(all.rows[0].back() == "");                            // no codes, no shift error
    CHECK(all.rows[1][19] == "24");                             // all rows of a fresh table are distinct
    CHECK(all.rows[1][14].size() >= 9);                         // all digits
    CHECK(indicators_table(members).rows[1][1].size() == 5);    // 0.xyz
}
