#include "demos/experiments/family/family_members.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/experiments/family/trait_words.h"

namespace ordinal {
namespace {

// "" where there is no number
std::string number(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return std::isnan(value) ? "" : text;
}

std::vector<std::string> trait_cells(const Member& m) {
    return {m.name,
            place_words(m.traits),
            bound_words(m.traits),
            words(m.traits.depth),
            words(m.traits.ids),
            yes_no(m.traits.content_dependent),
            yes_no(m.traits.cacheable),
            yes_no(m.traits.length_dependent),
            yes_no(m.traits.causal_only),
            yes_no(m.traits.translation_invariant),
            yes_no(m.traits.distinct),
            yes_no(m.traits.fades),
            std::to_string(m.parameters),
            m.traits.source};
}

std::vector<std::string> indicator_cells(const Indicators& i, bool all_digits) {
    const auto cell = [all_digits](const char* format, double value) {
        return number(all_digits ? "%.9g" : format, value);
    };
    return {cell("%.3f", i.translation_invariance),
            cell("%.3f", i.monotonicity_8),
            cell("%.3f", i.monotonicity),
            cell("%.3f", i.symmetry),
            cell("%.1f", i.effective_rank),
            cell("%.0f", i.distinct),
            cell("%.2f", i.probe_error),
            cell("%.3f", i.shift_error)};
}

const std::vector<std::string> trait_names{"scheme",      "acts at",
                                           "positions",   "depth",
                                           "ids",         "reads tokens",
                                           "cacheable",   "changes with length",
                                           "causal only", "only distance counts",
                                           "told apart",  "fades",
                                           "learns",      "source"};
const std::vector<std::string> indicator_names{"TI", "MONO 8", "MONO", "SYM", "rank", "distinct", "probe", "shift"};

std::string quoted(const std::string& cell) {
    if (cell.find_first_of(",\"\n") == std::string::npos) return cell;
    std::string text = "\"";
    for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + "\"";
}

}    // namespace

const char* const indicator_legend =
    "- TI: translation invariance; 1 = only the distance counts\n"
    "- MONO 8, MONO: the share of steps away from a position at which the score falls; the first 8, and all\n"
    "- SYM: 1 = left and right look the same\n"
    "- rank: how many directions the codes use; distinct: how many positions differ from all others, by more than a\n"
    "  thousandth of the longest code\n"
    "- probe: how far a linear map is off that reads the position from its code, at positions that it was not fitted "
    "to\n"
    "  (saying the middle: a quarter of the length; worse is possible)\n"
    "- shift: what the best linear step from a code to the next leaves; 0 = a linear recurrence\n"
    "- no number: nothing to look at. A scheme inside attention has no codes; a hidden future has no other side\n";

Member look_at(const std::string& specification, const KernelOptions& options) {
    Rng rng(options.seed);
    const EncodingRequest request{
        .d_model = options.d_model, .max_length = options.length, .num_heads = options.num_heads};
    const auto encoding = make_encoding(specification, request, rng);
    Member member{.name = specification,
                  .traits = encoding->traits(),
                  .parameters = parameter_count(*encoding),
                  .kernel = attention_kernel(*encoding, options),
                  .indicators = {}};
    member.indicators = member.traits.place == Place::input
                            ? indicators_of(member.kernel, input_codes(*encoding, options))
                            : indicators_of(member.kernel);
    return member;
}

Table traits_table(const std::vector<Member>& members) {
    Table table{.name = "traits", .title = "What each promises", .columns = trait_names};
    for (const Member& member : members) table.rows.push_back(trait_cells(member));
    return table;
}

Table indicators_table(const std::vector<Member>& members) {
    Table table{.name = "indicators", .title = "What each does, untrained, of one seed", .columns = {"scheme"}};
    table.columns.insert(table.columns.end(), indicator_names.begin(), indicator_names.end());
    for (const Member& member : members) {
        table.rows.push_back(indicator_cells(member.indicators, false));
        table.rows.back().insert(table.rows.back().begin(), member.name);
    }
    return table;
}

Table all_columns(const std::vector<Member>& members) {
    Table table = traits_table(members);
    table.columns.insert(table.columns.end(), indicator_names.begin(), indicator_names.end());
    for (std::size_t i = 0; i < members.size(); ++i)
        for (const std::string& cell : indicator_cells(members[i].indicators, true)) table.rows[i].push_back(cell);
    return table;
}

std::string as_text(const Table& table) {
    std::vector<std::size_t> widths;
    for (const std::string& name : table.columns) widths.push_back(name.size());
    for (const auto& row : table.rows)
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
    std::string text;
    const auto add = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) line += row[c] + std::string(widths[c] - row[c].size() + 2, ' ');
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    };
    add(table.columns);
    for (const auto& row : table.rows) add(row);
    return text;
}

std::string as_csv(const Table& table) {
    std::string text;
    const auto add = [&](const std::vector<std::string>& row) {
        for (std::size_t c = 0; c < row.size(); ++c) text += (c ? "," : "") + quoted(row[c]);
        text += "\n";
    };
    add(table.columns);
    for (const auto& row : table.rows) add(row);
    return text;
}

}    // namespace ordinal
