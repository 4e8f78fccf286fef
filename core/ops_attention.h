// Attention as one operation, in memory that grows linearly with the length.
#pragma once

#include <functional>

#include <ordinal/core/tensor.h>

namespace ordinal {

// What a position scheme adds to the scores, in a form that never needs the whole [T, T] matrix: a function that
// computes any block of its rows with ordinary operations.
struct ScoreBias {
    std::vector<Tensor> sources = {};    // what it is computed from: parameters, queries, the layer's input, ...
    // Rows begin .. end of the bias from tensors like `sources` (in the same order): [H, rows, T] or [B, H, rows, T];
    // axes of size 1 are repeated. It must use the tensors it is given, not `sources` itself.
    std::function<Tensor(const std::vector<Tensor>& sources, Index begin, Index end)> rows = nullptr;

    bool defined() const { return rows != nullptr; }
};

struct AttentionOptions {
    NdArray mask = {};         // 1 = hidden; broadcasts to [B, H, T, T]; undefined = everything is visible
    ScoreBias bias = {};       // undefined = nothing is added
    double dropout = 0;        // of the attention weights
    std::uint64_t seed = 0;    // of the dropout
};

// O = softmax(Q K^T / sqrt(Dh) + bias) V          Q, K, V, O: [B, H, T, Dh]
// Vaswani et al. 2017, arXiv 1706.03762, equation 1.  A score that is hidden becomes -1e9, whose exponential is 0.
// attention() works on up to 128 queries at a time and never holds a [T, T] matrix; backward computes the weights
// again. The idea is Rabe and Staats 2021, arXiv 2112.05682; here each block's softmax is the plain one.
Tensor attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options = {});

// The same as one reads it, with the whole matrix of weights: the specification that attention() is tested against.
Tensor naive_attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options = {});

}    // namespace ordinal
