// A BERT that is told where its texts stand, on any table: its own, a longer one, one that is being trained.
#pragma once

#include <string>
#include <vector>

#include <ordinal/pretrained/sentence_vectors.h>

namespace ordinal::demos {

using Tokens = std::vector<Index>;    // of a text: [CLS], pieces, [SEP]

class MovableBert {
public:
    // The model of a folder, all of it frozen. `inside`: a scheme that acts inside attention, and whatever it does is
    // done besides what the table does.
    explicit MovableBert(const std::string& folder, Pooling pooling, TransformerEncoder::Scheme inside = nullptr);

    const NdArray& table() const { return table_; }      // its own: [rows, D]
    Index frozen_numbers() const { return numbers_; }    // that do not learn

    // One batch. [CLS] of text b stands at row 0, its other tokens at rows starts[b] + 1, starts[b] + 2, ...
    // rows: [n, D], with a gradient if it learns -> unit vectors [B, D]
    Tensor vectors(const std::vector<Tokens>& texts, const Tensor& rows, const std::vector<Index>& starts) const;

    // Any number of texts that all begin at `start`: [N, D].
    NdArray vectors(const std::vector<Tokens>& texts, const NdArray& rows, Index start) const;

private:
    Bert bert_;
    Pooling pooling_;
    NdArray table_;
    Tensor segment_;    // of sentence A: [D]
    Index numbers_ = 0;
};

}    // namespace ordinal::demos
