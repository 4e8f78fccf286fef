// Which encoding goes on beyond the trained length?
//
// A small Transformer learns three tasks at 32 positions or fewer and is evaluated at 64, 128 and 256. Each task needs
// another kind of position, and no function of the position alone wins them all.
#include <algorithm>

#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"
#include "demos/models/lengths.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::vector<std::string> main_encodings{learned_table, sinusoid, orthogonal_rnn,  rotation_rnn,
                                              closed_form,   rotary,   rnn_reads_tokens};

// What --quick takes, what is usual, and with --all whatever there is.
std::vector<std::string> extrapolation_encodings(const DemoOptions& options) {
    if (!options.encodings.empty()) return options.encodings;
    if (!options.all)
        return options.quick ? std::vector{learned_table, orthogonal_rnn, closed_form, rotary} : main_encodings;
    std::vector<std::string> all = main_encodings;
    all.insert(
        all.end(),
        {"none", shifted_table, "extended_table(rows=32, strategy=copy)",
         "extended_table(rows=32, strategy=hierarchical)", "sinusoid_plus_table(rows=32, std=0.1, rule_gain=0.15)",
         hybrid_dropped, default_rnn, "gru(state=8, gain=0.15)", "residual(state=8)", "ode(state=8)", "gru_over_inputs",
         "linear(gain=0.15)", quiet_closed_form, "linear(state=8, gain=0.15)", "linear(state=8, noise=0.8, gain=0.15)",
         "sinusoidal(gain=0.15, shift=224)", "alibi", "alibi(form=one_sided)", "t5(max_distance=64)"});
    for (const std::string& name : encoding_names()) {    // and whatever else is registered, as it is by default
        const bool listed = std::any_of(all.begin(), all.end(), [&](const std::string& listed_name) {
            return listed_name == name || listed_name.starts_with(name + "(");
        });
        if (listed) continue;
        Rng rng(1);
        const auto scheme = make_encoding(name, sequence_request, rng);
        const bool additive = scheme->is_additive();
        all.push_back(additive ? name + "(gain=0.15)" : name);
    }
    return all;
}

const char* const learned = "inside the trained length this is learned nearly perfectly; were there enough steps?";
const char* const unseen = "nothing is known about these positions; a value above chance is luck or a leak";
const char* const drift = "a frequency that is a little off is off by ever more; some seeds stop short";
const char* const cycle = "the state has not settled into the cycle of 5; some seeds need more steps";
const char* const blind = "rotary positions are relative; the absolute phase should stay unknown";
const char* const counts = "the RNN counts by itself; some seeds need more steps";

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
};

// All tasks at once, at four times the trained length: what the README shows.
Table headline_table(const Measurements& found) {
    return encodings_table(found.where({"length", 128}),
                           {.name = "headline", .title = "All tasks at length 128; " + found.of_seeds()}, "task");
}

int extrapolate(const DemoOptions& options, const std::string& tasks) {
    Report report(options, claims);
    const Measurements found = measure_lengths("extrapolate",
                                               split_list(!tasks.empty()  ? tasks
                                                          : options.quick ? "off3,mod5"
                                                                          : "off3,mod5,marker"),
                                               extrapolation_encodings(options), options.quick ? 250 : 500,
                                               options.seed_list(options.choose(1, 1, 5)));

    // The headline, and in tables of their own whatever else --all has run.
    const Measurements headline = options.encodings.empty() ? found.only("encoding", main_encodings) : found;
    const Measurements others = found.without("encoding", headline.labels("encoding"));
    std::vector<Table> tables{headline_table(headline)};
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
    report.charts(
        "extrapolate.svg", "Trained at 32 positions, evaluated at up to 256", length_charts(headline), 2,
        "The learned table falls to a guess at once. What has settled into a cycle wins where the answer is "
        "periodic (mod5), what rotates by an angle wins where the distance counts (off3), and neither where the "
        "content decides (marker). The RNN that reads the tokens solves all three by itself.");
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    std::string tasks;
    return run_demo({.name = "extrapolate",
                     .shows = "Which position encoding goes on beyond the trained length?",
                     .extra = {{"--tasks", "on which tasks, like off5,mod7,marker", &tasks}},
                     .chapter = "docs/17-beyond-the-last-row.md",
                     .unused = {{"--corpus", "it reads no text"}}},
                    argc, argv, [&](const DemoOptions& options) { return extrapolate(options, tasks); });
}
