// A tiny BERT and its training: guess the hidden characters of a text. Devlin et al. 2019, arXiv 1810.04805,
// section 3.1
#pragma once

#include <functional>
#include <memory>

#include <ordinal/nn/model.h>
#include <ordinal/positional/encoding.h>
#include "demos/models/windows.h"

namespace ordinal::demos {

// tokens + positions -> LN -> encoder -> BERT's head: Linear, GELU, LN, and E^T, E the token vectors themselves
// ("tied"): the vector that stands for a character also recognises it.
Transformer masked_language_model(Index vocab_size, TransformerOptions options,
                                  const std::shared_ptr<const Encoding>& encoding, Rng& rng);

// The logits of the tokens that are to be guessed.   batch: [B, T] with N such tokens -> [N, V]
Tensor masked_logits(const Transformer& model, const MaskedBatch& batch, const Mode& mode);

// Which tokens they are, in the same order: [N].
IndexArray masked_targets(const MaskedBatch& batch);

struct MlmTraining {
    Index steps = 500;
    double peak_learning_rate = 2e-3;
    double weight_decay = 0;
    std::function<void(double loss)> on_step = {};
};

// AdamW (beta2 0.98), gradients clipped to norm 1, warm-up and cosine. Every step takes a new batch.
void train(const Transformer& model, const std::function<MaskedBatch(Rng&)>& next_batch, const MlmTraining& training,
           Rng& rng);

}    // namespace ordinal::demos
