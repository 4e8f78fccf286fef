// Vocabulary: characters to token ids and back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <ordinal/core/index_array.h>
#include "demos/corpus/poems.h"

namespace ordinal {

class Vocabulary {
public:
    static constexpr Index pad = 0;        // fills windows behind a poem's end
    static constexpr Index mask = 1;       // "guess this one"
    static constexpr Index unknown = 2;    // every character seen fewer than min_count times
    static constexpr Index first_character = 3;

    // Characters seen at least min_count times get the ids 3, 4, ..., the most frequent first, equals by code point.
    explicit Vocabulary(const std::vector<Poem>& poems, Index min_count = 2);

    Index size() const { return first_character + static_cast<Index>(characters_.size()); }
    Index id(char32_t character) const;    // unknown for a character that has no id
    std::string text(Index id) const;      // UTF-8; [PAD], [MASK], [UNK] for the first three. IndexError
    std::vector<Index> encode(const std::u32string& text) const;

private:
    std::vector<char32_t> characters_;    // characters_[i] has the id first_character + i
    std::map<char32_t, Index> ids_;
};

// Each poem as token ids.
std::vector<std::vector<Index>> encode_poems(const std::vector<Poem>& poems, const Vocabulary& vocabulary);

}    // namespace ordinal
