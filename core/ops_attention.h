// Attention as one operation, in memory that grows linearly with the length.
#pragma once

#include <functional>
#include <limits>

#include <ordinal/core/tensor.h>

namespace ordinal {

// The one way to hide a key from a query: a score of minus infinity has weight exactly 0, whatever the other scores
// are, and passes no gradient. Masks make it, and a bias may add it.
constexpr Scalar hidden_score = -std::numeric_limits<Scalar>::infinity();

// What a position scheme adds to the scores, in a form that never needs the whole [T, T] matrix: a function that
// computes any block of its rows with ordinary operations. Rows are counted along the keys: Tq queries are the last Tq
// of Tk tokens, so query i is row i + Tk - Tq.
struct ScoreBias {
    std::vector<Tensor> sources = {};    // what it is computed from: parameters, queries, the layer's input, ...
    // Rows begin .. end of the bias from tensors like `sources` (in the same order): [H, rows, Tk] or [B, H, rows, Tk];
    // axes of size 1 are repeated. It must use the tensors it is given, not `sources` itself.
    std::function<Tensor(const std::vector<Tensor>& sources, Index begin, Index end)> rows = nullptr;

    bool defined() const { return rows != nullptr; }
};

struct AttentionOptions {
    bool causal = false;       // query i sees the keys 0 .. i + Tk - Tq: the last query sees all of them
    NdArray padding = {};      // [B, Tk]: 1 = a key that nobody sees; undefined = none
    NdArray mask = {};         // any other: 1 = hidden; broadcasts to [B, H, Tq, Tk]
    ScoreBias bias = {};       // undefined = nothing is added
    double dropout = 0;        // of the attention weights
    std::uint64_t seed = 0;    // of the dropout
};

// O = softmax(Q K^T / sqrt(Dh) + bias) V          Q: [B, H, Tq, Dh]   K: [B, H, Tk, Dh]   V: [B, H, Tk, Dv]
// Vaswani et al. 2017, arXiv 1706.03762, equation 1.                                       O: [B, H, Tq, Dv]
// A query that sees no key gets 0, and passes no gradient. Keys and values must be numbers where they are hidden, too:
// weight 0 times NaN is NaN.
// attention() works on up to 128 queries at a time and never holds a [Tq, Tk] matrix; backward computes the weights
// again. The idea is Rabe and Staats 2021, arXiv 2112.05682; here each block's softmax is the plain one. Keys that
// `causal` hides from a whole block, and padding at the end, are never multiplied.
Tensor attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options = {});

// The same as one reads it, with the whole matrix of weights: the specification that attention() is tested against.
Tensor naive_attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options = {});

// The matrix of weights itself, to be looked at: [B, H, Tq, Tk]. Without dropout and without a gradient.
NdArray attention_weights(const Tensor& Q, const Tensor& K, const AttentionOptions& options = {});

namespace detail {    // what attention() and naive_attention() share
void check_attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options);
void check_bias(const Tensor& bias, const Shape& scores);    // scores: [B, H, rows, Tk]
// Multiplies one query's weights for the keys 0 .. n - 1 by 0 or, if they are kept, by 1 / (1 - dropout).
void drop_weights(const AttentionOptions& options, Index pair, Index query, Scalar* weights, Index n);
}    // namespace detail

}    // namespace ordinal
