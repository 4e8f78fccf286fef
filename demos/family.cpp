// The whole family in one picture: how strongly does each position attend to each other?
//
// Every scheme there is, untrained, on one colour scale. With its traits (what it promises) and its indicators (what it
// does) as tables.
#include <cmath>
#include <cstdio>

#include <ordinal/nn/files/file.h>
#include <ordinal/positional/measures/indicators.h>
#include <ordinal/positional/measures/kernel.h>
#include "demos/family/scheme_map.h"
#include "demos/lab/run_demo.h"
#include "demos/models/encodings.h"
#include "demos/models/trait_words.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// A number that each scheme has, how it is printed, and what it means.
struct Column {
    std::string name;
    const char* format;
    double Indicators::*value;
};
const std::vector<Column> columns{
    {"TI", "%.3f", &Indicators::translation_invariance}, {"MONO 8", "%.3f", &Indicators::monotonicity_8},
    {"MONO", "%.3f", &Indicators::monotonicity},         {"SYM", "%.3f", &Indicators::symmetry},
    {"rank", "%.1f", &Indicators::effective_rank},       {"distinct", "%.0f", &Indicators::distinct},
    {"probe", "%.2f", &Indicators::probe_error},         {"shift", "%.3f", &Indicators::shift_error}};
const std::string legend =
    "- TI: translation invariance; 1 = only the distance counts\n"
    "- MONO 8, MONO: the share of steps away from a position at which the score falls; the first 8, and all\n"
    "- SYM: 1 = left and right look the same\n"
    "- rank: how many directions the codes use; distinct: how many positions differ from all others, by more\n"
    "  than a thousandth of the longest code\n"
    "- probe: how far a linear map is off that reads the position from its code, at positions that it was not\n"
    "  fitted to (saying the middle: a quarter of the length; worse is possible)\n"
    "- shift: what the best linear step from a code to the next leaves; 0 = a linear recurrence\n"
    "- no number: nothing to look at. A scheme inside attention has no codes; a hidden future has no other side\n";

// --- What is claimed of 128 positions and 64 numbers; the last claim, of any size. ---

Claim sinusoidal(const std::string& what, const std::string& indicator, double expected) {
    return certain("sinusoidal: " + what, {{"scheme", "sinusoidal"}, {"indicator", indicator}},
                   between(expected - 0.001, expected + 0.001), "computed beforehand, 128 x 64",
                   "the scheme or the indicator has changed", 3);
}
const std::vector<Claim> single_schemes{
    sinusoidal("MONO 8", "MONO 8", 0.877),
    sinusoidal("MONO", "MONO", 0.638),
    sinusoidal("SYM", "SYM", 1),
    sinusoidal("shift error, it is a linear recurrence", "shift", 0),
    certain("table, fresh: TI", {{"scheme", "table"}, {"indicator", "TI"}}, between(0.30, 0.39),
            "random rows: only the diagonal is regular", "the start of the table is no longer independent rows", 2),
    certain("random_walk: positions without a twin", {{"scheme", "random_walk"}, {"indicator", "distinct"}}, at_most(0),
            "walks from k and from its mirror image are alike", "the chain's mirror symmetry is broken", 0)};

std::vector<Claim> claims(const std::vector<std::string>& names, const EncodingRequest& request, bool reference_size) {
    Index promise = 0;
    for (const std::string& name : names) promise += sample_of(name, request)->traits().translation_invariant;
    std::vector<Claim> all;
    if (promise > 0)
        all.push_back(certain(text_of("TI of the ", promise, " schemes that promise it"), {{"promised", "TI"}},
                              at_least(0.999), "only the distance counts", "a trait lies; see column TI", 4));
    all.insert(all.end(), reference_size ? single_schemes.begin() : single_schemes.end() - 1, single_schemes.end());
    return all;
}

// --- The runs. ---

struct Family {
    std::vector<MappedScheme> schemes = {};
    std::vector<plot::Heatmap> panels = {};
    Measurements found = {};
};

EncodingRequest request_of(const KernelOptions& kernel) {
    return {.d_model = kernel.d_model, .max_length = kernel.length, .num_heads = kernel.num_heads};
}

void look_at(Family& family, const std::string& scheme, const KernelOptions& kernel) {
    Rng rng(kernel.seed);
    const auto encoding = make_encoding(scheme, request_of(kernel), rng);
    family.schemes.push_back({scheme, encoding->traits(), parameter_count(*encoding)});
    const NdArray scores = attention_kernel(*encoding, kernel);
    family.panels.push_back({.title = scheme,
                             .values = scores,
                             .x_label = "key at position j",
                             .y_label = "query at position i",
                             .value_label = "score relative to the diagonal",
                             .range = plot::Range{-1, 1}});
    const Indicators indicators = encoding->traits().place == Place::input
                                      ? indicators_of(scores, input_codes(*encoding, kernel))
                                      : indicators_of(scores);
    for (const Column& column : columns)
        family.found.numbers.push_back(
            {{{"scheme", scheme}, {"indicator", column.name}}, kernel.seed, indicators.*column.value});
    if (encoding->traits().translation_invariant)
        family.found.numbers.push_back({{{"promised", "TI"}}, kernel.seed, indicators.translation_invariance});
}

// A cell is empty where there is no number. Without digits each column has its own.
Table indicators_table(const Family& family, const char* digits = nullptr) {
    Table table{.name = "indicators", .title = "What each does, untrained, of one seed", .columns = {"scheme"}};
    for (const Column& column : columns) table.columns.push_back(column.name);
    for (const MappedScheme& scheme : family.schemes) {
        table.rows.push_back({scheme.name});
        for (const Column& column : columns) {
            const double value = family.found.of({{"scheme", scheme.name}, {"indicator", column.name}}).front();
            char text[64];
            std::snprintf(text, sizeof text, digits == nullptr ? column.format : digits, value);
            table.rows.back().push_back(std::isnan(value) ? "" : text);
        }
    }
    return table;
}

// Both tables side by side.
std::string as_csv(const Table& traits, const Table& indicators) {
    const auto row = [](std::vector<std::string> cells, const std::vector<std::string>& more) {
        cells.insert(cells.end(), more.begin() + 1, more.end());    // without the scheme's name
        return csv_row(cells);
    };
    std::string text = row(traits.columns, indicators.columns);
    for (std::size_t i = 0; i < traits.rows.size(); ++i) text += row(traits.rows[i], indicators.rows[i]);
    return text;
}

int run_family(const DemoOptions& options, const std::string& map) {
    if (!map.empty()) {
        write_file(map, scheme_map(read_file(map)));
        std::cout << "Its tables are those of the traits of the schemes that come with Ordinal: " << map << "\n";
        return 0;
    }
    KernelOptions kernel{.length = 128, .d_model = 64, .num_heads = 4, .draws = 32, .seed = options.seed};
    if (options.quick) kernel.length = 80;    // more than d_model, else some linear step fits anything
    const std::vector<std::string> names = options.encodings_or(encoding_names());
    Report report(options, claims(names, request_of(kernel), !options.quick));
    Family family;
    for (const std::string& name : names) look_at(family, name, kernel);

    const Table traits = traits_table(family.schemes), indicators = indicators_table(family);
    report.show(traits);
    report.show(indicators);
    std::cout << "\nAt " << kernel.length << " positions.\n" << legend;
    report.file("family.md", "# The family\n\n## " + traits.title + "\n\n" + markdown(traits) + "\n## " +
                                 indicators.title + "\n\n" + markdown(indicators) + "\n" + legend);
    report.file("family.csv", as_csv(traits, indicators_table(family, "%.9g")));

    const auto count = static_cast<int>(family.panels.size());
    report.heatmaps({.file = "family.png",
                     .title = "Equal tokens, untrained schemes: how much position j means to position i",
                     .look_at = "Stripes along the diagonal: only the distance counts. A solid block: positions that "
                                "look alike, or biases that start near 0 and wait for training. Grey: hidden.",
                     .alt = "Heatmaps of how much position j means to position i, one for each scheme."},
                    family.panels, count <= 12 ? std::min(count, 4) : 6);
    std::cout << "\nPicture: family.png, tables: family.md and family.csv, in " << options.out
              << ".\nGrey is hidden: the future, for schemes that are causal only.\n";
    report.judge(family.found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    std::string map;
    return run_demo(
        {.name = "family",
         .shows = "All position schemes side by side: heatmaps on one scale, traits, indicators.",
         .extra = {{"--map", "write the tables 'which scheme for which need' into this page, and stop", &map}},
         .chapter = "docs/16-which-scheme.md",
         .unused = {{"--seeds", "its picture is of one seed"}, {"--corpus", "it reads no text"}},
         .heatmaps = true},
        argc, argv, [&](const DemoOptions& options) { return run_family(options, map); });
}
