// Transformer: the whole model. Token vectors, a position scheme, layers, and a head that says what comes out.
//
//     const auto scheme = make_encoding("rope", {.d_model = 64, .num_heads = 4}, rng);
//     const Transformer gpt({.vocab_size = 256, .encoder = {.causal = true}}, rng, scheme);
//     const Tensor logits = gpt.forward(ids, Mode::training(rng));    // [B, T] -> [B, T, 256]
#pragma once

#include <memory>
#include <optional>

#include <ordinal/nn/embedding.h>
#include <ordinal/nn/transformer.h>

namespace ordinal {

enum class Head {
    none,         // the hidden states themselves
    linear,       // logits = W h + b
    masked_lm,    // logits = E LN(gelu(W h + b)) + c,  E the token vectors themselves ("tied"): BERT's
};

struct ModelOptions {
    Index vocab_size = 0;
    Index num_segments = 0;      // BERT has 2: each token also belongs to sentence A or B
    double token_std = 0.02;     // of the token and segment vectors at the start, as in BERT and GPT-2
    NdArray token_table = {};    // [vocab_size, d_model]: token vectors from elsewhere, instead of such a start
    Head head = Head::linear;
    TransformerOptions encoder = {};
};

// token[ids] + segment[segment_ids] -> encoder, which owns the position scheme and calls all of its hooks -> head
// With input_norm and two segments this is BERT (Devlin et al. 2019, arXiv 1810.04805, figure 2), with causal = true
// GPT.
class Transformer : public Module {
public:
    using Scheme = TransformerEncoder::Scheme;

    // position: for all layers, or another one in each; see TransformerEncoder.
    Transformer(const ModelOptions& options, Rng& rng, const Scheme& position = nullptr)
        : head_(options.head),
          words_(first_tokens(options, rng)),
          segments_(drawn_segments(options, rng)),
          encoder_(options.encoder, rng, position) {
        const Index D = options.encoder.d_model, V = options.vocab_size;
        if (head_ == Head::linear) output_.emplace(D, V, rng);
        if (head_ != Head::masked_lm) return;
        output_.emplace(D, D, rng);
        transform_norm_.emplace(D, options.encoder.layer_norm_eps);
        bias_ = constant_parameter({V}, 0);
    }

    // ids: [B, T] -> logits [B, T, V], or without a head the hidden states [B, T, D].
    // segment_ids: [B, T], or empty: all tokens belong to segment 0.
    Tensor forward(const IndexArray& ids, const Mode& mode, const ForwardOptions& options = {},
                   const IndexArray& segment_ids = {}) const {
        const Tensor logits = head(hidden(ids, mode, options, segment_ids));
        options.watch.keep("output", logits.values());
        return logits;
    }

    // What the head is given: [B, T] -> [B, T, D].
    Tensor hidden(const IndexArray& ids, const Mode& mode, ForwardOptions options = {},
                  const IndexArray& segment_ids = {}) const {
        options.watch = options.watch.part("encoder");
        return encoder_.forward(embedded(ids, segment_ids), mode, options);
    }

    // h: [..., D] -> [..., V]: of all hidden states, or of those that one asks for.
    Tensor head(const Tensor& h) const {
        if (head_ == Head::none) return h;
        if (head_ == Head::linear) return output_->forward(h);
        return linear(transform_norm_->forward(gelu(output_->forward(h))), words_.weight(), bias_);
    }

    // Goes on writing: the logits of the next tokens, [B, n] -> [B, n, V]. See TransformerEncoder::next.
    Tensor next(const IndexArray& ids, KeyValueCache& cache) const {
        const NoGrad guard;
        return head(encoder_.next(embedded(ids, {}), cache));
    }

    Parameters parameters() const override {
        Parameters all = parameters_of({{"tokens", words_},
                                        {"segments", segments_},
                                        {"encoder", encoder_},
                                        {head_ == Head::linear ? "head" : "head.transform", output_},
                                        {"head.norm", transform_norm_}});
        if (bias_.defined()) all.push_back({"head.bias", bias_});
        return all;
    }

    Head head_kind() const { return head_; }
    const TransformerEncoder& encoder() const { return encoder_; }
    Index vocab_size() const { return words_.weight().dim(0); }
    const Tensor& token_table() const { return words_.weight(); }    // [V, D]

private:
    static Embedding first_tokens(const ModelOptions& options, Rng& rng) {
        const Index V = options.vocab_size, D = options.encoder.d_model;
        require<OptionError>(V > 0 && options.num_segments >= 0, "Transformer: expected a vocab_size of at least 1 ",
                             "and num_segments of at least 0, got ", V, " and ", options.num_segments);
        if (!options.token_table.defined()) return Embedding(V, D, rng, options.token_std);
        require(options.token_table.shape() == Shape({V, D}), "Transformer: expected a token_table [", V, ", ", D,
                "], got ", options.token_table.shape());
        return Embedding(options.token_table);
    }

    static std::optional<Embedding> drawn_segments(const ModelOptions& options, Rng& rng) {
        if (options.num_segments == 0) return std::nullopt;
        return Embedding(options.num_segments, options.encoder.d_model, rng, options.token_std);
    }

    Tensor embedded(const IndexArray& ids, const IndexArray& segment_ids) const {
        require(ids.shape.ndim() == 2, "Transformer: expected ids [B, T], got ", ids.shape);
        require(segment_ids.size() == 0 || (segments_ && segment_ids.shape == ids.shape), "Transformer: ids ",
                ids.shape, " need segment_ids of the same shape and a model with segments, got ", segment_ids.shape,
                " and ", segments_ ? segments_->weight().dim(0) : 0, " segments");
        const Tensor x = words_.forward(ids);
        if (!segments_) return x;
        const bool given = segment_ids.size() > 0;
        return x + segments_->forward(given ? segment_ids
                                            : IndexArray(ids.shape, std::vector<Index>(ids.values.size(), 0)));
    }

    Head head_;
    Embedding words_;
    std::optional<Embedding> segments_;
    TransformerEncoder encoder_;
    std::optional<Linear> output_;    // of Head::linear, or the W of Head::masked_lm
    std::optional<LayerNorm> transform_norm_;
    Tensor bias_;    // c
};

}    // namespace ordinal
