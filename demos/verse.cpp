// Does a position encoding know the beat of a poem?
//
// Rhythm: BERT's learned table, trained on Tang poems, shows the verse's period as stripes.
// Beyond: trained at 32 positions and asked for 96, the table turns to noise; the RNN's stripes go on.
#include <algorithm>
#include <iostream>

#include "demos/experiments/poems/verse_report.h"
#include "demos/lab/jobs.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

const std::vector<std::string> shown_encodings{"table", "rnn(init=orthogonal, gain=0.15)", "rnn(gain=0.15)"};

std::vector<std::string> all_beyond_encodings() {
    std::vector<std::string> all = shown_encodings;
    all.insert(all.end(), {"linear(state=8, noise=0.5, gain=0.15)", "sinusoidal(gain=0.15)"});
    return all;
}

VerseResults train_all(const std::vector<Poem>& poems, const std::vector<std::string>& encodings,
                       const std::vector<std::uint64_t>& seeds, Index steps) {
    VerseResults results{std::vector<RhythmRun>(seeds.size()),
                         std::vector<RhythmRun>(seeds.size()),
                         std::vector<RhythmRun>(seeds.size()),
                         {}};
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

int verse(const DemoOptions& options) {
    const std::vector<Poem> poems = load_corpus(options.corpus);
    for (const Meter meter : {Meter::five, Meter::seven})
        require<FileError>(!with_meter(poems, meter).empty(), "the corpus has no ", meter_name(meter),
                           " poems; this demo needs verse with a fixed line length");
    const std::vector<Poem> five = with_meter(poems, Meter::five);
    const auto is_long = [](const Poem& poem) { return static_cast<Index>(poem.text.size()) >= shown_length; };
    require<FileError>(std::any_of(five.begin(), five.end(), is_long), "the corpus needs a five-character poem of ",
                       shown_length, " characters or more, to look beyond the trained length");
    print_poem(std::cout, with_meter(poems, Meter::five).front());
    const std::vector<std::string> encodings = !options.encodings.empty() ? options.encodings
                                               : options.all              ? all_beyond_encodings()
                                                                          : shown_encodings;
    for (const std::string& encoding : encodings) check_beyond_encoding(encoding);
    const Index steps = options.quick ? 250 : 500;
    const VerseResults results = train_all(poems, encodings, options.seed_list(options.all ? 5 : 1), steps);
    const double never = never_punctuation(poems);
    Report report(options);
    draw_verse(results, never, report);
    for (const Table& table : {rhythm_table(results), where_table(results, never)}) {
        std::cout << "\n" << table.title << "\n" << table.look_at << "\n\n" << markdown(table);
        report.table(table);
    }
    std::cout << "\nPictures: verse_rhythm.png, verse_beyond.png, verse_where.png in " << options.out << "\n";
    const VerseBands bands = options.quick ? VerseBands::wide_margin : VerseBands::full;
    return report.finish(judge_verse(results, bands, never), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "verse",
                     .shows = "The beat of Tang poems in learned and in recurrent position codes.",
                     .chapter = "docs/06-the-rnn-encoding.md",
                     .heatmaps = true},
                    argc, argv, verse);
}
