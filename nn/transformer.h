// The Transformer encoder: attention and feed-forward layers in turn, each with a residual connection.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <ordinal/nn/attention.h>
#include <ordinal/nn/layer_norm.h>

namespace ordinal {

// y = W_2 gelu(W_1 x + b_1) + b_2          x, y: [..., D]   hidden: [..., d_ff]
class FeedForward : public Module {
public:
    FeedForward(Index d_model, Index d_ff, Rng& rng) : up_(d_model, d_ff, rng), down_(d_ff, d_model, rng) {}

    Tensor forward(const Tensor& x) const { return down_.forward(gelu(up_.forward(x))); }

    Parameters parameters() const override { return parameters_of({{"linear1", up_}, {"linear2", down_}}); }

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
    bool causal = false;    // a token sees itself and what stands before it, as in GPT; else all of them, as in BERT
    bool input_norm = false;    // x is normalised (and dropped out) once positions are in it, as in BERT
};

class TransformerEncoderLayer : public Module {
public:
    TransformerEncoderLayer(const TransformerOptions& options, Rng& rng)
        : attention_(options.d_model, options.num_heads, rng, options.dropout),
          feed_forward_(options.d_model, options.d_ff, rng),
          norm1_(options.d_model, options.layer_norm_eps),
          norm2_(options.d_model, options.layer_norm_eps),
          dropout_(options.dropout),
          norm_(options.norm) {}

    // x: [B, T, D] -> [B, T, D]
    Tensor forward(const Tensor& x, const Mode& mode, AttendOptions options = {}) const {
        const Watch watch = options.watch;
        options.watch = watch.part("self_attn");
        const auto attend = [&](const Tensor& t) {
            return dropout_.forward(attention_.forward(t, mode, options), mode);
        };
        const auto transform = [&](const Tensor& t) { return dropout_.forward(feed_forward_.forward(t), mode); };
        Tensor y;
        if (norm_ == NormPlacement::pre) {
            const Tensor h = x + attend(norm1_.forward(x));
            y = h + transform(norm2_.forward(h));
        } else {
            const Tensor h = norm1_.forward(x + attend(x));
            y = norm2_.forward(h + transform(h));
        }
        watch.keep("hidden", y.values());
        return y;
    }

    Parameters parameters() const override {
        return parameters_of({{"self_attn", attention_}, {"", feed_forward_}, {"norm1", norm1_}, {"norm2", norm2_}});
    }

private:
    MultiHeadAttention attention_;
    FeedForward feed_forward_;
    LayerNorm norm1_, norm2_;
    Dropout dropout_;
    NormPlacement norm_;
};

// What a model may be told besides its input.
struct ForwardOptions {
    std::optional<Positions> positions = std::nullopt;    // default 0, 1, ..., T - 1
    NdArray padding = {};                                 // [B, T]: 1 = a token that nobody sees; see padding_mask
    NdArray mask = {};                                    // any other rule, 1 = hidden; broadcasts to [B, H, T, T]
    Watch watch = {};                                     // see nn/activations.h
};

// What a causal model keeps of the texts that it is writing, so that one more token costs one row of attention and not
// a whole pass. One cache is one batch of texts; a new text begins with a new cache.
struct KeyValueCache {
    Index length = 0;                                // tokens so far
    std::vector<KeptTokens> layers = {};             // of each layer
    std::vector<std::unique_ptr<Stream>> streams;    // of each layer's position scheme, where it has one
    bool interrupted = false;                        // by an exception, between two layers: it cannot go on
    std::shared_ptr<const char> writer = nullptr;    // whose tokens these are
};

// x: [B, T, D] -> [B, T, D].  With pre-LN the sum of all layers is normalised once more at the end.
// The encoder owns its position scheme: it calls all four hooks and lists its parameters.
class TransformerEncoder : public Module {
public:
    using Scheme = std::shared_ptr<const PositionScheme>;

    // position: one scheme for all layers, as nearly every model has it: its first two hooks act once, at x. Or one
    // that is another scheme in each layer (PositionScheme::of_layers): then all hooks act there, the first two at what
    // the layer gets. nullptr = none: then tokens do not know where they are.
    TransformerEncoder(const TransformerOptions& options, Rng& rng, const Scheme& position = nullptr)
        : options_(options),
          position_(position),
          positions_(by_layer(options, position)),
          shared_(position != nullptr && position->of_layers().empty()),
          input_dropout_(options.dropout) {
        for (std::size_t i = 0; i < positions_.size(); ++i) layers_.emplace_back(options, rng);
        if (options.input_norm) input_norm_.emplace(options.d_model, options.layer_norm_eps);
        if (options.norm == NormPlacement::pre) final_norm_.emplace(options.d_model, options.layer_norm_eps);
    }

    Tensor forward(const Tensor& x, const Mode& mode, const ForwardOptions& options = {}) const {
        return run(x, mode, options, nullptr);
    }

    // The next tokens of texts whose earlier tokens are in the cache: x [B, n, D] -> [B, n, D], the last n rows of what
    // forward() would give for all. OptionError where that cannot be: a model that is not causal, a scheme whose
    // positions change when the text grows.
    Tensor next(const Tensor& x, KeyValueCache& cache) const {
        require<OptionError>(options_.causal,
                             "TransformerEncoder: only a causal model goes on token by token; in this "
                             "one earlier tokens would have to see the new one");
        const bool begun = cache.writer != nullptr;
        require<OptionError>(!begun || (!cache.interrupted && cache.writer == self_),
                             "TransformerEncoder: this cache belongs to another model, or an error interrupted it; ",
                             "begin a new one");
        const Index B = begun ? cache.layers.front().x.dim(0) : 0;
        require(x.ndim() == 3 && (!begun || x.dim(0) == B) && x.dim(1) > 0 && x.dim(2) == options_.d_model,
                "TransformerEncoder: expected the next tokens [B, n, ", options_.d_model, "] of ",
                begun ? text_of(B) : "B", " texts, n > 0, got ", x.shape());
        const NoGrad guard;
        if (!begun) {
            std::vector<std::unique_ptr<Stream>> streams;    // a scheme may refuse: then the cache is as it was
            for (const Scheme& scheme : positions_) streams.push_back(scheme ? scheme->stream() : nullptr);
            cache = {.layers = std::vector<KeptTokens>(layers_.size()), .streams = std::move(streams), .writer = self_};
        }
        cache.interrupted = true;    // until all layers have taken the new tokens
        const Tensor y = run(x, Mode::evaluation(), {}, &cache);
        cache.length += x.dim(1);
        cache.interrupted = false;
        return y;
    }

    Parameters parameters() const override {
        Parameters all = parameters_of({{"position", shared_ ? position_ : nullptr}, {"input_norm", input_norm_}});
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            append(all, text_of("layers.", i), layers_[i]);
            if (!shared_ && positions_[i]) append(all, text_of("layers.", i, ".position"), *positions_[i]);
        }
        if (final_norm_) append(all, "norm", *final_norm_);
        return all;
    }

    const Scheme& position() const { return position_; }    // as it was given; nullptr: none

private:
    using Schemes = std::vector<Scheme>;

    static Schemes by_layer(const TransformerOptions& options, const Scheme& position) {
        require<OptionError>(0 < options.num_layers && options.num_layers <= 10'000,
                             "TransformerEncoder: expected 1 to 10000 layers, got ", options.num_layers);
        const Schemes all = position ? position->of_layers() : Schemes{};
        if (all.empty()) return Schemes(static_cast<std::size_t>(options.num_layers), position);
        require<OptionError>(std::ssize(all) == options.num_layers, "TransformerEncoder: this position scheme is ",
                             "another one in each of ", all.size(), " layers, and the model has ", options.num_layers,
                             "; name as many schemes as layers");
        return all;
    }

    Tensor run(Tensor x, const Mode& mode, const ForwardOptions& options, KeyValueCache* cache) const {
        require(x.ndim() == 3 && x.dim(2) == options_.d_model, "TransformerEncoder: expected x [B, T, ",
                options_.d_model, "], got ", x.shape());
        const Index before = cache != nullptr ? cache->length : 0, T = before + x.dim(1);
        Positions tokens = options.positions.value_or(Positions::arange(T));
        require(tokens.size() == T, "TransformerEncoder: x ", x.shape(), " needs ", T, " positions, got ",
                tokens.size());
        if (options.padding.defined()) tokens = tokens.with_lengths(true_lengths(options.padding, x));

        AttendOptions attend{.causal = options_.causal, .padding = options.padding, .mask = options.mask};
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const PositionScheme* scheme = positions_[i].get();
            attend.scheme = LentScheme(scheme);
            if (i == 0 || !shared_) {
                attend.positions = scheme ? scheme->position_ids(tokens, mode) : tokens;
                if (scheme && cache != nullptr)
                    x = streamed(x, *cache->streams[i]);
                else if (scheme)
                    x = scheme->apply_to_input(x, *attend.positions, mode);
            }
            if (i == 0 && input_norm_) x = input_dropout_.forward(input_norm_->forward(x), mode);
            if (i == 0) options.watch.keep("input", x.values());
            attend.watch = options.watch.part(text_of("layers.", i));
            attend.kept = cache != nullptr ? &cache->layers[i] : nullptr;
            x = layers_[i].forward(x, mode, attend);
        }
        return final_norm_ ? final_norm_->forward(x) : x;
    }

    static Tensor streamed(const Tensor& x, Stream& stream) {
        std::vector<Tensor> tokens;
        for (Index t = 0; t < x.dim(1); ++t) tokens.push_back(stream.next(slice(x, 1, t, t + 1)));
        return concat(tokens, 1);
    }

    // Of each sequence, up to its last token that is no padding.
    static std::vector<Index> true_lengths(const NdArray& padding, const Tensor& x) {
        require(padding.shape() == Shape({x.dim(0), x.dim(1)}), "TransformerEncoder: x ", x.shape(),
                " needs a padding [", x.dim(0), ", ", x.dim(1), "], got ", padding.shape());
        std::vector<Index> lengths;
        for (Index b = 0; b < x.dim(0); ++b) {
            Index length = x.dim(1);
            while (length > 0 && padding.at({b, length - 1}) != 0) --length;
            lengths.push_back(length);
        }
        return lengths;
    }

    TransformerOptions options_;
    std::shared_ptr<const char> self_ = std::make_shared<const char>();    // copies share weights, and so their caches
    Scheme position_;
    Schemes positions_;    // of each layer
    bool shared_;          // they are all the same one
    std::vector<TransformerEncoderLayer> layers_;
    std::optional<LayerNorm> input_norm_, final_norm_;
    Dropout input_dropout_;
};

}    // namespace ordinal
