// Does the encoding matter on real text?
//
// One small BERT guesses hidden characters of Tang poems. Nothing changes but its position encoding. It is asked at the
// positions that it was trained at, and beyond them.
#include <iostream>

#include <ordinal/nn/files/file.h>
#include "demos/experiments/poems/swap_bands.h"
#include "demos/experiments/poems/swap_report.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

SwapResults train_all(const SwapCorpus& corpus, const std::vector<std::string>& encodings,
                      const std::vector<std::uint64_t>& seeds, Index steps) {
    SwapResults results{encodings, seeds, {}};
    results.runs.assign(encodings.size(), std::vector<std::vector<SwapRun>>(seeds.size()));
    std::vector<Job> jobs;
    for (std::size_t s = 0; s < seeds.size(); ++s)
        for (std::size_t e = 0; e < encodings.size(); ++e)
            jobs.push_back({steps, [&, s, e](const StepDone& done) {
                                results.runs[e][s] = run_swap(corpus, encodings[e], seeds[s], steps, done);
                            }});
    run_jobs("swap: " + std::to_string(jobs.size()) + " training runs", jobs);
    return results;
}

int swap(const DemoOptions& options) {
    Report report(options);
    const std::vector<std::string> few{swap_none, swap_table, swap_rnn};
    const std::vector<std::string> main{swap_none, swap_table, swap_rnn, swap_rotary, swap_closed_form, swap_alibi};
    const std::vector<std::string> encodings = !options.encodings.empty() ? options.encodings
                                               : options.all              ? all_swap_encodings()
                                               : options.quick            ? few
                                                                          : main;
    for (const std::string& encoding : encodings) check_swap_encoding(encoding);
    const SwapCorpus corpus = swap_corpus(load_corpus(options.corpus));
    std::cout << "To train on: " << corpus.five.size() << " poems of five characters a line, " << corpus.seven.size()
              << " of seven; " << corpus.vocabulary.size()
              << " tokens. To ask: " << corpus.inside.front().inputs.shape[0] << " windows of " << swap_trained_length
              << ", " << corpus.beyond.front().inputs.shape[0] << " of " << swap_asked_length
              << ", of poems that training never sees.\n";
    const auto seeds = options.seed_list(options.all ? 5 : options.quick ? 1 : 3);
    const SwapResults results = train_all(corpus, encodings, seeds, options.quick ? 200 : 300);

    const Table table = swap_table_of(results, corpus), poems = poems_table_of(results, corpus);
    for (const Table& shown : {poems, table})
        std::cout << "\n" << shown.title << "\n" << shown.look_at << "\n\n" << markdown(shown);
    write_file(options.output("swap.csv"), swap_csv(results));
    report.charts(
        "swap.png", "Tang poems: one small BERT, the encoding swapped", swap_charts(results, corpus), 2,
        "A dot a seed. Left: who stands at the left learned well, who stands low goes on well; the RNN and "
        "rotary do both. `none` is the control: it sees no order and guesses a mark nearly everywhere, and yet its "
        "loss beyond is below the table's and the closed form's: a wrong position is worse than none.");
    report.table(table);
    report.table(poems);
    std::cout << "\nPicture: swap.png in " << options.out << "; every number: swap.csv\n";
    const SwapBands bands = options.quick ? SwapBands::wide_margin : SwapBands::full;
    return report.finish(judge_swap(results, bands, never_punctuation(corpus, corpus.beyond)), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "swap",
                     .shows = "One small BERT on Tang poems, with one position encoding after the other.",
                     .chapter = "docs/18-on-real-poems.md"},
                    argc, argv, swap);
}
