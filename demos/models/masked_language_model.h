// A tiny BERT and its training: guess the hidden characters of a text. Devlin et al. 2019, arXiv 1810.04805,
// section 3.1
#pragma once

#include <functional>
#include <memory>

#include <ordinal/nn/model.h>
#include <ordinal/positional/encoding.h>
#include "demos/models/training.h"
#include "demos/models/windows.h"

namespace ordinal::demos {

// tokens + positions -> LN -> pre-LN layers, 4 heads -> BERT's head: Linear, GELU, LN, and E^T, E the token vectors
// themselves ("tied"): the vector that stands for a character also recognises it. Every step of the training takes a
// new batch.
constexpr Index bert_heads = 4;
struct TinyBert {
    Index vocab_size, width, layers;
    std::function<MaskedBatch(Rng&)> next_batch;
};
Transformer untrained_bert(const TinyBert& bert, const std::shared_ptr<const Encoding>& encoding, Rng& rng,
                           bool causal = false);    // looking back only, it is a GPT
Transformer trained_bert(const TinyBert& bert, const std::shared_ptr<const Encoding>& encoding,
                         const Training& training, Rng& rng);

// The logits of the tokens that are to be guessed.   batch: [B, T] with N such tokens -> [N, V]
Tensor masked_logits(const Transformer& model, const MaskedBatch& batch, const Mode& mode);

// Which tokens they are, in the same order: [N].
IndexArray masked_targets(const MaskedBatch& batch);

}    // namespace ordinal::demos
