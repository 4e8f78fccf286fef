// Windows of poems, and the guessing game on them (masked language modelling, Devlin et al. 2018, section 3.1).
//
// A window is L tokens in a row. Where it may start decides what a position encoding can learn: when every window
// starts at a couplet, position k always means the same place in the verse. The control starts anywhere, and position k
// means nothing.
#pragma once

#include <ordinal/core/index_array.h>
#include <ordinal/core/random.h>
#include "demos/models/vocabulary.h"

namespace ordinal::demos {

Index total_tokens(const TokenLists& poems);

// [B, L]: each row from a poem drawn with probability ~ its length, starting at a random multiple of `couplet` such
// that the window fits (at 0 in a shorter poem). What lies behind the poem's end is Vocabulary::pad.
IndexArray couplet_windows(const TokenLists& poems, Index B, Index L, Index couplet, Rng& rng);

// The control, [B, L]: all poems written in one stream, each row starting anywhere in it.
IndexArray stream_windows(const TokenLists& poems, Index B, Index L, Rng& rng);

// For evaluation, [N, L]: of every poem all windows that start at a multiple of `couplet` and fit. N is 0 when no poem
// is as long as L.
IndexArray all_couplet_windows(const TokenLists& poems, Index L, Index couplet);

struct MaskedBatch {
    static constexpr Index ignore_index = -1;

    IndexArray inputs;     // [B, L] what the model sees
    IndexArray targets;    // [B, L] the true token where it has to guess, ignore_index elsewhere
};

// Chooses each token that is not pad with the given probability. A chosen token is shown as Vocabulary::mask with
// probability shown_as_mask (0.8 as in BERT; the others stay as they are, and the model cannot know which).
MaskedBatch mask_tokens(const IndexArray& windows, double probability, Rng& rng, double shown_as_mask = 0.8);

// How often "no mark here, ever" would be right about these tokens. is_mark: [V]
double share_without_mark(const std::vector<Index>& tokens, const std::vector<bool>& is_mark);

}    // namespace ordinal::demos
