// Which encoding goes on beyond the trained length?
//
// A small Transformer learns four tasks at 32 positions or fewer and is evaluated at 64, 128 and 256. Each task needs
// another kind of position, and no function of the position alone wins them all. Several schemes together do: a cycle
// that is familiar for ever, and a bias that lets go of the past before the cycle comes round.
#include "demos/lab/run_demo.h"
#include "demos/models/lengths.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::vector<std::string> few{learned_table, orthogonal_rnn, closed_form, rotary};
const std::vector<std::string> usual{learned_table,    orthogonal_rnn,      closed_form, rotary,
                                     rnn_reads_tokens, ring_and_forgetting, three_parts};
const std::vector<std::string> main_encodings{learned_table,      sinusoid,   orthogonal_rnn,   rotation_rnn,
                                              closed_form,        rotary,     rnn_reads_tokens, ring_and_forgetting,
                                              rnn_and_forgetting, three_parts};

// Compositions and their controls: what does each part do?
const std::string repeated = "ring(rows=32, std=0.1, random_start=no) + forgetting",
                  rnn_causal = orthogonal_rnn + " + causal";
const std::vector<std::string> parts{repeated,
                                     rnn_causal,
                                     "forgetting",
                                     "causal",
                                     "rope + forgetting",
                                     "ring(rows=32, std=0.1)",
                                     "ring(rows=32, std=0.1) + causal",
                                     "ring(rows=16, std=0.1) + forgetting",
                                     "ring(rows=32, std=0.1) + alibi(form=one_sided)",
                                     orthogonal_rnn + " + alibi(form=one_sided)",
                                     closed_form + " + forgetting",
                                     closed_form + " + gated",
                                     sinusoid + " + forgetting",
                                     "table(std=0.1) + forgetting"};

std::vector<std::string> everything() {
    std::vector<std::string> all = main_encodings;
    all.insert(all.end(), parts.begin(), parts.end());
    all.insert(all.end(),
               {"none", shifted_table, "extended_table(rows=32, strategy=copy)",
                "extended_table(rows=32, strategy=hierarchical)",
                "sinusoidal(gain=0.15) + table(rows=32, std=0.1, beyond=zero)", hybrid_dropped, default_rnn,
                "gru(state=8, gain=0.15)", "residual(state=8)", "ode(state=8)", "gru_over_inputs", "linear(gain=0.15)",
                quiet_closed_form, small_closed_form, "linear(state=8, noise=0.8, gain=0.15)",
                "sinusoidal(gain=0.15, shift=224)", "alibi", "alibi(form=one_sided)", "t5(max_distance=64)"});
    return and_others(all, sequence_request, [](const std::string&, const Traits&) { return true; });
}

const char* const learned = "inside the trained length this is learned nearly perfectly; were there enough steps?";
const char* const unseen = "nothing is known about these positions; a value above chance is luck or a leak";
const char* const drift = "a frequency that is a little off is off by ever more; some seeds stop short";
const char* const cycle = "the state has not settled into the cycle of 5; some seeds need more steps";
const char* const blind = "rotary positions are relative; the absolute phase should stay unknown";
const char* const counts = "the RNN counts by itself; some seeds need more steps";

const char* const seam = "the table repeated fails where training never went from row 31 to row 0: 3 places of 32";
const char* const together = "a cycle that is familiar, a rotation, and attention that forgets: one of them fell short";

const std::optional<Band> none;    // for few seeds, of which too many miss
const std::vector<Claim> claims{
    length_claim("off3", 32, learned_table, at_least(0.99), at_least(0.95), learned),
    length_claim("off3", 64, learned_table, at_most(0.15), at_most(0.20), unseen),
    length_claim("off3", 128, learned_table, at_most(0.15), at_most(0.20), unseen),
    length_claim("off3", 256, learned_table, at_most(0.15), at_most(0.20), unseen),
    length_claim("off3", 64, sinusoid, at_most(0.35), at_most(0.35), unseen),
    length_claim("off3", 64, rotation_rnn, at_least(0.85), none, drift),
    length_claim("off3", 128, rotation_rnn, at_least(0.70), none, drift),
    length_claim("off3", 128, closed_form, at_least(0.95), at_least(0.90), drift),
    length_claim("off3", 256, closed_form, at_least(0.85), none, drift),
    length_claim("off3", 128, rotary, at_least(0.95), at_least(0.90), drift),
    length_claim("off3", 256, rotary, at_least(0.90), none, drift),
    length_claim("off3", 256, rnn_reads_tokens, at_least(0.98), none, counts),
    length_claim("mod5", 32, learned_table, at_least(0.99), at_least(0.95), learned),
    length_claim("mod5", 64, learned_table, at_most(0.40), at_most(0.40), unseen),
    length_claim("mod5", 128, learned_table, at_most(0.40), at_most(0.40), unseen),
    length_claim("mod5", 256, learned_table, at_most(0.40), at_most(0.40), unseen),
    length_claim("mod5", 256, orthogonal_rnn, at_least(0.99), at_least(0.98), cycle),
    length_claim("mod5", 256, default_rnn, at_least(0.99), none, cycle),
    length_claim("mod5", 128, closed_form, at_least(0.90), none, drift),
    length_claim("marker", 64, learned_table, at_most(0.35), at_most(0.35), unseen),
    length_claim("marker", 256, rnn_reads_tokens, at_least(0.98), none, counts),
    length_claim("mod5", 32, rotary, at_most(0.40), at_most(0.40), blind),
    length_claim("mod5", 64, rotary, at_most(0.40), at_most(0.40), blind),
    length_claim("mod5", 128, rotary, at_most(0.40), at_most(0.40), blind),
    length_claim("mod5", 256, rotary, at_most(0.40), at_most(0.40), blind),
    // The bands of compositions come from programs written for this question, three seeds each.
    length_claim("off3", 256, three_parts, at_least(0.98), at_least(0.90), together),
    length_claim("mod5", 256, three_parts, at_least(0.98), at_least(0.90), together),
    length_claim("marker", 256, three_parts, at_least(0.98), at_least(0.90), together),
    length_claim("after", 256, three_parts, at_least(0.92), none, together),
    length_claim("off3", 256, rnn_and_forgetting, at_least(0.98), none, together),
    length_claim("mod5", 256, rnn_and_forgetting, at_least(0.98), none, together),
    length_claim("marker", 256, rnn_and_forgetting, at_least(0.98), none, together),
    length_claim("after", 256, rnn_and_forgetting, at_most(0.80), none, "nothing here says how far; a lucky seed?"),
    length_claim("off3", 256, ring_and_forgetting, at_least(0.98), at_least(0.90), together),
    length_claim("marker", 256, ring_and_forgetting, at_least(0.98), at_least(0.90), together),
    length_claim("mod5", 256, ring_and_forgetting, at_most(0.35), at_most(0.45), "a random start hides the phase"),
    length_claim("off3", 128, repeated, between(0.88, 0.93), none, seam),
    length_claim("off3", 128, rnn_causal, at_most(0.55), none, "a mask alone lets nothing go"),
};

int extrapolate(const DemoOptions& options, const std::string& tasks) {
    Report report(options, claims);
    const std::string trained_on =
        !tasks.empty() ? tasks : options.choose("off3,mod5", "off3,mod5,marker", "off3,mod5,marker,after");
    const auto encodings =
        options.encodings_or(options.all ? everything() : options.choose(few, usual, main_encodings));
    const Measurements found = measure_lengths("extrapolate", split_list(trained_on), encodings,
                                               options.quick ? 250 : 500, options.seed_list());

    // The headline, and in tables of their own whatever else --all has run.
    const Measurements headline = options.encodings.empty() ? found.only("encoding", main_encodings) : found;
    const Measurements others = found.without("encoding", headline.labels("encoding"));
    std::vector<Table> tables{
        encodings_table(headline.where({"length", 128}),
                        {.name = "headline", .title = "All tasks at length 128; " + found.of_seeds()}, "task")};
    for (const std::string& task : headline.labels("task")) tables.push_back(length_table(headline, task));
    for (const std::string& task : others.labels("task")) {
        tables.push_back(length_table(others, task));
        tables.back().name += " others";
        tables.back().look_at += " extended_table starts at std 0.02, as BERT's table does; the other tables at 0.1.";
    }
    std::string text;
    for (const Table& table : tables) {
        text += table.title + "\n" + table.look_at + "\n\n" + markdown(table) + "\n";
        report.show(table);
    }
    report.file("extrapolate.md", text);
    report.file("extrapolate.csv", found.csv("accuracy"));
    report.charts("extrapolate.svg", "Trained at 32 positions, evaluated at up to 256", length_charts(headline), 2,
                  "The learned table falls to a guess at once. A cycle wins where the answer is periodic (mod5), a "
                  "rotation where the distance counts (off3). Three schemes together, each for one question, are "
                  "right on all four tasks.");
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    std::string tasks;
    return run_demo({.name = "extrapolate",
                     .shows = "Which position encoding goes on beyond the trained length?",
                     .extra = {{"--tasks", "on which tasks, like off5,mod7,marker,after", &tasks}},
                     .chapter = "docs/17-beyond-the-last-row.md",
                     .unused = {{"--corpus", "it reads no text"}}},
                    argc, argv, [&](const DemoOptions& options) { return extrapolate(options, tasks); });
}
