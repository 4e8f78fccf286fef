// A tiny BERT and its training: guess the hidden characters of a text. Devlin et al. 2019, arXiv 1810.04805,
// section 3.1
#pragma once

#include <functional>
#include <memory>

#include <ordinal/nn/bert_embeddings.h>
#include <ordinal/nn/transformer.h>
#include <ordinal/positional/encoding.h>
#include "demos/corpus/masked_windows.h"

namespace ordinal {

// tokens + positions -> LN -> pre-LN encoder -> Linear, GELU, LN -> logits = h E^T + b.
// E is the token embedding itself ("tied"): the vector that stands for a character also recognises it.
class MaskedLanguageModel : public Module {
public:
    MaskedLanguageModel(Index vocab_size, const TransformerOptions& options, std::shared_ptr<const Encoding> encoding,
                        Rng& rng);

    // The logits of the tokens that are to be guessed.   batch: [B, T]; N of its targets are asked for -> [N, V]
    Tensor logits(const MaskedBatch& batch, const Mode& mode) const;

    Parameters parameters() const override;

private:
    std::shared_ptr<const Encoding> encoding_;
    BertEmbeddings embeddings_;
    TransformerEncoder encoder_;
    Linear transform_;
    LayerNorm transform_norm_;
    Tensor bias_;    // [V]
};

// The targets that are asked for, in the order of logits(): [N].
IndexArray asked_targets(const MaskedBatch& batch);

struct MlmTraining {
    Index steps = 500;
    double peak_learning_rate = 2e-3;
    double weight_decay = 0;
    std::function<void(Index step, double loss)> on_step = {};
};

// AdamW (beta2 0.98), gradients clipped to norm 1, warm-up and cosine. Every step takes a new batch.
void train(const MaskedLanguageModel& model, const std::function<MaskedBatch(Rng&)>& next_batch,
           const MlmTraining& training, Rng& rng);

}    // namespace ordinal
