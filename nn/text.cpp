#include <ordinal/nn/text.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <ordinal/nn/positions.h>

namespace ordinal {
namespace {

IndexArray sequence(std::vector<Index> values) { return {{static_cast<Index>(values.size())}, std::move(values)}; }

template <class List>
void make_room(List& list, std::size_t count, const std::string& who) {
    with_memory([&] { list.reserve(count); }, who, ": there is no memory for ", count, " entries");
}

// U+D800..U+DFFF: halves of UTF-16 pairs, no characters.
bool is_surrogate(char32_t character) { return character >> 11 == 0xD800 >> 11; }

}    // namespace

//     0xxxxxxx    110xxxxx 10xxxxxx    1110xxxx 10xxxxxx 10xxxxxx    11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
std::optional<char32_t> next_character(std::string_view text, std::size_t& at) {
    static constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};    // a shorter form exists below these
    const auto byte = [&](std::size_t i) -> char32_t { return static_cast<unsigned char>(text[at + i]); };
    const char32_t first = byte(0);
    const std::size_t length = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || length > text.size() - at || first >= 0xF8) return {};
    char32_t character = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        character = character << 6 | (byte(i) & 0x3F);
    }
    if (character < smallest[length] || character > 0x10FFFF || is_surrogate(character)) return {};
    at += length;
    return character;
}

std::u32string decode_utf8(std::string_view text, const std::string& who) {
    std::u32string characters;
    make_room(characters, text.size(), who);
    for (std::size_t at = 0; at < text.size();) {
        const std::optional<char32_t> character = next_character(text, at);
        require<OptionError>(character.has_value(), who, ": expected UTF-8, got the byte ",
                             static_cast<int>(static_cast<unsigned char>(text[at])), " at offset ", at,
                             ", where no valid character begins; save the text as UTF-8");
        characters.push_back(*character);
    }
    return characters;
}

std::string encode_utf8(std::u32string_view characters) {
    std::string text;
    make_room(text, 4 * characters.size(), "encode_utf8");
    for (const char32_t c : characters) {
        require<OptionError>(c <= 0x10FFFF && !is_surrogate(c), "encode_utf8: no character has the number ",
                             static_cast<std::uint32_t>(c), "; they end at 1114111, and 55296..57343 are none");
        const int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;    // bytes behind the first
        static constexpr char32_t first[] = {0, 0xC0, 0xE0, 0xF0};
        text.push_back(static_cast<char>(first[more] | c >> 6 * more));
        for (int i = more - 1; i >= 0; --i) text.push_back(static_cast<char>(0x80 | (c >> 6 * i & 0x3F)));
    }
    return text;
}

CharacterVocabulary::CharacterVocabulary(std::string_view text) {
    characters_ = decode_utf8(text, "CharacterVocabulary");
    require<OptionError>(!characters_.empty(), "CharacterVocabulary: expected a text, got an empty one");
    std::sort(characters_.begin(), characters_.end());
    characters_.erase(std::unique(characters_.begin(), characters_.end()), characters_.end());
    for (std::size_t i = 0; i < characters_.size(); ++i) ids_[characters_[i]] = static_cast<Index>(i);
}

IndexArray CharacterVocabulary::encode(std::string_view text) const {
    const std::u32string characters = decode_utf8(text, "CharacterVocabulary");
    std::vector<Index> ids;
    make_room(ids, characters.size(), "CharacterVocabulary");
    for (const char32_t character : characters) {
        const auto found = ids_.find(character);
        require<OptionError>(found != ids_.end(), "CharacterVocabulary: '", encode_utf8({&character, 1}),
                             "' is not among the ", size(), " characters of the text that it was made from");
        ids.push_back(found->second);
    }
    return sequence(std::move(ids));
}

std::string CharacterVocabulary::decode(const IndexArray& ids) const {
    std::u32string text;
    make_room(text, ids.values.size(), "CharacterVocabulary");
    for (Index id : ids.values) {
        require<IndexError>(0 <= id && id < size(), "CharacterVocabulary: id ", id, " is outside the vocabulary of ",
                            size(), " characters (0..", size() - 1, ")");
        text.push_back(characters_[static_cast<std::size_t>(id)]);
    }
    return encode_utf8(text);
}

TextBatch random_batch(const IndexArray& text, Index B, Index T, Rng& rng) {
    require<OptionError>(B > 0 && T > 0, "random_batch: expected B and T of at least 1, got ", B, " and ", T);
    require<OptionError>(B <= most_ids / T, "random_batch: ", B, " windows of ", T,
                         " tokens would take more than 2 GiB, which is the bound");
    require(text.shape.ndim() == 1 && text.size() > T, "random_batch: windows of ", T,
            " tokens and the one that comes ", "next need a text [N] of at least ", T + 1, ", got ", text.shape);
    std::vector<Index> inputs, targets;
    for (auto* ids : {&inputs, &targets}) make_room(*ids, static_cast<std::size_t>(B * T), "random_batch");
    for (Index b = 0; b < B; ++b) {
        const auto begin = text.values.begin() + rng.below(text.size() - T);
        inputs.insert(inputs.end(), begin, begin + T);
        targets.insert(targets.end(), begin + 1, begin + T + 1);
    }
    return {{{B, T}, std::move(inputs)}, {{B, T}, std::move(targets)}};
}

std::pair<IndexArray, IndexArray> split_text(const IndexArray& text, double training_share) {
    require<OptionError>(0 < training_share && training_share < 1, "split_text: expected 0 < training_share < 1, got ",
                         training_share);
    const Index at = std::llround(training_share * static_cast<double>(text.size()));
    require(text.shape.ndim() == 1 && 0 < at && at < text.size(), "split_text: expected a text [N] long enough for ",
            "two parts, got ", text.shape);
    const auto middle = text.values.begin() + at;
    return {sequence({text.values.begin(), middle}), sequence({middle, text.values.end()})};
}

}    // namespace ordinal
