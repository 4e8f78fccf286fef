// A small Transformer that answers at every place of a sequence, its training, and how well it answers.
#pragma once

#include <functional>
#include <memory>

#include <ordinal/nn/model.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/registry.h>
#include "demos/models/tasks.h"

namespace ordinal {

constexpr Index shortest_sequence = 8, trained_sequence = 32;    // the lengths that training draws from
constexpr EncodingRequest sequence_request{.d_model = 64, .max_length = 256, .num_heads = 4};

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

struct Question {
    Index length = trained_sequence;
    Index first = 0;    // answers before this place are not counted
    Index start = 0;    // the position of the first token
};

// The newest half where the sequence is longer than in training, so that only positions never seen are counted.
Question about_unseen(Index length);

// The share of right answers on 2048 / length sequences, the same for every model.
double accuracy(const Transformer& model, const SequenceTask& task, const Question& question);

}    // namespace ordinal
