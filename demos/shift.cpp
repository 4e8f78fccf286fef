// The same tokens, but their positions begin at s instead of 0. Does anything change?
//
// To a relative encoding nothing does. An absolute one meets positions that it has never seen, or that mean something
// else. Training at random shifts (SHAPE) teaches it not to care.
#include <iostream>

#include "demos/common/report.h"
#include "demos/common/run_demo.h"
#include "demos/experiments/sequences/extrapolation_runs.h"
#include "demos/experiments/sequences/sequence_shift.h"

using namespace ordinal;

namespace {

int run_shift(const DemoOptions& options) {
    Report report(options);
    const std::vector<std::string> few{learned_table, sinusoid, closed_form, rotary};
    const std::vector<std::string> most{learned_table, shifted_table, sinusoid, orthogonal_rnn,
                                        rotation_rnn,  closed_form,   rotary,   "none"};
    std::vector<std::string> all = most;
    all.insert(all.end(), {default_rnn, quiet_closed_form, hybrid_dropped, "sinusoidal(gain=0.15, shift=224)", "alibi",
                           "t5(max_distance=64)"});
    const std::vector<std::string>& encodings = !options.encodings.empty() ? options.encodings
                                                : options.all              ? all
                                                : options.quick            ? few
                                                                           : most;
    const auto seeds = options.seed_list(options.all ? 5 : options.quick ? 1 : 2);
    const ShiftResults results = run_shifts(encodings, seeds, options.quick ? 250 : 500);

    const Table table = shift_table(results);
    std::cout << "\n" << table.title << "\n\n" << markdown(table);
    report.table(table);
    report.chart(
        "shift.png", shift_chart(options.all && options.encodings.empty() ? only(most, results) : results),
        "A flat line does not notice the shift. The table loses a row that it knows with each step and lies near "
        "a guess from s = 32 on, where no row was ever trained: below `none`, a model without positions, which "
        "sees the tokens but not where they are. The same table trained at random shifts stays up.");
    std::cout << "\nPicture: shift.png in " << options.out << "\n";
    return report.finish(judge_shifts(results, options.quick ? ShiftBands::wide_margin : ShiftBands::full), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "shift",
                     .shows = "All positions shifted by s: which models notice?",
                     .chapter = "docs/17-beyond-the-last-row.md",
                     .unused = {{"--corpus", "it reads no text"}}},
                    argc, argv, run_shift);
}
