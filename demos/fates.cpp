// Where does p_{k+1} = f(p_k) lead?
//
// To a fixed point, and all later positions look alike; into a cycle, which counts for ever but only modulo its period;
// or around a torus, where no two positions are equal. What f starts as, and what it is trained on, decides.
#include <iostream>

#include "demos/common/report.h"
#include "demos/common/run_demo.h"
#include "demos/experiments/sequences/extrapolation_runs.h"
#include "demos/experiments/sequences/fates_report.h"

using namespace ordinal;

namespace {

FatesResults follow_all(const std::vector<FateCase>& cases, const std::vector<std::uint64_t>& seeds, Index steps) {
    constexpr std::uint64_t first_radius_seed = 1;
    constexpr std::size_t radius_seeds = 11;
    for (const FateCase& fate_case : cases) require_codes(fate_case.encoding);
    FatesResults results{cases, seeds, {}, {0.5, 0.9, 1.0, 1.05, 1.1, 1.2}, {}};
    results.fates.assign(cases.size(), std::vector<Fate>(seeds.size()));
    results.distinct.assign(results.radii.size(), std::vector<Index>(radius_seeds));
    std::vector<Job> jobs;
    for (std::size_t s = 0; s < seeds.size(); ++s)
        for (std::size_t c = 0; c < cases.size(); ++c)
            jobs.push_back({cases[c].task.empty() ? 0 : steps, [&, s, c](const StepDone& done) {
                                results.fates[c][s] = run_fate(cases[c], seeds[s], steps, done);
                            }});
    for (std::size_t r = 0; r < results.radii.size(); ++r)
        for (std::size_t s = 0; s < radius_seeds; ++s)
            jobs.push_back({0, [&, r, s](const StepDone&) {
                                results.distinct[r][s] = distinct_positions(results.radii[r], first_radius_seed + s);
                            }});
    run_jobs("fates: " + std::to_string(jobs.size()) + " orbits", jobs);
    return results;
}

int fates(const DemoOptions& options) {
    Report report(options);
    const std::string gru = "gru(state=8, gain=0.15)";
    std::vector<FateCase> cases{{default_rnn, ""},        {gru, ""},          {orthogonal_rnn, "mod5"},
                                {orthogonal_rnn, "off3"}, {rotation_rnn, ""}, {rotation_rnn, "off3"}};
    if (options.all) cases.insert(cases.end(), {{default_rnn, "mod5"}, {default_rnn, "off3"}, {gru, "off3"}});
    if (!options.encodings.empty()) {
        cases.clear();
        for (const std::string& encoding : options.encodings)
            for (const char* task : {"", "mod5", "off3"}) cases.push_back({encoding, task});
    }
    const FatesResults results = follow_all(cases,
                                            options.seed_list(options.all     ? 5
                                                              : options.quick ? 1
                                                                              : 2),
                                            options.quick ? 250 : 500);

    for (const Table& table : {fates_table(results), distinct_table(results)}) {
        std::cout << "\n" << table.title << "\n\n" << markdown(table);
        report.table(table);
    }
    report.charts(
        "fates.png", "Three fates of a recursion", fate_charts(results), 2,
        "The mean of all seeds, within the band from the least to the greatest. A line that falls to the bottom "
        "has come back to within a rounding error: at one step it is a fixed point, at five a cycle of 5. A "
        "line that stays up does not return; one that sinks part of the way returns nearly.");
    plot::save_grid(options.output("fates_heatmaps.png"), "Dark: positions that look alike", fate_heatmaps(results), 2);
    report.picture(
        {.file = "fates_heatmaps.png",
         .title = "Dark: positions that look alike",
         .look_at = "A dark square is a fixed point, dark stripes are a cycle, or nearly one; where only the "
                    "diagonal is dark, every position has a code of its own. Training pulls the rotation's "
                    "angles out of step: its stripes fade.",
         .alt = "Heatmaps of the distances between 96 codes, one for each recursion: dark squares for the "
                "untrained default RNN and GRU (and for the trained GRU, where it is shown); after training, stripes "
                "for the RNNs of 64 numbers, sharp on mod5 and fainter on off3; for the rotation of 8 numbers dark "
                "stripes every 16 positions before training, and after it the main diagonal alone."});
    std::cout << "\nPictures: fates.png, fates_heatmaps.png in " << options.out << "\n";
    return report.finish(judge_fates(results, options.quick ? 0.05 : 0.2), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "fates",
                     .shows = "Fixed point, cycle, torus: where does a recursion lead?",
                     .chapter = "docs/17-beyond-the-last-row.md",
                     .unused = {{"--corpus", "it reads no text"}},
                     .heatmaps = true},
                    argc, argv, fates);
}
