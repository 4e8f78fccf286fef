// What BERT feeds its encoder. Devlin et al. 2019, arXiv 1810.04805, figure 2
#pragma once

#include <memory>

#include <ordinal/nn/dropout.h>
#include <ordinal/nn/embedding.h>
#include <ordinal/nn/layer_norm.h>
#include <ordinal/nn/position_scheme.h>

namespace ordinal {

struct BertEmbeddingOptions {
    Index vocab_size = 30522;    // bert-base-uncased
    Index num_segments = 2;
    Index d_model = 768;
    double standard_deviation = 0.02;    // initializer_range of the published configuration
    bool truncated = true;               // cut at two standard deviations as in the paper's code; false: plain normal
    double layer_norm_eps = 1e-12;
    double dropout = 0.1;
};

// h = dropout(LN(position(token[ids] + segment[segment_ids])))          [B, T] -> [B, T, D]
// BERT's own position scheme is a LearnedTable, which adds row k at position k. It plugs in like any other.
class BertEmbeddings : public Module {
public:
    BertEmbeddings(const BertEmbeddingOptions& options, std::shared_ptr<const PositionScheme> position, Rng& rng)
        : words_(table(options.vocab_size, options, rng)),
          segments_(table(options.num_segments, options, rng)),
          position_(std::move(position)),
          norm_(options.d_model, options.layer_norm_eps),
          dropout_(options.dropout) {}

    // segment_ids: [B, T], or empty: all tokens belong to segment 0.
    Tensor forward(const IndexArray& ids, const Positions& positions, const Mode& mode,
                   const IndexArray& segment_ids = {}) const {
        require(ids.shape.ndim() == 2 && ids.shape[1] == positions.size(),
                "BertEmbeddings: expected ids [B, T] and T positions, got ids ", ids.shape, " and ", positions.size(),
                " positions");
        const bool one_segment = segment_ids.size() == 0;
        require(one_segment || segment_ids.shape == ids.shape, "BertEmbeddings: ids ", ids.shape,
                " need segment_ids of the same shape, got ", segment_ids.shape);
        const IndexArray segments =
            one_segment ? IndexArray(ids.shape, std::vector<Index>(ids.values.size(), 0)) : segment_ids;
        Tensor h = words_.forward(ids) + segments_.forward(segments);
        if (position_) h = position_->apply_to_input(h, positions, mode);
        return dropout_.forward(norm_.forward(h), mode);
    }

    Parameters parameters() const override {
        Parameters all;
        append(all, "word_embeddings", words_);
        append(all, "token_type_embeddings", segments_);
        if (position_) append(all, "position_embeddings", *position_);
        append(all, "LayerNorm", norm_);
        return all;
    }

    const Tensor& word_table() const { return words_.weight(); }    // [V, D]; BERT's output layer uses it again

private:
    static NdArray table(Index rows, const BertEmbeddingOptions& options, Rng& rng) {
        const auto draw = options.truncated ? random_truncated_normal : random_normal;
        return draw({rows, options.d_model}, options.standard_deviation, rng);
    }

    Embedding words_, segments_;
    std::shared_ptr<const PositionScheme> position_;
    LayerNorm norm_;
    Dropout dropout_;
};

}    // namespace ordinal
