// The whole family in one picture: how strongly each position attends to each other, for every scheme there is, on one
// colour scale. With its traits (what it promises) and its indicators (what it does) as tables.
#include <algorithm>
#include <iostream>

#include <ordinal/nn/files/file.h>
#include "demos/experiments/family/family_members.h"
#include "demos/experiments/family/scheme_map.h"
#include "demos/lab/progress.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"
#include "demos/plot/heatmap.h"

using namespace ordinal;

namespace {

std::vector<Member> look_at_all(const std::vector<std::string>& specifications, const KernelOptions& kernel) {
    std::vector<Member> members;
    Progress progress("family", std::ssize(specifications));
    for (const std::string& specification : specifications) {
        members.push_back(look_at(specification, kernel));
        progress.update(std::ssize(members));
    }
    progress.finish();
    return members;
}

void draw(const std::vector<Member>& members, const std::string& path) {
    std::vector<plot::Heatmap> panels;
    for (const Member& member : members)
        panels.push_back({.title = member.name,
                          .values = member.kernel,
                          .x_label = "key at position j",
                          .y_label = "query at position i",
                          .value_label = "score relative to the diagonal",
                          .range = plot::Range{-1, 1}});
    const int columns = members.size() <= 4 ? static_cast<int>(members.size()) : members.size() <= 12 ? 4 : 6;
    plot::save_grid(path, "Equal tokens, untrained schemes: how much position j means to position i", panels, columns);
}

const Member* find(const std::vector<Member>& members, const std::string& name) {
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.name == name; });
    return found == members.end() ? nullptr : &*found;
}

Expectations judge(const std::vector<Member>& members, bool reference_size) {
    Expectations expectations("family");
    std::vector<double> claimed;
    for (const Member& member : members)
        if (member.traits.translation_invariant) claimed.push_back(member.indicators.translation_invariance);
    if (!claimed.empty())
        expectations.add({.what = "TI of the " + std::to_string(claimed.size()) + " schemes that promise it",
                          .measured = claimed,
                          .band = at_least(0.999),
                          .source = "only the distance counts",
                          .if_missed = "a trait lies; see column TI",
                          .decimals = 4});
    const Member* sinusoidal = find(members, "sinusoidal");
    if (sinusoidal != nullptr && reference_size) {
        const auto add = [&](const std::string& what, double measured, double expected, int decimals) {
            expectations.add({.what = "sinusoidal: " + what,
                              .measured = {measured},
                              .band = between(expected - 0.001, expected + 0.001),
                              .source = "computed beforehand, 128 x 64",
                              .if_missed = "the scheme or the indicator has changed",
                              .decimals = decimals});
        };
        add("MONO 8", sinusoidal->indicators.monotonicity_8, 0.877, 3);
        add("MONO", sinusoidal->indicators.monotonicity, 0.638, 3);
        add("SYM", sinusoidal->indicators.symmetry, 1, 3);
        add("shift error, it is a linear recurrence", sinusoidal->indicators.shift_error, 0, 3);
    }
    const Member* table = find(members, "table");
    if (table != nullptr && reference_size)
        expectations.add({.what = "table, fresh: TI",
                          .measured = {table->indicators.translation_invariance},
                          .band = between(0.30, 0.39),
                          .source = "random rows: only the diagonal is regular",
                          .if_missed = "the start of the table is no longer independent rows"});
    const Member* random_walk = find(members, "random_walk");
    if (random_walk != nullptr)
        expectations.add({.what = "random_walk: positions without a twin",
                          .measured = {random_walk->indicators.distinct},
                          .band = at_most(0),
                          .source = "walks from k and from its mirror image are alike",
                          .if_missed = "the chain's mirror symmetry is broken",
                          .decimals = 0});
    return expectations;
}

int family(const DemoOptions& options, const std::string& map) {
    if (!map.empty()) {
        write_file(map, scheme_map());
        std::cout << "Written from the traits of the schemes that come with Ordinal: " << map << "\n";
        return 0;
    }
    prepare_output_directory(options.out);
    KernelOptions kernel{.length = 128, .d_model = 64, .num_heads = 4, .draws = 32, .seed = options.seed};
    if (options.quick) kernel.length = 80;    // more than d_model, else some linear step fits anything
    const std::vector<Member> members =
        look_at_all(options.encodings.empty() ? encoding_names() : options.encodings, kernel);

    const Table traits = traits_table(members), measured = indicators_table(members);
    std::cout << traits.title << " (tests hold it to that)\n\n"
              << as_text(traits) << "\n"
              << measured.title << ", at " << kernel.length << " positions\n\n"
              << as_text(measured) << "\n"
              << indicator_legend;
    draw(members, options.output("family.png"));
    write_file(options.output("family.md"), "# The family\n\n## " + traits.title + "\n\n" + markdown(traits) + "\n## " +
                                                measured.title + "\n\n" + markdown(measured) + "\n" + indicator_legend);
    write_file(options.output("family.csv"), as_csv(all_columns(members)));
    std::cout << "\nPicture: family.png, tables: family.md and family.csv, in " << options.out
              << ". Grey is hidden: the future, for schemes that are causal only.\n";

    Report report(options);
    report.picture({.file = "family.png",
                    .title = "All schemes on one scale",
                    .look_at = "Stripes along the diagonal: only the distance counts. A solid block: positions that "
                               "look alike, or biases that start near 0 and wait for training. Grey: hidden.",
                    .alt = "Heatmaps of how much position j means to position i, one for each scheme."});
    report.table(traits);
    report.table(measured);
    return report.finish(judge(members, !options.quick), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    std::string map;
    return run_demo({.name = "family",
                     .shows = "All position schemes side by side: heatmaps on one scale, traits, indicators.",
                     .extra = {{"--map", "write the page 'which scheme for which need' to this file, and stop", &map}},
                     .writes_files = false,    // where to is known once --map is read
                     .chapter = "docs/16-which-scheme.md",
                     .unused = {{"--seeds", "its picture is of one seed"}, {"--corpus", "it reads no text"}}},
                    argc, argv, [&](const DemoOptions& options) { return family(options, map); });
}
