#include "demos/family/scheme_map.h"

#include <functional>

#include <ordinal/core/error.h>
#include "demos/models/encodings.h"
#include "demos/models/trait_words.h"

namespace ordinal::demos {
namespace {

struct Need {
    std::string need;
    std::string reason;    // what in the traits meets it
    std::function<bool(const MappedScheme&)> met;
};

const std::vector<Need> needs{
    {"Sequences longer than any in training: the next position must at least exist.", "unbounded",
     [](const MappedScheme& s) { return !s.traits.max_length; }},
    {"The billionth position, by itself.", "unbounded, and computed without all positions before it",
     [](const MappedScheme& s) {
         return !s.traits.max_length && !s.traits.computable_up_to && s.traits.ids != AcceptedIds::consecutive;
     }},
    {"Equal tokens at different positions should look different, before any training.", "told apart",
     [](const MappedScheme& s) { return s.traits.distinct; }},
    {"All positions at once: no position waits for the one before it.", "depth O(1)",
     [](const MappedScheme& s) { return s.traits.depth == Depth::constant; }},
    {"Nearly at once: twice the length costs one more step.", "depth O(log n)",
     [](const MappedScheme& s) { return s.traits.depth == Depth::logarithmic; }},
    {"Both strengths together: without a bound, without a chain of n steps, learned, and each position with a "
     "look of its own that stays.",
     "unbounded, depth below O(n), learns something, told apart, does not change with length",
     [](const MappedScheme& s) {
         const Traits& t = s.traits;
         return !t.max_length && t.depth < Depth::at_most_linear && s.parameters > 0 && t.distinct &&
                !t.length_dependent;
     }},
    {"Computed once, used for every batch until the weights change.", "cacheable",
     [](const MappedScheme& s) { return s.traits.cacheable; }},
    {"Generating one token after the other, without computing the past again.", "does not change with length",
     [](const MappedScheme& s) { return !s.traits.length_dependent; }},
    {"Sequences that start somewhere else, or random positions in training.", "ids in any order",
     [](const MappedScheme& s) { return s.traits.ids != AcceptedIds::consecutive; }},
    {"Positions in between, as position interpolation needs them.", "any ids, also fractions",
     [](const MappedScheme& s) { return s.traits.ids == AcceptedIds::any; }},
    {"Only the distance between two tokens should count.", "translation invariant",
     [](const MappedScheme& s) { return s.traits.translation_invariant; }},
    {"Nearer tokens should count more, whatever is learned.", "fades",
     [](const MappedScheme& s) { return s.traits.fades; }},
    {"What the tokens say should count, not only where they stand.", "reads the tokens",
     [](const MappedScheme& s) { return s.traits.content_dependent; }},
    {"A model that looks both ways, such as BERT.", "not causal only",
     [](const MappedScheme& s) { return !s.traits.causal_only; }},
    {"Nothing to learn, nothing to store.", "learns no number",
     [](const MappedScheme& s) { return s.parameters == 0; }},
};

// "a, b", or where most meet the need, "all but c"
std::string names_meeting(const Need& need, const std::vector<MappedScheme>& schemes) {
    std::string meeting, others;
    int count = 0, other_count = 0;
    for (const MappedScheme& scheme : schemes) {
        if (scheme.traits.place == Place::nowhere) continue;    // no scheme is no answer
        const bool met = need.met(scheme);
        std::string& names = met ? meeting : others;
        names += (names.empty() ? "" : ", ") + scheme.name;
        ++(met ? count : other_count);
    }
    if (count == 0) return "none yet";
    if (other_count == 0) return "all";
    return count > 2 * other_count ? "all but " + others : meeting;
}

std::string with_table(const std::string& page, const std::string& heading, const Table& table) {
    const std::size_t section = page.find("\n## " + heading + "\n"), begin = page.find("\n| ", section) + 1;
    const std::size_t next_section = section == std::string::npos ? section : page.find("\n## ", section + 1);
    require<FileError>(section != std::string::npos && begin != 0 && begin < next_section,
                       "family: expected a page with a table under '## ", heading,
                       "', got none; take docs/16-which-scheme.md");
    std::size_t end = begin;
    while (end < page.size() && page[end] == '|') end = page.find('\n', end) + 1;
    return page.substr(0, begin) + markdown(table) + page.substr(end);
}

}    // namespace

std::vector<MappedScheme> mapped_schemes() {
    std::vector<MappedScheme> schemes;
    for (const auto& [name, factory] : builtin_encodings()) {
        const auto encoding = sample_of(name, {.d_model = 64, .max_length = 512, .num_heads = 4});
        schemes.push_back({name, encoding->traits(), parameter_count(*encoding)});
    }
    return schemes;
}

Table traits_table(const std::vector<MappedScheme>& schemes) {
    Table table{.name = "traits", .title = "What each promises", .columns = {"scheme"}};
    for (const auto& [trait, value] : traits_in_words({}, 0)) table.columns.push_back(trait);
    for (const MappedScheme& scheme : schemes) {
        table.rows.push_back({scheme.name});
        for (const auto& [trait, value] : traits_in_words(scheme.traits, scheme.parameters))
            table.rows.back().push_back(value);
    }
    return table;
}

Table by_need_table(const std::vector<MappedScheme>& schemes) {
    Table table{.name = "by need", .columns = {"what you need", "the trait that gives it", "schemes"}};
    for (const Need& need : needs) table.rows.push_back({need.need, need.reason, names_meeting(need, schemes)});
    return table;
}

std::string scheme_map(const std::string& page, const std::vector<MappedScheme>& schemes) {
    std::vector<MappedScheme> quoted = schemes;
    for (MappedScheme& scheme : quoted) scheme.name = "`" + scheme.name + "`";
    return with_table(with_table(page, "By need", by_need_table(quoted)), "All promises", traits_table(quoted));
}

}    // namespace ordinal::demos
