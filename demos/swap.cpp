// Does the encoding matter on real text?
//
// One small BERT guesses hidden characters of Tang poems. Nothing changes but its position encoding. It is evaluated at
// the positions that it was trained at, and beyond them.
#include "demos/swap/swap.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::vector<std::string> few{"none", "table", orthogonal_rnn},
    usual{"none", "table", orthogonal_rnn, rotary, small_closed_form, "alibi"};

int swap(const DemoOptions& options) {
    const PoemTask task = poem_task(load_verse(options.corpus));
    Report report(options, task.verse.source.has_bands ? swap_claims(task.never(task.beyond)) : no_claims);
    const auto encodings = options.encodings_or(options.choose(few, usual, all_swap_encodings()));
    for (const std::string& encoding : encodings) sample_of(encoding, task.request(), task.evaluated_length());
    std::cout << about_bands(task.verse) << "To train on: " << task.vocabulary.size() << " tokens";
    for (std::size_t i = 0; i < task.training.size(); ++i)
        std::cout << ", " << task.training[i].size() << " poems of " << characters_a_line(task.verse.periods[i])
                  << " characters a line";
    std::cout << ". To be evaluated on: " << task.inside.front().inputs.shape[0] << " windows of "
              << task.trained_length() << ", " << task.beyond.front().inputs.shape[0] << " of "
              << task.evaluated_length() << ", of poems that training never sees.\n";
    const Measurements found = swap_runs(task, encodings, options.seed_list(), options.quick ? 200 : 300);
    report.file("swap.csv", found.csv("value"));
    show_swap(found, task, report);
    std::cout << "\nPicture: swap.svg in " << options.out << "; every number: swap.csv\n";
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "swap",
                     .shows = "One small BERT on verse, with one position encoding after the other.",
                     .chapter = "docs/18-on-real-poems.md"},
                    argc, argv, swap);
}
