// WordPiece: a text to the pieces of BERT's vocabulary. "unaffable" -> un ##aff ##able
//
// Source:  Wu et al. 2016, arXiv 1609.08144 (section 4.1); the steps are those of Devlin et al. 2019 as they are run
//          today: Hugging Face's tokenizers, BertNormalizer, BertPreTokenizer and WordPiece, to the letter.
// Steps:   1. special tokens that are written in the text ([SEP], [MASK], ...) are themselves; of what is between them
//          2. control characters and those of private use go, white space becomes a blank
//          3. blanks around each Chinese character
//          4. letters are decomposed (NFD) and their marks dropped: e with acute becomes e
//          5. lower case
//          6. words: cut at blanks, and every punctuation sign is a word of its own
//          7. of each word the longest piece that it begins with, then of the rest, as ##piece. A rest that begins with
//             no piece makes the whole word one [UNK], and so does a word of more than 100 characters.
// Unicode: the original's tables are those of Unicode 8 (2015), ours those of the library. They differ in some 600
//          marks and signs that are younger, or were sorted anew since.
// Why:     30,522 pieces spell every English word, and frequent ones are whole. The price: what a position counts are
//          pieces, neither letters nor words.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <ordinal/core/index_array.h>

namespace ordinal {

struct WordPieceOptions {
    bool lower_case = true;          // an "uncased" vocabulary
    bool strip_accents = true;       // usually where lower_case is
    bool split_ideographs = true;    // step 3
    Index most_characters = 100;     // of a word that is no [UNK]
};

// A text as a model reads it.
struct TokenizedText {
    std::vector<Index> ids = {};    // [CLS], pieces, [SEP]
    Index unknown = 0;              // how many of them are [UNK]
    Index cut = 0;                  // how many pieces of the text found no room
};

class WordPiece {
public:
    // pieces: piece i has the id i. OptionError: a piece twice, or a special token that is not among them.
    explicit WordPiece(std::vector<std::string> pieces, const WordPieceOptions& options = {});

    // vocab.txt, a piece a line, and tokenizer_config.json. FileError: missing, or another kind of tokenizer.
    static WordPiece read(const std::string& folder);

    // At most so many tokens, [CLS] and [SEP] among them. OptionError: no UTF-8, with the place of the byte.
    TokenizedText encode(std::string_view text, Index most_tokens = most_tokens_of_all) const;

    // For reading: pieces joined to words again. What was lost (capitals, accents, unknown words) stays lost.
    std::string decode(const std::vector<Index>& ids) const;

    const std::string& piece(Index id) const;
    Index size() const { return std::ssize(pieces_); }
    Index pad_id() const { return id_of("[PAD]"); }

    static constexpr Index most_tokens_of_all = Index{1} << 28;

private:
    Index id_of(const char* special) const { return ids_.find(special)->second; }
    std::u32string normalized(std::u32string text) const;
    void add_words(const std::u32string& text, std::vector<Index>& ids) const;
    void add_word(std::u32string_view word, std::vector<Index>& ids) const;

    WordPieceOptions options_;
    std::vector<std::string> pieces_;
    std::map<std::string, Index, std::less<>> ids_;
};

}    // namespace ordinal
