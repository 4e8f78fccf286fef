// A small Transformer that answers at every place of a sequence, its training, and how well it answers.
#pragma once

#include <memory>

#include <ordinal/nn/model.h>
#include "demos/models/encodings.h"
#include "demos/models/tasks.h"
#include "demos/models/training.h"

namespace ordinal::demos {

constexpr EncodingRequest sequence_request{.d_model = 64, .max_length = 256, .num_heads = 4};

// What is usual. Whether a result depends on it, one sees by changing it.
struct Setup {
    Index layers = 1;
    Index trained_length = trained_sequence;
    double learning_rate = 0;    // the peak; 0: peak_learning_rate(encoding)

    EncodingRequest request() const;    // of eight times the trained length
};

// tokens -> token vectors + position -> LN -> pre-LN layers, 64 wide, 4 heads -> LN -> Linear -> 16 logits
// An encoding by_layer(A, B, ...) gets as many layers as it names. All tokens see each other, unless the encoding has a
// meaning only without a future; then the model does without one.
Transformer sequence_model(const std::shared_ptr<const Encoding>& encoding, Rng& rng, Index layers = 1);

const Encoding& encoding_of(const Transformer& model);    // of one made by sequence_model

// 32 new sequences of one length: half of the time the longest, otherwise any from 8 to that.
SequenceBatch training_batch(const SequenceTask& task, Index longest, Rng& rng);

Tensor loss_on(const Transformer& model, const SequenceBatch& batch, Rng& rng);    // in training: the cross-entropy

// 3e-3, but for the closed form of 16 numbers.
double peak_learning_rate(const std::string& encoding);

// A new model with this encoding, to be trained at its peak learning rate: one step after the other, for those who want
// to look in between. Every step takes a new batch.
struct SequenceTraining {
    Transformer model;
    Trainer trainer;
};
SequenceTraining sequence_training(const SequenceTask& task, const std::string& encoding, std::uint64_t seed,
                                   Index steps, const std::function<void(double loss)>& on_step = {},
                                   const Setup& setup = {});

// The same, after all steps.
Transformer trained_model(const SequenceTask& task, const std::string& encoding, std::uint64_t seed, Index steps,
                          const std::function<void(double loss)>& on_step, const Setup& setup = {});

struct Question {
    Index length = trained_sequence;
    Index first = 0;    // answers before this place are not counted
    Index start = 0;    // the position of the first token
};

// The newest half where the sequence is longer than in training, so that only positions never seen are counted.
Question about_unseen(Index length, Index trained_length = trained_sequence);

// The share of right answers on 2048 / length sequences, the same for every model. NaN: the encoding has not so many
// positions.
double accuracy(const Transformer& model, const SequenceTask& task, const Question& question);

}    // namespace ordinal::demos
