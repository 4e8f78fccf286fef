// The Transformer encoder: attention and feed-forward layers in turn, each with a residual connection.
#pragma once

#include <optional>

#include <ordinal/nn/attention.h>
#include <ordinal/nn/layer_norm.h>

namespace ordinal {

// y = W_2 gelu(W_1 x + b_1) + b_2          x, y: [..., D]   hidden: [..., d_ff]
class FeedForward : public Module {
public:
    FeedForward(Index d_model, Index d_ff, Rng& rng) : up_(d_model, d_ff, rng), down_(d_ff, d_model, rng) {}

    Tensor forward(const Tensor& x) const { return down_.forward(gelu(up_.forward(x))); }

    Parameters parameters() const override {
        Parameters all;
        append(all, "linear1", up_);
        append(all, "linear2", down_);
        return all;
    }

private:
    Linear up_, down_;
};

enum class NormPlacement {
    post,    // y = LN(x + f(x))     the original, and BERT
    pre,     // y = x + f(LN(x))     easier to train: Xiong et al. 2020, arXiv 2002.04745
};

struct TransformerOptions {
    Index d_model = 64;
    Index num_heads = 4;
    Index d_ff = 128;
    Index num_layers = 2;
    double dropout = 0;
    double layer_norm_eps = 1e-5;
    NormPlacement norm = NormPlacement::post;
};

class TransformerEncoderLayer : public Module {
public:
    TransformerEncoderLayer(const TransformerOptions& options, Rng& rng,
                            std::shared_ptr<const PositionScheme> position = nullptr)
        : attention_(options.d_model, options.num_heads, rng, options.dropout, std::move(position)),
          feed_forward_(options.d_model, options.d_ff, rng),
          norm1_(options.d_model, options.layer_norm_eps),
          norm2_(options.d_model, options.layer_norm_eps),
          dropout_(options.dropout),
          norm_(options.norm) {}

    Tensor forward(const Tensor& x, const Positions& positions, const NdArray& mask, const Mode& mode) const {
        const auto attend = [&](const Tensor& t) {
            return dropout_.forward(attention_.forward(t, positions, mask, mode), mode);
        };
        const auto transform = [&](const Tensor& t) { return dropout_.forward(feed_forward_.forward(t), mode); };
        if (norm_ == NormPlacement::pre) {
            const Tensor h = x + attend(norm1_.forward(x));
            return h + transform(norm2_.forward(h));
        }
        const Tensor h = norm1_.forward(x + attend(x));
        return norm2_.forward(h + transform(h));
    }

    Parameters parameters() const override {
        Parameters all;
        append(all, "self_attn", attention_);
        for (const auto& parameter : feed_forward_.parameters()) all.push_back(parameter);
        append(all, "norm1", norm1_);
        append(all, "norm2", norm2_);
        return all;
    }

private:
    MultiHeadAttention attention_;
    FeedForward feed_forward_;
    LayerNorm norm1_, norm2_;
    Dropout dropout_;
    NormPlacement norm_;
};

// x: [B, T, D] -> [B, T, D].  With pre-LN the sum of all layers is normalised once more at the end.
class TransformerEncoder : public Module {
public:
    // position: one scheme for all layers, as nearly every model has it. nullptr = nothing inside attention.
    TransformerEncoder(const TransformerOptions& options, Rng& rng,
                       std::shared_ptr<const PositionScheme> position = nullptr)
        : TransformerEncoder(
              options, rng,
              std::vector(static_cast<std::size_t>(std::max<Index>(options.num_layers, 0)), std::move(position))) {}
    // One scheme per layer.
    TransformerEncoder(const TransformerOptions& options, Rng& rng,
                       const std::vector<std::shared_ptr<const PositionScheme>>& positions) {
        require<OptionError>(static_cast<Index>(positions.size()) == options.num_layers,
                             "TransformerEncoder: ", options.num_layers, " layers need as many position schemes, got ",
                             positions.size());
        for (const auto& position : positions) layers_.emplace_back(options, rng, position);
        if (options.norm == NormPlacement::pre) final_norm_.emplace(options.d_model, options.layer_norm_eps);
    }

    Tensor forward(Tensor x, const Positions& positions, const NdArray& mask, const Mode& mode) const {
        for (const auto& layer : layers_) x = layer.forward(x, positions, mask, mode);
        return final_norm_ ? final_norm_->forward(x) : x;
    }

    Parameters parameters() const override {
        Parameters all;
        for (std::size_t i = 0; i < layers_.size(); ++i) append(all, text_of("layers.", i), layers_[i]);
        if (final_norm_) append(all, "norm", *final_norm_);
        return all;
    }

private:
    std::vector<TransformerEncoderLayer> layers_;
    std::optional<LayerNorm> final_norm_;
};

}    // namespace ordinal
