// The same tokens, but their positions begin at s instead of 0. Does anything change?
//
// To a relative encoding nothing does. An absolute one meets positions that it has never seen, or that mean something
// else. Training at random shifts (SHAPE) teaches it not to care.
#include "demos/lab/captions.h"
#include "demos/lab/run_demo.h"
#include "demos/models/sequence_model.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::vector<Index> shifts{0, 1, 2, 4, 8, 16, 32, 64, 128, 224};
const SequenceTask task = sequence_task("off3");

// The main ones are in the chart; --all adds the others to the table.
const std::vector<std::string> few{learned_table, sinusoid, closed_form, rotary},
    main_ones{learned_table, shifted_table, sinusoid, orthogonal_rnn, rotation_rnn, closed_form, rotary, "none"},
    all{learned_table, shifted_table,        sinusoid,       orthogonal_rnn,
        rotation_rnn,  closed_form,          rotary,         "none",
        default_rnn,   quiet_closed_form,    hybrid_dropped, "sinusoidal(gain=0.15, shift=224)",
        "alibi",       "t5(max_distance=64)"};

const std::vector<Claim> claims{
    {.what = learned_table + " shifted by 0",
     .of = {{"encoding", learned_table}, {"s", "0"}},
     .band = at_least(0.99),
     .few_seeds = at_least(0.99),
     .if_missed = "were there enough steps?",
     .chance = task.chance},
    {.what = learned_table + " shifted by 32",
     .of = {{"encoding", learned_table}, {"s", "32"}},
     .band = at_most(0.15),    // that of the demo extrapolate at length 64
     .few_seeds = at_most(0.20),
     .source = "rows 32 and up are untrained",
     .if_missed = "nothing is known about these rows. But mind that a model without any positions reaches 0.15 here, "
                  "for it sees which tokens there are, if not where (0.12 at 64); more than that is luck or a leak",
     .chance = task.chance},
    {.what = rotary + " shifted by 224",
     .of = {{"encoding", rotary}, {"s", "224"}},
     .band = at_least(0.99),
     .few_seeds = at_least(0.99),
     .source = "its scores depend on i - j only",
     .if_missed = "were there enough steps?",
     .chance = task.chance}};

// Before any training: an encoding that cannot begin anywhere but at 0, or has too few positions.
void require_movable(const std::string& encoding) {
    const Traits traits = sample_of(encoding, sequence_request, shifts.back() + trained_sequence)->traits();
    require<OptionError>(traits.ids != AcceptedIds::consecutive, encoding,
                         ": it runs along the tokens from position 0, so there is nothing to shift");
}

void train_and_shift(Run& run) {
    const Transformer model = trained_model(task, run["encoding"], run.seed, run.steps, run.step_done);
    for (const Index s : shifts) run.record({{"s", s}}, accuracy(model, task, {.start = s}));
}

int run_shift(const DemoOptions& options) {
    Report report(options, claims);
    const auto encodings = options.encodings_or(options.choose(few, main_ones, all));
    for (const std::string& encoding : encodings) require_movable(encoding);
    const Measurements found = measure("shift", cases({{"encoding", encodings}}, options.quick ? 250 : 500),
                                       options.seed_list(), train_and_shift);

    report.show(found.table({.name = "off3",
                             .title = "off3, right at 32 positions shifted by s = 0, 1, 2, ...; " + found.of_seeds() +
                                      ". The best blind guess: " + mean_and_range({task.chance})},
                            "encoding", "s"));
    report.chart(
        "shift.svg",
        (options.encodings.empty() ? found.only("encoding", main_ones) : found)
            .chart({.title = "off3, trained at positions 0 .. 31: the same tokens at s .. s + 31",
                    .x_label = "s + 1, s: the shift of all positions",
                    .y_label = "share answered right",
                    .horizontal = {{"the best blind guess", task.chance}},
                    .vertical = {{"all unseen", trained_sequence + 1.0}},
                    .log_x = true,
                    .y_range = plot::Range{0, 1.02}},
                   "encoding", "s", [](double s) { return s + 1; }),    // s = 0 has no place on a logarithmic axis
        caption(found, {{"A flat line does not notice the shift."},
                        {"The table loses a row that it knows with each step, until none is left.", {learned_table}},
                        {"The same table trained at random shifts stays up.", {learned_table, shifted_table}}}));
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "shift",
                     .shows = "All positions shifted by s: which models notice?",
                     .chapter = "docs/17-beyond-the-last-row.md",
                     .unused = {{"--corpus", "it reads no text"}}},
                    argc, argv, run_shift);
}
