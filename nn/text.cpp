#include <ordinal/nn/text.h>

#include <cmath>
#include <set>

#include <ordinal/nn/positions.h>

namespace ordinal {
namespace {

// The characters of a text, each in its one to four bytes:
//     0xxxxxxx    110xxxxx 10xxxxxx    1110xxxx 10xxxxxx 10xxxxxx    11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
std::vector<std::string_view> characters_of(std::string_view text) {
    static constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};    // a shorter form exists below these
    std::vector<std::string_view> characters;
    for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
        const auto byte = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[at + i]); };
        const std::uint32_t first = byte(0);
        length = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        bool valid = length > 0 && length <= text.size() - at && first < 0xF8;
        std::uint32_t number = length == 1 ? first : first & (0x7Fu >> length);
        for (std::size_t i = 1; valid && i < length; ++i) {
            valid = (byte(i) & 0xC0) == 0x80;
            number = number << 6 | (byte(i) & 0x3F);
        }
        valid =
            valid && number >= smallest[length] && number <= 0x10FFFF && number >> 11 != 0xD800 >> 11;    // surrogates
        require<OptionError>(valid, "CharacterVocabulary: expected UTF-8, got the byte ", first,
                             " where no valid character begins; save the text as UTF-8");
        characters.push_back(text.substr(at, length));
    }
    return characters;
}

IndexArray sequence(std::vector<Index> values) { return {{static_cast<Index>(values.size())}, std::move(values)}; }

}    // namespace

CharacterVocabulary::CharacterVocabulary(std::string_view text) {
    const std::vector<std::string_view> all = characters_of(text);
    const std::set<std::string_view> characters(all.begin(), all.end());    // in UTF-8 sorted as their numbers are
    require<OptionError>(!characters.empty(), "CharacterVocabulary: expected a text, got an empty one");
    characters_.assign(characters.begin(), characters.end());
    for (std::size_t i = 0; i < characters_.size(); ++i) ids_[characters_[i]] = static_cast<Index>(i);
}

IndexArray CharacterVocabulary::encode(std::string_view text) const {
    std::vector<Index> ids;
    for (std::string_view character : characters_of(text)) {
        const auto found = ids_.find(character);
        require<OptionError>(found != ids_.end(), "CharacterVocabulary: '", character, "' is not among the ", size(),
                             " characters of the text that it was made from");
        ids.push_back(found->second);
    }
    return sequence(std::move(ids));
}

std::string CharacterVocabulary::decode(const IndexArray& ids) const {
    std::string text;
    for (Index id : ids.values) {
        require<IndexError>(0 <= id && id < size(), "CharacterVocabulary: id ", id, " is outside the vocabulary of ",
                            size(), " characters (0..", size() - 1, ")");
        text += characters_[static_cast<std::size_t>(id)];
    }
    return text;
}

TextBatch random_batch(const IndexArray& text, Index B, Index T, Rng& rng) {
    require<OptionError>(B > 0 && T > 0, "random_batch: expected B and T of at least 1, got ", B, " and ", T);
    require<OptionError>(B <= most_ids / T, "random_batch: ", B, " windows of ", T,
                         " tokens would take more than 2 GiB, which is the bound");
    require(text.shape.ndim() == 1 && text.size() > T, "random_batch: windows of ", T,
            " tokens and the one that comes ", "next need a text [N] of at least ", T + 1, ", got ", text.shape);
    std::vector<Index> inputs, targets;
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
