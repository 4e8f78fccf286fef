// The poems of the experiment "swap": what is trained on, and what is asked.
#pragma once

#include <vector>

#include "demos/corpus/masked_windows.h"
#include "demos/corpus/vocabulary.h"

namespace ordinal {

constexpr Index swap_trained_length = 24;    // two couplets of five characters, one and a half of seven
constexpr Index swap_asked_length = 48;

struct SwapCorpus {
    Vocabulary vocabulary;                         // of the training part: it must not know the others
    TokenLists five, seven;                        // to train on, by meter
    std::vector<MaskedBatch> inside;               // held-out windows of 24, hidden in three different ways
    std::vector<MaskedBatch> beyond;               // held-out windows of 48, hidden at 24 .. 47 only
    MaskedBatch example_inside, example_beyond;    // one window each, to be shown
    std::vector<bool> marks;                       // [V]: is this token punctuation?

    bool is_punctuation(Index token) const { return marks[static_cast<std::size_t>(token)]; }

    // [B, 24], from poems drawn with probability ~ their length, starting at a couplet.
    MaskedBatch training_batch(Index B, Rng& rng) const;
};

// 15 % of the five- and of the seven-character poems are held out: the same ones for every model and every seed of the
// training. Throws FileError when too little is left to train or to ask.
SwapCorpus swap_corpus(const std::vector<Poem>& poems);

// Hides 30 % of the characters from position `first` on; of these, one in ten is shown nevertheless (and the model
// cannot know which). What is outside the vocabulary is never asked for.
MaskedBatch hide_characters(const IndexArray& windows, Index first, Rng& rng);

// How often "no punctuation here, ever" would be right.
double never_punctuation(const SwapCorpus& corpus, const std::vector<MaskedBatch>& questions);

}    // namespace ordinal
