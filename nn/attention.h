// Multi-head attention. Vaswani et al. 2017, arXiv 1706.03762, section 3.2
#pragma once

#include <memory>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/dropout.h>
#include <ordinal/nn/linear.h>
#include <ordinal/nn/position_scheme.h>

namespace ordinal {

// Masks say which keys a query may NOT see: 1 = hidden. They broadcast to [B, H, T, T] (query i, key j).
// [T, T]: hides the future, j > i.
inline NdArray causal_mask(Index length) {
    NdArray mask = zeros({length, length});
    Scalar* hidden = mask.mutable_data();
    for (Index i = 0; i < length; ++i)
        for (Index j = i + 1; j < length; ++j) hidden[i * length + j] = 1;
    return mask;
}

// ids: [B, T] -> [B, 1, 1, T]: hides the padding.
inline NdArray padding_mask(const IndexArray& ids, Index pad_id) {
    require(ids.shape.ndim() == 2, "padding_mask: expected ids [B, T], got ", ids.shape);
    NdArray mask = zeros({ids.shape[0], 1, 1, ids.shape[1]});
    Scalar* hidden = mask.mutable_data();
    for (Index i = 0; i < ids.size(); ++i) hidden[i] = ids[i] == pad_id ? 1 : 0;
    return mask;
}

// q, k, v = W_q x, W_k x, W_v x, cut into H heads;   scores = q k^T / sqrt(Dh)   (+ the scheme's bias)
// output = W_o concat(softmax(scores) v)          B batch, T length, D = d_model, H heads, Dh = D / H
class MultiHeadAttention : public Module {
public:
    // position: what the scheme does inside attention; nullptr = nothing. Whoever owns the scheme lists its parameters.
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
    }

    // x: [B, T, D] -> [B, T, D].   mask: see above; undefined = everything is visible.
    Tensor forward(const Tensor& x, const Positions& positions, const NdArray& mask, const Mode& mode) const {
        require(x.ndim() == 3 && x.dim(1) > 0 && x.dim(1) == positions.size(),
                "MultiHeadAttention: expected x [B, T, D] and T > 0 positions, got x ", x.shape(), " and ",
                positions.size(), " positions");
        QueryKeyValue qkv{split_heads(query_.forward(x)), split_heads(key_.forward(x)), split_heads(value_.forward(x))};
        if (position_) qkv = position_->turn(qkv, positions);

        AttentionOptions options{.mask = mask};
        if (position_) options.bias = position_->score_bias(qkv, x, positions);
        if (mode.is_training() && dropout_ > 0) {
            options.dropout = dropout_;
            options.seed = mode.rng().bits();
        }
        return output_.forward(join_heads(attention(qkv.query, qkv.key, qkv.value, options)));
    }

    Parameters parameters() const override {
        Parameters all;
        append(all, "query", query_);
        append(all, "key", key_);
        append(all, "value", value_);
        append(all, "out_proj", output_);
        return all;
    }

private:
    Tensor split_heads(const Tensor& x) const {    // [B, T, D] -> [B, T, H, Dh] -> [B, H, T, Dh]
        return permute(reshape(x, {x.dim(0), x.dim(1), num_heads_, -1}), {0, 2, 1, 3});
    }
    static Tensor join_heads(const Tensor& x) {    // [B, H, T, Dh] -> [B, T, H, Dh] -> [B, T, D]
        return reshape(permute(x, {0, 2, 1, 3}), {x.dim(0), x.dim(2), -1});
    }

    Linear query_, key_, value_, output_;
    double dropout_;
    Index num_heads_;
    std::shared_ptr<const PositionScheme> position_;
};

}    // namespace ordinal
