// A small Transformer that answers at every place of a sequence, its training, and how well it answers.
#pragma once

#include <functional>
#include <memory>

#include <ordinal/nn/model.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/registry.h>
#include "demos/models/tasks.h"

namespace ordinal::demos {

constexpr EncodingRequest sequence_request{.d_model = 64, .max_length = 256, .num_heads = 4};

// Encodings that several demos train. Functional codes start quiet (gain=0.15), about as loud as the token vectors.
inline const std::string learned_table = "table(std=0.1)", sinusoid = "sinusoidal(gain=0.15)",
                         orthogonal_rnn = "rnn(init=orthogonal, gain=0.15)", default_rnn = "rnn(gain=0.15)",
                         rotation_rnn = "rnn(init=rotation, state=8, gain=0.15)",
                         closed_form = "linear(state=16, noise=0.5, gain=0.15)",
                         quiet_closed_form = "linear(state=16, gain=0.15)", rotary = "rope",
                         rnn_reads_tokens = "rnn_over_inputs", shifted_table = "table(std=0.1, shift=224)",
                         hybrid_dropped = "table_plus_linear(rows=32, std=0.1, noise=0.8, rule_gain=0.15, dropout=0.5)";

// tokens -> token vectors + position -> LN -> one pre-LN layer, 64 wide, 4 heads -> LN -> Linear -> 16 logits
// All tokens see each other, unless the encoding has a meaning only without a future; then the model does without one.
Transformer sequence_model(const std::shared_ptr<const Encoding>& encoding, Rng& rng);

const Encoding& encoding_of(const Transformer& model);    // of one made by sequence_model

struct SequenceTraining {
    Index steps = 500;
    double peak_learning_rate = 3e-3;
    std::function<void(double loss)> on_step = {};
};

// Adam (beta2 0.98), gradients clipped to norm 1, warm-up and cosine. Every step takes 32 new sequences of one length:
// half of the time the longest, 32, otherwise any from 8 to 32.
void train(const Transformer& model, const SequenceTask& task, const SequenceTraining& training, Rng& rng);

// One step of the optimizer on one batch. Returns the loss before it.
double train_step(const Transformer& model, Optimizer& optimizer, double learning_rate, const SequenceBatch& batch,
                  const Parameters& parameters, Rng& rng);

// 3e-3, but for the closed form of 16 numbers.
double peak_learning_rate(const std::string& encoding);

// A new model with this encoding, trained at its peak learning rate.
Transformer trained_model(const SequenceTask& task, const std::string& encoding, std::uint64_t seed, Index steps,
                          const std::function<void(double loss)>& on_step);

// Of the encoding in this model. Throws OptionError, so that it is said before any training: there is no such encoding.
Traits sequence_traits(const std::string& encoding);

struct Question {
    Index length = trained_sequence;
    Index first = 0;    // answers before this place are not counted
    Index start = 0;    // the position of the first token
};

// The newest half where the sequence is longer than in training, so that only positions never seen are counted.
Question about_unseen(Index length);

// The share of right answers on 2048 / length sequences, the same for every model. NaN: the encoding has not so many
// positions.
double accuracy(const Transformer& model, const SequenceTask& task, const Question& question);

}    // namespace ordinal::demos
