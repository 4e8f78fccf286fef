// Does a position encoding know the beat of a poem?
//
// Rhythm: BERT's learned table, trained on Tang poems, shows the verse's period as stripes.
// Beyond: trained at 32 positions and asked for 96, the table turns to noise; the RNN's stripes go on.
#include <iostream>

#include "demos/common/expectation.h"
#include "demos/common/parallel_jobs.h"
#include "demos/common/run_demo.h"
#include "demos/experiments/verse_runs.h"
#include "demos/plot/heatmap.h"
#include "demos/plot/line_chart.h"

using namespace ordinal;

namespace {

const char* const band_source = "reference runs in PyTorch, mean of 3 seeds";
const std::vector<std::string> shown_encodings{"table", "rnn(init=orthogonal, gain=0.15)", "rnn(gain=0.15)"};

struct Results {    // [seed], or [encoding][seed] -> one or more readings of the same trained model
    std::vector<RhythmRun> five, seven, control;
    std::vector<std::vector<std::vector<BeyondRun>>> beyond;
};

template <class Run, class Get>
std::vector<double> over_seeds(const std::vector<Run>& runs, Get get) {
    std::vector<double> values;
    for (const Run& run : runs) values.push_back(get(run));
    return values;
}

Results train_all(const std::vector<Poem>& poems, const std::vector<std::string>& encodings,
                  const std::vector<std::uint64_t>& seeds, Index steps) {
    Results results{std::vector<RhythmRun>(seeds.size()), std::vector<RhythmRun>(seeds.size()),
                    std::vector<RhythmRun>(seeds.size()), {}};
    results.beyond.assign(encodings.size(), std::vector<std::vector<BeyondRun>>(seeds.size()));
    std::vector<Job> jobs;
    for (std::size_t s = 0; s < seeds.size(); ++s) {
        const auto rhythm = [&, s](RhythmRun& result, Meter meter, bool couplets) {
            jobs.push_back({steps, [&, s, meter, couplets](const StepDone& done) {
                                result = run_rhythm(poems, meter, couplets, {seeds[s], steps, done});
                            }});
        };
        rhythm(results.seven[s], Meter::seven, true);
        rhythm(results.five[s], Meter::five, true);
        rhythm(results.control[s], Meter::five, false);
        for (std::size_t e = 0; e < encodings.size(); ++e)
            jobs.push_back({steps, [&, s, e](const StepDone& done) {
                                results.beyond[e][s] = run_beyond(poems, encodings[e], {seeds[s], steps, done});
                            }});
    }
    run_jobs("verse: " + std::to_string(jobs.size()) + " training runs", jobs);
    return results;
}

void draw(const Results& results, double never, const DemoOptions& options) {
    const RhythmRun &five = results.five.front(), &seven = results.seven.front(), &control = results.control.front();
    const auto panel = [](const std::string& title, const NdArray& values, Index tick, std::vector<Index> marks = {}) {
        return plot::Heatmap{.title = title, .values = values, .value_label = "cosine of two positions' codes",
                             .range = plot::Range{-1, 1}, .marks = std::move(marks), .tick_step = tick};
    };
    plot::save_grid(options.output("verse_rhythm.png"), "BERT's learned table discovers the verse",
                    {panel("five characters a line, untrained", five.before, 6),
                     panel("seven characters a line, untrained", seven.before, 8),
                     panel("control, untrained", control.before, 6), panel("five, trained: period 6", five.after, 6),
                     panel("seven, trained: period 8", seven.after, 8),
                     panel("control, trained: windows start anywhere", control.after, 6)},
                    3);

    std::vector<plot::Heatmap> panels;
    plot::LineChart chart{.title = "Is there punctuation here? Held-out poems, trained at 32 positions",
                          .x_label = "position (mean over one couplet)", .y_label = "share answered right",
                          .horizontal = {{"always saying no", never}},
                          .vertical = {{"trained length", static_cast<double>(trained_length)}}, .y_range = plot::Range{0.5, 1.02}};
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
    plot::save_grid(options.output("verse_beyond.png"), "Trained at 32 positions, shown at 96: who keeps the beat?", panels, 2);
    plot::save_line_chart(options.output("verse_where.png"), chart);
}

Expectations judge(const Results& results, double never) {
    Expectations expectations("verse");
    const auto expect = [&](const std::string& what, std::vector<double> measured, const Band& band, const std::string& if_missed) {
        expectations.add({.what = what, .measured = std::move(measured), .band = band, .source = band_source,
                          .if_missed = if_missed, .judged_by = JudgedBy::mean});
    };
    const auto score = [](const RhythmRun& run) { return run.score.score; };
    const auto harmonics = [](const RhythmRun& run) { return run.score.harmonics; };
    const auto before = [](const RhythmRun& run) { return run.score_before.score; };
    const std::string faint = "fewer than 500 steps, or another corpus, leave the stripes faint";
    expect("five: score(6) of the trained table", over_seeds(results.five, score), at_least(0.28), faint);
    expect("five: share of power at the period", over_seeds(results.five, harmonics), at_least(0.80), faint);
    expect("seven: score(8) of the trained table", over_seeds(results.seven, score), at_least(0.40), faint);
    expect("seven: share of power at the period", over_seeds(results.seven, harmonics), at_least(0.85), faint);
    const std::string chance = "random rows can look periodic by chance; look at more seeds";
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
            const bool is_rnn = name.starts_with("rnn("), orthogonal = name.find("orthogonal") != std::string::npos;
            const bool is_table = name.starts_with("table");
            expect(name + ": right at 0..23", get(&BeyondRun::inside), is_table || is_rnn ? at_least(0.97) : Band{}, faint);
            expect(name + ": right at 48..95", get(&BeyondRun::beyond),
                   orthogonal ? at_least(0.92) : is_rnn ? at_least(0.90) : name == "table, repeated" ? at_most(0.75)
                   : is_table ? at_most(0.86) : Band{},
                   "some seeds settle late into the couplet's cycle");
            if (orthogonal)
                expect(name + ": score(12) at 32..95", get(&BeyondRun::score), at_least(0.55), "the cycle is not locked yet");
        }
    std::cout << "Saying \"no punctuation here\" every time would be right in " << never << " of the cases at 48..95.\n";
    return expectations;
}

int verse(const DemoOptions& options) {
    const std::vector<Poem> poems = load_corpus(options.corpus);
    for (const Meter meter : {Meter::five, Meter::seven})
        require<FileError>(!with_meter(poems, meter).empty(), "verse: the corpus has no ", meter_name(meter),
                           " poems; this demo needs verse with a fixed line length");
    print_poem(std::cout, with_meter(poems, Meter::five).front());
    const std::vector<std::string> encodings = options.encodings.empty() ? shown_encodings : options.encodings;
    const Index steps = options.quick ? 250 : 500;
    const Results results = train_all(poems, encodings, options.seed_list(options.all ? 3 : 1), steps);
    const double never = never_punctuation(poems);
    draw(results, never, options);
    std::cout << "\nPictures: verse_rhythm.png, verse_beyond.png, verse_where.png in " << options.out << "\n";
    const Expectations expectations = judge(results, never);
    expectations.write_json(options.output("verse.json"));
    return expectations.report(std::cout, options.strict);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "verse", .shows = "The beat of Tang poems in learned and in recurrent position codes."}, argc, argv, verse);
}
