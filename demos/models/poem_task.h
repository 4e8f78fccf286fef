// The task of the demos `swap` and `attention_maps`: guess the hidden characters of poems that training never sees.
#pragma once

#include <memory>
#include <vector>

#include <ordinal/positional/registry.h>
#include "demos/models/masked_language_model.h"

namespace ordinal::demos {

struct PoemTask {
    Verse verse;
    Vocabulary vocabulary;               // of the training part: it must not know the others
    std::vector<TokenLists> training;    // for each of the verse's periods
    std::vector<MaskedBatch> inside;     // held-out windows of the trained length, hidden in three different ways
    std::vector<MaskedBatch> beyond;     // twice as long, and hidden in the second half only
    std::vector<bool> marks;             // [V]: is this token a mark?

    Index trained_length() const { return 4 * verse.period(); }    // 24: two couplets of five-character verse
    Index evaluated_length() const { return 8 * verse.period(); }
    std::string inside_text() const { return text_of("0..", trained_length() - 1); }    // "0..23"
    std::string beyond_text() const { return text_of(trained_length(), "..", evaluated_length() - 1); }
    EncodingRequest request() const { return {.d_model = 64, .max_length = evaluated_length(), .num_heads = 4}; }

    // [B, 24], from poems drawn with probability ~ their length, starting at a couplet.
    MaskedBatch training_batch(Index B, Rng& rng) const;

    // How often "no mark here, ever" would be right.
    double never(const std::vector<MaskedBatch>& questions) const;
};

// 15 % of the poems of each period are held out: the same ones for every model and every seed of the training.
// Throws FileError when too little is left to train on or to be evaluated on.
PoemTask poem_task(const Verse& verse);

// Hides 30 % of the characters from position `first` on; of these, one in ten is shown nevertheless (and the model
// cannot know which). What is outside the vocabulary is never to be guessed.
MaskedBatch hide_characters(const IndexArray& windows, Index first, Rng& rng);

// A BERT of two layers, 64 wide, 4 heads; 32 windows a step.
Transformer trained_poem_model(const PoemTask& task, const std::shared_ptr<const Encoding>& encoding, Index steps,
                               const std::function<void(double loss)>& step_done, Rng& rng);

}    // namespace ordinal::demos
