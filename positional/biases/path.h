// Path: on the way from a key to a query, every token in between reflects what is carried along.
//
// Source:  Yang et al. 2025, arXiv 2505.16381 ("PaTH Attention"), as their code has it (fla/layers/path_attn.py of
//          github.com/fla-org/flash-linear-attention); without its short convolution, and W is of full rank, there 32
// Formula: a_ij = q_i . H_i H_{i-1} ... H_{j+1} k_j / sqrt(Dh),  H_t = I - beta_t w_t w_t^T
//          w_t = W x_t / sqrt(|W x_t|^2 + 1e-12);  beta_t = 2 sigmoid(u . x_t + c), one for each token and head
//          j > i is hidden
//          as a bias:  b(i, j) = q_i . (H_i ... H_{j+1} - I) k_j / sqrt(Dh)
// Shapes:  x: [B, T, D], the attention layer's input; W: [H Dh, D], u: [H, D], c: [H]; rows of [B, H, T, T]
// Why:     RoPE multiplies one fixed rotation per step, this one a matrix that each token chooses: H = I lets all pass,
//          beta = 1 erases a direction, beta = 2 flips it, so a token can count, swap and forget for those behind it.
//          The price: matrices do not commute, so nothing is a difference of two sums: each query walks back through
//          all keys. The authors do that in blocks; here it is a plain loop, one reflection after the other, for small
//          T. And rotations do not commute with reflections, so that "path + rope" would be another scheme for each
//          order, and none of them knows distances alone: a composition with a part that rotates is refused.
#pragma once

#include <cmath>

#include <ordinal/nn/linear.h>
#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

class Path : public Encoding {
public:
    // path
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions&, Rng& rng) {
        return std::make_shared<Path>(request.num_heads, request.head_dim(), request.d_model, rng);
    }

    Path(Index num_heads, Index head_dim, Index d_model, Rng& rng)
        : num_heads_(allowed(num_heads, head_dim, d_model)),
          direction_(d_model, num_heads * head_dim, rng, false),
          strength_(d_model, num_heads, rng) {}

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Index T = context.positions.size();
        const Tensor& x = context.x;
        require_heads("Path", qkv, num_heads_, context.positions);
        require_running("Path", context.positions);
        require(x.ndim() == 3 && x.dim(1) == T, "Path: expected the layer's input [B, ", T, ", D], got ", x.shape());
        const Index B = x.dim(0), H = num_heads_, Dh = qkv.query.dim(3);
        Tensor w = permute(reshape(direction_.forward(x), {B, T, H, Dh}), {0, 2, 1, 3});    // [B, H, T, Dh]
        w = w / sqrt(sum(w * w, 3) + static_cast<Scalar>(1e-12));
        const Tensor beta = sigmoid(strength_.forward(x)) * 2;    // [B, T, H]
        return {.sources = {qkv.query, qkv.key, w, reshape(permute(beta, {0, 2, 1}), {B, H, T, 1})}, .rows = rows};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .depth = Depth::linear,
                .ids = AcceptedIds::consecutive,
                .content_dependent = true,
                .cacheable = false,
                .causal_only = true,
                .translation_invariant = true,
                .distinct = true,
                .replaces_product = true,
                .source = "Yang et al. 2025, arXiv 2505.16381"};
    }

    Parameters parameters() const override {
        return parameters_of({{"direction", direction_}, {"strength", strength_}});
    }

private:
    // For the queries i = begin .. end - 1 at once, v walks back: at key j it is H_{j+1} ... H_i q_i.
    static Tensor rows(const std::vector<Tensor>& sources, Index begin, Index end) {
        const Tensor &k = sources[1], &w = sources[2], &beta = sources[3];
        const Index T = k.dim(2);
        const Tensor q = queries_of(sources[0], T, begin, end);    // [B, H, rows, Dh]
        Tensor v = q;
        std::vector<Tensor> columns(static_cast<std::size_t>(T), sum(q - q, 3));    // [B, H, rows, 1] each
        for (Index j = end - 2; j >= 0; --j) {
            const auto token = [j](const Tensor& t, Index at) { return slice(t, 2, j + at, j + at + 1); };
            NdArray behind = zeros({end - begin, 1});    // 1 for the queries that token j + 1 is not behind of
            for (Index i = std::max(begin, j + 1); i < end; ++i) behind.mutable_data()[i - begin] = 1;
            const Tensor along = token(w, 1) * (token(beta, 1) * sum(token(w, 1) * v, 3));
            v = v - along * Tensor(behind);
            columns[static_cast<std::size_t>(j)] = sum((v - q) * token(k, 0), 3);
        }
        const Tensor b = concat(columns, 3) * static_cast<Scalar>(1 / std::sqrt(static_cast<double>(k.dim(3))));
        return masked_fill(b, future(begin, end, T), hidden_score);
    }

    static Index allowed(Index num_heads, Index head_dim, Index d_model) {
        require<OptionError>(num_heads > 0 && head_dim > 0, "Path: expected heads and a head_dim > 0, got ", num_heads,
                             " and ", head_dim);
        require_room("Path", "the directions", {num_heads, head_dim, d_model}, "take a smaller model");
        return num_heads;
    }

    Index num_heads_;
    Linear direction_, strength_;    // W; u and c
};

}    // namespace ordinal
