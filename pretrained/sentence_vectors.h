// The vector of a sentence: near to those of sentences that mean the like.
//
// Source:  Reimers and Gurevych 2019, arXiv 1908.10084 (section 3): a BERT, a mean over its tokens, fine-tuned so that
//          the cosine of two vectors says how near their sentences are.
#pragma once

#include <string>
#include <vector>

#include <ordinal/pretrained/bert.h>
#include <ordinal/pretrained/word_piece.h>

namespace ordinal {

// Texts of several lengths side by side.
struct PaddedTexts {
    IndexArray ids;     // [B, T], T the longest one's
    NdArray padding;    // [B, T], 1 = a token that only fills up; undefined where there is none
};
PaddedTexts padded(const std::vector<std::vector<Index>>& texts, Index pad_id);

enum class Pooling {
    mean,           // over all tokens of the text that are no padding, [CLS] and [SEP] among them
    first_token,    // [CLS]
};

// h: [B, T, D], padding: [B, T] or undefined -> [B, D], each of length 1. A text that is all padding gets 0.
Tensor sentence_vectors(const Tensor& h, const NdArray& padding, Pooling pooling);

struct Sentence {
    TokenizedText tokens;
    NdArray vector;    // [D]
};

// A folder with everything: model, tokenizer, how its hidden states become one vector, and how long a text may be.
class SentenceEncoder {
public:
    // Besides what read_bert and WordPiece read: 1_Pooling/config.json (missing: the mean) and max_seq_length in
    // sentence_bert_config.json (missing: the rows of the position table).
    // FileError: as there; a vocabulary of another size than the word table; another pooling; more tokens than rows.
    explicit SentenceEncoder(const std::string& folder);

    // A longer text is cut, and its `tokens` say so. The vector of a text does not depend on the texts beside it.
    std::vector<Sentence> encode(const std::vector<std::string>& texts) const;

    Index most_tokens() const { return most_tokens_; }
    void set_most_tokens(Index count);    // OptionError: fewer than 2, or more than there are positions

    const Bert& bert() const { return bert_; }
    const WordPiece& words() const { return words_; }
    Pooling pooling() const { return pooling_; }

private:
    WordPiece words_;
    Bert bert_;
    Pooling pooling_;
    Index most_tokens_;
};

}    // namespace ordinal
