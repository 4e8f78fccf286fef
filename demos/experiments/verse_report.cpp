#include "demos/experiments/verse_report.h"

#include <map>

#include "demos/plot/heatmap.h"
#include "demos/plot/line_chart.h"

namespace ordinal {
namespace {

const char* const band_source = "our reference runs in PyTorch, 3 seeds";
const std::string faint = "fewer than 500 steps, or another corpus, leave the stripes faint";
const std::string chance = "random rows can look periodic by chance; look at more seeds";
const std::string late = "some seeds settle late into the couplet's cycle";
const std::string lucky = "untrained or misplaced rows should not know the beat; is the trained length a multiple of the couplet?";

struct BeyondBand {
    Band band;
    std::string if_missed;
};
const std::map<std::string, BeyondBand> beyond_bands{
    // right at positions 48 .. 95
    {"table, untrained rows", {at_most(0.86), lucky}},
    {"table, rows of zeros", {at_most(0.86), lucky}},
    {"table, repeated", {at_most(0.75), lucky}},
    {"rnn(gain=0.15)", {at_least(0.90), late}},
    {"rnn(init=orthogonal, gain=0.15)", {at_least(0.92), late}},
};

template <class Run, class Get>
std::vector<double> over_seeds(const std::vector<Run>& runs, Get get) {
    std::vector<double> values;
    for (const Run& run : runs) values.push_back(get(run));
    return values;
}

}    // namespace

void draw_verse(const VerseResults& results, double never, const DemoOptions& options) {
    const RhythmRun &five = results.five.front(), &seven = results.seven.front(), &control = results.control.front();
    const auto panel = [](const std::string& title, const NdArray& values, Index tick, std::vector<Index> marks = {}) {
        return plot::Heatmap{.title = title,
                             .values = values,
                             .value_label = "cosine of two positions' codes",
                             .range = plot::Range{-1, 1},
                             .marks = std::move(marks),
                             .tick_step = tick};
    };
    plot::save_grid(
        options.output("verse_rhythm.png"), "BERT's learned table discovers the verse",
        {panel("five characters a line, untrained", five.before, 6),
         panel("seven characters a line, untrained", seven.before, 8), panel("control, untrained", control.before, 6),
         panel("five, trained: lines of 6, couplets of 12", five.after, 6), panel("seven, trained: lines of 8, couplets of 16", seven.after, 8),
         panel("control, trained: windows start anywhere", control.after, 6)},
        3);

    std::vector<plot::Heatmap> panels;
    plot::LineChart chart{.title = text_of("Is there punctuation here? Held-out poems, trained at ", trained_length, " positions"),
                          .x_label = "position (mean over one couplet)",
                          .y_label = "share answered right",
                          .horizontal = {{"always saying no", never}},
                          .vertical = {{"trained length", static_cast<double>(trained_length)}},
                          .y_range = plot::Range{0, 1.02}};
    for (const auto& seeds_of_encoding : results.beyond)
        for (const BeyondRun& run : seeds_of_encoding.front()) {
            if (run.name == "table, rows of zeros") continue;    // a blank picture
            panels.push_back(panel(run.name, run.similarity, 12, {trained_length}));
            plot::Line line{.name = run.name};
            for (std::size_t couplet = 0; couplet < run.where.size(); ++couplet) {
                line.x.push_back(12 * static_cast<double>(couplet) + 5.5);    // the middle of its 12 positions
                line.y.push_back(run.where[couplet]);
            }
            chart.lines.push_back(std::move(line));
        }
    plot::save_grid(options.output("verse_beyond.png"), text_of("Trained at ", trained_length, " positions, shown at ", shown_length, ": who keeps the beat?"),
                    panels, 2);
    plot::save_line_chart(options.output("verse_where.png"), chart);
}

Expectations judge_verse(const VerseResults& results, std::ostream& out) {
    Expectations expectations("verse");
    const auto expect = [&](const std::string& what, std::vector<double> measured, const Band& band,
                            const std::string& if_missed) {
        expectations.add({.what = what,
                          .measured = std::move(measured),
                          .band = band,
                          .source = band_source,
                          .if_missed = if_missed,
                          .judged_by = JudgedBy::mean});
    };
    const auto score = [](const RhythmRun& run) { return run.score.score; };
    const auto harmonics = [](const RhythmRun& run) { return run.score.harmonics; };
    const auto before = [](const RhythmRun& run) { return run.score_before.score; };

    expect("five: score(6) of the trained table", over_seeds(results.five, score), at_least(0.28), faint);
    expect("five: share of power at the period", over_seeds(results.five, harmonics), at_least(0.80), faint);
    expect("seven: score(8) of the trained table", over_seeds(results.seven, score), at_least(0.40), faint);
    expect("seven: share of power at the period", over_seeds(results.seven, harmonics), at_least(0.85), faint);
    expect("five: score(6) before training", over_seeds(results.five, before), between(-0.05, 0.05), chance);
    expect("seven: score(8) before training", over_seeds(results.seven, before), between(-0.05, 0.05), chance);
    expect("control: score(6)", over_seeds(results.control, score), between(-0.08, 0.08), chance);
    expect("control: share of power at the period", over_seeds(results.control, harmonics), at_most(0.5), chance);

    for (const auto& seeds_of_encoding : results.beyond)
        for (std::size_t reading = 0; reading < seeds_of_encoding.front().size(); ++reading) {
            const std::string& name = seeds_of_encoding.front()[reading].name;
            const auto get = [&](auto member) {
                return over_seeds(seeds_of_encoding, [&](const auto& runs) { return runs[reading].*member; });
            };
            const std::vector<double> inside = get(&BeyondRun::inside), beyond = get(&BeyondRun::beyond);
            const auto band = beyond_bands.find(name);
            if (band == beyond_bands.end()) {
                out << name << " (no band stated): right at 0..23 and at 48..95, by seed:";
                for (std::size_t s = 0; s < beyond.size(); ++s) out << "  " << inside[s] << " " << beyond[s];
                out << "\n";
                continue;
            }
            expect(name + ": right at 0..23", inside, at_least(0.97), faint);
            expect(name + ": right at 48..95", beyond, band->second.band, band->second.if_missed);
            if (name.starts_with("rnn(init=orthogonal"))
                expect(name + ": score(12) at 32..95", get(&BeyondRun::score), at_least(0.55), late);
        }
    return expectations;
}

}    // namespace ordinal
