#include "demos/models/vocabulary.h"

#include <algorithm>
#include <map>

#include <ordinal/core/error.h>
#include <ordinal/nn/text.h>

namespace ordinal::demos {

Vocabulary::Vocabulary(const std::vector<Poem>& poems) {
    std::map<char32_t, Index> counts;
    for (const Poem& poem : poems)
        for (const char32_t c : poem.text) ++counts[c];
    for (const auto& [character, count] : counts)
        if (count >= 2) characters_.push_back(character);
    // The map walks in the order of code points; a stable sort keeps that order among equal counts.
    std::ranges::stable_sort(characters_, std::greater{}, [&](char32_t c) { return counts.at(c); });
}

Index Vocabulary::id(char32_t character) const {
    const std::size_t i = characters_.find(character);
    return i == characters_.npos ? unknown : first_character + static_cast<Index>(i);
}

char32_t Vocabulary::character(Index id) const {
    require<IndexError>(first_character <= id && id < size(), "Vocabulary: token ", id, " is none of the characters ",
                        first_character, "..", size() - 1);
    return characters_[static_cast<std::size_t>(id - first_character)];
}

std::string Vocabulary::wide(Index id) const {
    if (id < first_character) return "\u25a1";
    const char32_t c = character(id);
    return c == U'\n' ? "/" : encode_utf8({&c, 1});
}

TokenLists Vocabulary::encode(const std::vector<Poem>& poems) const {
    TokenLists lists;
    for (const Poem& poem : poems) {
        std::vector<Index>& ids = lists.emplace_back();
        for (const char32_t c : poem.text) ids.push_back(id(c));
    }
    return lists;
}

std::vector<bool> Vocabulary::are_among(const std::u32string& characters) const {
    std::vector<bool> among(static_cast<std::size_t>(size()), false);
    for (Index i = first_character; i < size(); ++i)
        among[static_cast<std::size_t>(i)] = characters.find(character(i)) != characters.npos;
    return among;
}

}    // namespace ordinal::demos
