#include "demos/corpus/vocabulary.h"

#include <algorithm>

#include <ordinal/core/error.h>
#include "demos/corpus/utf8.h"

namespace ordinal {

Vocabulary::Vocabulary(const std::vector<Poem>& poems, Index min_count) {
    std::map<char32_t, Index> counts;
    for (const Poem& poem : poems)
        for (const char32_t c : poem.text) ++counts[c];
    for (const auto& [character, count] : counts)
        if (count >= min_count) characters_.push_back(character);
    // The map walks in the order of code points; a stable sort keeps that order among equal counts.
    std::stable_sort(characters_.begin(), characters_.end(),
                     [&](char32_t a, char32_t b) { return counts.at(a) > counts.at(b); });
    for (std::size_t i = 0; i < characters_.size(); ++i) ids_[characters_[i]] = first_character + static_cast<Index>(i);
}

Index Vocabulary::id(char32_t character) const {
    const auto found = ids_.find(character);
    return found == ids_.end() ? unknown : found->second;
}

std::string Vocabulary::text(Index id) const {
    require<IndexError>(0 <= id && id < size(), "Vocabulary: token id ", id, " is outside the vocabulary of ", size(),
                        " (0..", size() - 1, ")");
    static const char* const specials[] = {"[PAD]", "[MASK]", "[UNK]"};
    if (id < first_character) return specials[id];
    return encode_utf8({&characters_[static_cast<std::size_t>(id - first_character)], 1});
}

std::vector<Index> Vocabulary::encode(const std::u32string& text) const {
    std::vector<Index> ids;
    for (const char32_t c : text) ids.push_back(id(c));
    return ids;
}

std::vector<std::vector<Index>> encode_poems(const std::vector<Poem>& poems, const Vocabulary& vocabulary) {
    std::vector<std::vector<Index>> ids;
    for (const Poem& poem : poems) ids.push_back(vocabulary.encode(poem.text));
    return ids;
}

}    // namespace ordinal
