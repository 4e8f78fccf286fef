// The experiment "extrapolation": train at 32 positions or fewer, ask at up to 256.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "demos/lab/jobs.h"
#include "demos/models/sequence_model.h"

namespace ordinal {

constexpr std::array<Index, 4> asked_lengths{32, 64, 128, 256};
using Accuracies = std::array<double, asked_lengths.size()>;    // NaN where the encoding has no such position

// Functional codes start quiet (gain=0.15), about as loud as the token vectors.
inline const std::string learned_table = "table(std=0.1)", sinusoid = "sinusoidal(gain=0.15)",
                         orthogonal_rnn = "rnn(init=orthogonal, gain=0.15)", default_rnn = "rnn(gain=0.15)",
                         rotation_rnn = "rnn(init=rotation, state=8, gain=0.15)",
                         closed_form = "linear(state=16, noise=0.5, gain=0.15)",
                         quiet_closed_form = "linear(state=16, gain=0.15)", rotary = "rope",
                         rnn_reads_tokens = "rnn_over_inputs", shifted_table = "table(std=0.1, shift=224)",
                         hybrid = "table_plus_linear(rows=32, std=0.1, noise=0.8, rule_gain=0.15, dropout=0)",
                         hybrid_dropped = "table_plus_linear(rows=32, std=0.1, noise=0.8, rule_gain=0.15, dropout=0.5)";

// Do two names say the same but for spaces?
bool same_encoding(std::string a, std::string b);

std::vector<std::string> few_encodings();     // for a first look
std::vector<std::string> main_encodings();    // the headline table
std::vector<std::string> all_encodings();
std::vector<std::string> hybrid_encodings();    // a rule, a rule beside a table; noise and dropout on and off

double peak_learning_rate(const std::string& encoding);    // 3e-3, but for the closed form of 16 numbers

// A model with this encoding, trained on the task.
Transformer trained_model(const SequenceTask& task, const std::string& encoding, std::uint64_t seed, Index steps,
                          const StepDone& step_done);

// Beyond 32 only the newest half is counted: positions that training has never seen.
Accuracies accuracies(const Transformer& model, const SequenceTask& task);

// One training run, then the accuracies.
Accuracies run_extrapolation(const SequenceTask& task, const std::string& encoding, std::uint64_t seed, Index steps,
                             const StepDone& step_done);

struct ExtrapolationResults {
    std::vector<std::string> tasks, encodings;
    std::vector<std::uint64_t> seeds;
    std::vector<std::vector<std::vector<Accuracies>>> accuracy;    // [task][encoding][seed]
};

// The runs of these encodings only; or of all others.
enum class Keep { these, others };
ExtrapolationResults only(Keep keep, const std::vector<std::string>& encodings, const ExtrapolationResults& results);

// One length's numbers, one a seed. which: an index into asked_lengths
std::vector<double> at_length(const std::vector<Accuracies>& seeds, Index which);

// All of them, on all cores. OptionError, before any training, for an encoding that does not exist.
ExtrapolationResults run_extrapolations(const std::string& demo, const std::vector<std::string>& tasks,
                                        const std::vector<std::string>& encodings,
                                        const std::vector<std::uint64_t>& seeds, Index steps);

}    // namespace ordinal
