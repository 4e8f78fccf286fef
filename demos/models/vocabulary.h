// Vocabulary: characters to token ids and back.
#pragma once

#include <string>
#include <vector>

#include <ordinal/core/index_array.h>
#include "demos/models/verse_text.h"

namespace ordinal::demos {

using TokenLists = std::vector<std::vector<Index>>;    // one list of token ids a poem

class Vocabulary {
public:
    static constexpr Index pad = 0;        // fills windows behind a poem's end
    static constexpr Index mask = 1;       // "guess this one"
    static constexpr Index unknown = 2;    // every character seen only once
    static constexpr Index first_character = 3;

    // Characters seen twice or more get the ids 3, 4, ..., the most frequent first, equals by code point.
    explicit Vocabulary(const std::vector<Poem>& poems);

    Index size() const { return first_character + std::ssize(characters_); }
    Index id(char32_t character) const;    // unknown for a character that has no id
    char32_t character(Index id) const;    // IndexError: pad, mask, unknown, or beyond the last
    // In UTF-8, as wide as any character, so that columns stay columns: a white square for pad, mask, unknown.
    std::string wide(Index id) const;
    TokenLists encode(const std::vector<Poem>& poems) const;
    std::vector<bool> are_among(const std::u32string& characters) const;    // [V]: is this token one of them?

private:
    std::u32string characters_;    // characters_[i] has the id first_character + i
};

}    // namespace ordinal::demos
