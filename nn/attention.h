// Multi-head attention. Vaswani et al. 2017, arXiv 1706.03762, section 3.2
#pragma once

#include <cmath>
#include <memory>
#include <optional>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include <ordinal/nn/activations.h>
#include <ordinal/nn/dropout.h>
#include <ordinal/nn/linear.h>
#include <ordinal/nn/position_scheme.h>

namespace ordinal {

// ids: [B, T] -> [B, T]: 1 where a token is padding.
inline NdArray padding_mask(const IndexArray& ids, Index pad_id) {
    require(ids.shape.ndim() == 2, "padding_mask: expected ids [B, T], got ", ids.shape);
    require(ids.shape.size() == ids.size(), "padding_mask: the shape ", ids.shape, " needs ", ids.shape.size(),
            " ids, got ", ids.size());
    NdArray padding(ids.shape);
    Scalar* hidden = padding.mutable_data();
    for (Index i = 0; i < ids.size(); ++i) hidden[i] = ids[i] == pad_id ? 1 : 0;
    return padding;
}

// What a layer keeps of the tokens so far while a text is written: their keys and values, and its input.
struct KeptTokens {
    Tensor key, value;    // [B, H, T, Dh], as the position scheme left them
    Tensor x;             // [B, T, D]
    Tensor plain_key;     // [B, H, T, Dh], as the layer made them, where the scheme both rotates keys and reads them
};

// A scheme that an encoder lends its layers. The encoder calls the first two hooks itself and lists the parameters, and
// only an encoder can make one; a scheme of your own goes to a constructor, which refuses what it would ignore.
class LentScheme {
public:
    LentScheme() = default;
    const PositionScheme* get() const { return scheme_; }

private:
    friend class TransformerEncoder;
    explicit LentScheme(const PositionScheme* scheme) : scheme_(scheme) {}
    const PositionScheme* scheme_ = nullptr;
};

// What an attention layer may be told besides its input.
struct AttendOptions {
    std::optional<Positions> positions = std::nullopt;    // of the tokens; default 0, 1, ..., T - 1
    bool causal = false;                                  // a token sees itself and what stands before it
    NdArray padding = {};                                 // [B, T]: 1 = a token that nobody sees; undefined = none
    NdArray mask = {};                                    // any other rule, 1 = hidden; broadcasts to [B, H, T, T]
    Tensor memory = {};            // [B, T', D]: keys and values are made of it instead of x (cross-attention)
    KeptTokens* kept = nullptr;    // earlier tokens; x holds the next ones and joins them
    Watch watch = {};
    LentScheme scheme = {};    // in the place of the layer's own
};

// q, k, v = W_q x, W_k x, W_v x, cut into H heads;   scores = q k^T / sqrt(Dh)   (+ the scheme's bias)
// output = W_o concat(softmax(scores) v)          B batch, T length, D = d_model, H heads, Dh = D / H
class MultiHeadAttention : public Module {
public:
    // position: a scheme for this layer alone, which then lists its parameters. One that acts on ids or at the input is
    // refused: attention never asks for that.
    MultiHeadAttention(Index d_model, Index num_heads, Rng& rng, double dropout = 0,
                       std::shared_ptr<const PositionScheme> position = nullptr)
        : query_(d_model, d_model, rng),
          key_(d_model, d_model, rng),
          value_(d_model, d_model, rng),
          output_(d_model, d_model, rng),
          dropout_(dropout),
          num_heads_(num_heads),
          position_(std::move(position)) {
        require<OptionError>(num_heads > 0 && d_model % num_heads == 0, "MultiHeadAttention: d_model ", d_model,
                             " cannot be cut into ", num_heads, " equal heads");
        require_probability(dropout, "MultiHeadAttention");
        require<OptionError>(!position_ || position_->of_layers().empty(), "MultiHeadAttention: this position scheme ",
                             "is another one in each layer; give it to TransformerEncoder or Transformer");
        require<OptionError>(
            !position_ || !includes(position_->acts_at(), Place::ids | Place::input),
            "MultiHeadAttention: this position scheme acts on the ids or at the input, where attention "
            "does not ask it; give it to TransformerEncoder or Transformer, which ask it everywhere");
    }

    // x: [B, T, D] -> [B, T, D]
    Tensor forward(const Tensor& x, const Mode& mode, const AttendOptions& options = {}) const {
        const PositionScheme* scheme = options.scheme.get() != nullptr ? options.scheme.get() : position_.get();
        require(x.ndim() == 3 && x.dim(1) > 0, "MultiHeadAttention: expected x [B, T, D] with T > 0, got x ",
                x.shape());
        require<OptionError>(!options.memory.defined() || (scheme == nullptr && options.kept == nullptr),
                             "MultiHeadAttention: between two sequences there are no positions and nothing is kept");
        require<OptionError>(options.kept == nullptr || options.causal, "MultiHeadAttention: tokens that were kept do ",
                             "not see what comes later, so only a causal layer keeps them");
        const Tensor& source = options.memory.defined() ? options.memory : x;
        const QueryKeyValue plain{split_heads(query_.forward(x)), split_heads(key_.forward(source)),
                                  split_heads(value_.forward(source))};
        AttentionContext context{
            .x = all_inputs(options.kept, x), .causal = options.causal, .padding = options.padding};
        const Index before = context.x.dim(1) - x.dim(1);
        context.positions = options.positions.value_or(Positions::arange(before + x.dim(1)));
        require(context.positions.size() == before + x.dim(1), "MultiHeadAttention: x ", x.shape(),
                before > 0 ? text_of(" behind ", before, " kept tokens") : "", " needs as many positions, got ",
                context.positions.size());
        // Kept keys went through the scheme with the positions of their own tokens, so here only the new ones do.
        QueryKeyValue qkv = scheme != nullptr ? scheme->apply_to_queries_and_keys(plain, context) : plain;
        const bool reads_plain_keys = scheme != nullptr && includes(scheme->acts_at(), Place::queries_and_keys) &&
                                      includes(scheme->acts_at(), Place::scores);
        KeptTokens all{qkv.key, qkv.value, context.x, reads_plain_keys ? plain.key : Tensor()};
        if (before > 0) all = join(*options.kept, all);
        qkv = {qkv.query, all.key, all.value};

        AttentionOptions how{.causal = options.causal, .padding = options.padding, .mask = options.mask};
        const Tensor& key = reads_plain_keys ? all.plain_key : all.key;
        if (scheme != nullptr) how.bias = scheme->score_bias({plain.query, key, all.value}, context);
        if (options.watch) look(options.watch, qkv, how);
        if (mode.is_training() && dropout_ > 0) {
            how.dropout = dropout_;
            how.seed = mode.rng().bits();
        }
        const Tensor y = output_.forward(join_heads(attention(qkv.query, qkv.key, qkv.value, how)));
        if (options.kept != nullptr) *options.kept = all;    // now that nothing can fail any more
        return y;
    }

    Parameters parameters() const override {
        return parameters_of(
            {{"query", query_}, {"key", key_}, {"value", value_}, {"out_proj", output_}, {"position", position_}});
    }

private:
    // The input of all tokens: of those that were kept and of the new ones behind them.
    static Tensor all_inputs(const KeptTokens* kept, const Tensor& x) {
        if (kept == nullptr || !kept->x.defined()) return x;
        require(kept->x.dim(0) == x.dim(0), "MultiHeadAttention: ", kept->x.dim(0), " texts were begun, ", x.dim(0),
                " go on");
        return concat({kept->x, x}, 1);
    }
    // What is to be kept then; next.x is that of all tokens already.
    static KeptTokens join(const KeptTokens& kept, const KeptTokens& next) {
        return {concat({kept.key, next.key}, 2), concat({kept.value, next.value}, 2), next.x,
                next.plain_key.defined() ? concat({kept.plain_key, next.plain_key}, 2) : Tensor()};
    }

    // scores: before anything is hidden; weights: what the values are mixed with.   [B, H, T, T] each
    static void look(const Watch& watch, const QueryKeyValue& qkv, const AttentionOptions& how) {
        const NoGrad guard;
        const double head_dim = static_cast<double>(qkv.query.dim(3));
        Tensor scores = matmul(qkv.query, transpose(qkv.key)) * static_cast<Scalar>(1 / std::sqrt(head_dim));
        const Index T = qkv.key.dim(2);
        if (how.bias.defined()) scores = scores + how.bias.rows(how.bias.sources, T - qkv.query.dim(2), T);
        watch.keep("scores", scores.values());
        watch.keep("weights", attention_weights(qkv.query, qkv.key, how));
    }

    Tensor split_heads(const Tensor& x) const {    // [B, T, D] -> [B, T, H, Dh] -> [B, H, T, Dh]
        return permute(reshape(x, Shape{x.dim(0), x.dim(1), num_heads_, x.dim(2) / num_heads_}), {0, 2, 1, 3});
    }
    static Tensor join_heads(const Tensor& x) {    // [B, H, T, Dh] -> [B, T, H, Dh] -> [B, T, D]
        return reshape(permute(x, {0, 2, 1, 3}), Shape{x.dim(0), x.dim(2), x.dim(1) * x.dim(3)});
    }

    Linear query_, key_, value_, output_;
    double dropout_;
    Index num_heads_;
    std::shared_ptr<const PositionScheme> position_;
};

}    // namespace ordinal
