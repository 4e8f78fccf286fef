#include "demos/models/windows.h"

#include <algorithm>

#include <ordinal/core/error.h>

namespace ordinal::demos {
namespace {

// The poem that holds token `place` of all poems written one after the other: long poems hold more places.
const std::vector<Index>& poem_at(const TokenLists& poems, Index place) {
    auto poem = poems.begin();
    for (; place >= std::ssize(*poem); ++poem) place -= std::ssize(*poem);
    return *poem;
}

// Adds tokens[start .. start + L), and pad where the list has ended.
void append_window(std::vector<Index>& rows, const std::vector<Index>& tokens, Index start, Index L) {
    const Index end = std::min(start + L, std::ssize(tokens));
    rows.insert(rows.end(), tokens.begin() + start, tokens.begin() + end);
    rows.insert(rows.end(), static_cast<std::size_t>(start + L - end), Vocabulary::pad);
}

}    // namespace

Index total_tokens(const TokenLists& poems) {
    Index total = 0;
    for (const auto& poem : poems) total += std::ssize(poem);
    return total;
}

IndexArray couplet_windows(const TokenLists& poems, Index B, Index L, Index couplet, Rng& rng) {
    const Index total = total_tokens(poems);
    require(total > 0 && B > 0 && L > 0 && couplet > 0, "couplet_windows: expected poems and B, L, couplet > 0, got ",
            total, " tokens and B ", B, ", L ", L, ", couplet ", couplet);
    std::vector<Index> rows;
    for (Index b = 0; b < B; ++b) {
        const std::vector<Index>& poem = poem_at(poems, rng.below(total));
        const Index room = std::max<Index>(0, std::ssize(poem) - L);
        append_window(rows, poem, couplet * rng.below(room / couplet + 1), L);
    }
    return {{B, L}, std::move(rows)};
}

IndexArray stream_windows(const TokenLists& poems, Index B, Index L, Rng& rng) {
    std::vector<Index> stream;
    for (const auto& poem : poems) stream.insert(stream.end(), poem.begin(), poem.end());
    require(B > 0 && L > 0 && std::ssize(stream) >= L, "stream_windows: expected B, L > 0 and at least L tokens, got ",
            std::ssize(stream), " tokens and B ", B, ", L ", L);
    std::vector<Index> rows;
    for (Index b = 0; b < B; ++b) append_window(rows, stream, rng.below(std::ssize(stream) - L + 1), L);
    return {{B, L}, std::move(rows)};
}

IndexArray all_couplet_windows(const TokenLists& poems, Index L, Index couplet) {
    std::vector<Index> rows;
    for (const auto& poem : poems)
        for (Index start = 0; start + L <= std::ssize(poem); start += couplet) append_window(rows, poem, start, L);
    const Index N = std::ssize(rows) / L;
    return {{N, L}, std::move(rows)};
}

MaskedBatch mask_tokens(const IndexArray& windows, double probability, Rng& rng, double shown_as_mask) {
    MaskedBatch batch{windows, windows};
    for (std::size_t i = 0; i < windows.values.size(); ++i) {
        const bool chosen = windows.values[i] != Vocabulary::pad && rng.chance(probability);
        if (!chosen)
            batch.targets.values[i] = MaskedBatch::ignore_index;
        else if (rng.chance(shown_as_mask))
            batch.inputs.values[i] = Vocabulary::mask;
    }
    return batch;
}

double share_without_mark(const std::vector<Index>& tokens, const std::vector<bool>& is_mark) {
    const auto none = std::ranges::count_if(tokens, [&](Index t) { return !is_mark[static_cast<std::size_t>(t)]; });
    return static_cast<double>(none) / static_cast<double>(tokens.size());
}

}    // namespace ordinal::demos
