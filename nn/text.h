// Text for models of characters: characters to ids and back, batches, and a part that is kept for validation.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ordinal/core/index_array.h>
#include <ordinal/core/random.h>

namespace ordinal {

// UTF-8 writes a character (a Unicode code point) in one to four bytes. `who` is named when the text is none: an
// OptionError with the byte and its place.
std::u32string decode_utf8(std::string_view text, const std::string& who);
std::string encode_utf8(std::u32string_view characters);    // OptionError: a number that is no character's

// The character that begins at text[at], and `at` moved behind it. Nothing, and `at` as it was, where none begins: a
// stray or missing continuation byte, a longer form than needed, a surrogate, more than U+10FFFF.
std::optional<char32_t> next_character(std::string_view text, std::size_t& at);

// The characters of a UTF-8 text, in the order of their numbers: the first has id 0.
class CharacterVocabulary {
public:
    explicit CharacterVocabulary(std::string_view text);

    Index size() const { return static_cast<Index>(characters_.size()); }
    IndexArray encode(std::string_view text) const;     // ids [T]; a character that it does not have is an OptionError
    std::string decode(const IndexArray& ids) const;    // the text again

private:
    std::u32string characters_;
    std::map<char32_t, Index> ids_;
};

// Windows of a text, and for each of their tokens the one that comes next.
struct TextBatch {
    IndexArray inputs;     // [B, T]
    IndexArray targets;    // [B, T]: inputs shifted by one
};

// B windows of T tokens, each place in the text [N] equally likely.
TextBatch random_batch(const IndexArray& text, Index B, Index T, Rng& rng);

// The beginning of a text for training and the rest for validation. Cut once: windows of a shuffled text would overlap.
std::pair<IndexArray, IndexArray> split_text(const IndexArray& text, double training_share = 0.9);

}    // namespace ordinal
