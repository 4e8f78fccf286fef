// What the forward and the backward pass of attention share: the weights of a block of queries. For ops_attention.cpp.
#pragma once

#include <cmath>

#include <ordinal/core/gemm.h>
#include <ordinal/core/kernels.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_attention.h>

namespace ordinal {

constexpr Index most_rows = 128;    // of a block
constexpr Scalar hidden_score = -1e9;

// One factor for each weight: 0 with the given probability, else 1 / (1 - probability). It depends on the seed and the
// weight's place only, so that forward and backward, in blocks or not, drop the same weights.
inline Scalar dropout_factor(const AttentionOptions& options, Index pair, Index query, Index key) {
    std::uint64_t x = options.seed + static_cast<std::uint64_t>(pair) * 0x9e3779b97f4a7c15 +
                      static_cast<std::uint64_t>(query) * 0xbf58476d1ce4e5b9 +
                      static_cast<std::uint64_t>(key) * 0x94d049bb133111eb;
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;    // a hash: shift and multiply, twice
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
    const double u = static_cast<double>((x ^ (x >> 32)) >> 11) * 0x1p-53;
    return u < options.dropout ? 0 : static_cast<Scalar>(1 / (1 - options.dropout));
}

// The rows of a [B, H, T, Dh] are read where they lie, also when the heads are columns of a [B, T, H Dh].
inline NdArray with_rows_in_place(const NdArray& a) { return a.strides()[3] == 1 ? a : contiguous(a); }

// A result [B, H, T, Dh] whose numbers lie in the order [B, T, H, Dh]: the heads side by side, ready to be joined.
struct HeadsSideBySide {
    NdArray numbers;
    Scalar* data = numbers.mutable_data();
    NdArray array = transpose(numbers, 1, 2);

    explicit HeadsSideBySide(const Shape& shape)
        : numbers(NdArray::uninitialized({shape[0], shape[2], shape[1], shape[3]})) {}
};

// The sizes, and what both passes need of the inputs.
struct AttentionProblem {
    AttentionOptions options;
    NdArray Q, K, V;    // [B, H, T, Dh]
    Index B = Q.dim(0), H = Q.dim(1), T = Q.dim(2), Dh = Q.dim(3);
    NdArray mask = options.mask.defined() ? broadcast_to(options.mask, {B, H, T, T}) : NdArray();
    Scalar factor = 1 / std::sqrt(static_cast<Scalar>(Dh));
    Index block_rows = T <= 2048 ? most_rows : most_rows / 2;    // weights of 1 MB: they stay in the second-level cache
    // A bias is computed for one block of all pairs at a time; without one, pairs need not wait for each other.
    Index stretch = options.bias.defined() ? block_rows : T;

    Index pairs() const { return B * H; }    // a pair = one head of one sequence

    Index at(const NdArray& a, Index pair, Index row) const {    // where row [b, h, row] of a [B, H, ., .] begins
        return pair / H * a.strides()[0] + pair % H * a.strides()[1] + row * a.strides()[2];
    }
    const Scalar* row_of(const NdArray& a, Index pair, Index row) const { return a.data() + at(a, pair, row); }
    MatrixView rows_of(const NdArray& a, Index pair, Index row) const {
        return {row_of(a, pair, row), a.strides()[2], 1};
    }
    MatrixView across(const NdArray& a, Index pair) const { return {row_of(a, pair, 0), 1, a.strides()[2]}; }

    // Q_i / sqrt(Dh) for queries begin .. begin + rows: scaled here, where there are fewer numbers than in the scores
    NdArray scaled_queries(Index pair, Index begin, Index rows) const {
        return Q.view({rows, Dh}, {Q.strides()[2], 1}, at(Q, pair, begin)) * factor;
    }

    // e^(score_ij - max_j score_ij) for one pair's queries begin .. begin + rows: [rows, T], and the sum of each row.
    // Divided by their sums they are the weights. Backward computes them again in the same way.
    void exponentials(Index pair, Index begin, Index rows, const NdArray& queries, const NdArray& bias, Scalar* out,
                      Scalar* sums) const {
        gemm(rows, T, Dh, {queries.data(), Dh, 1}, across(K, pair), out, T);
        if (bias.defined())
            for (Index i = 0; i < rows; ++i)
                for (Index j = 0; j < T; ++j) out[i * T + j] += row_of(bias, pair, i)[j * bias.strides()[3]];
        hide(pair, begin, rows, hidden_score, out);
        Scalar largest;
        for (Index i = 0; i < rows; ++i) sums[i] = kernels::exp_minus_max(out + i * T, out + i * T, T, &largest);
    }

    void hide(Index pair, Index begin, Index rows, Scalar replacement, Scalar* out) const {
        if (!mask.defined()) return;
        const Index step = mask.strides()[3];
        for (Index i = 0; i < rows; ++i) {
            const Scalar* hidden = row_of(mask, pair, begin + i);
            for (Index j = 0; j < T; ++j) out[i * T + j] = hidden[j * step] != 0 ? replacement : out[i * T + j];
        }
    }

    void drop(Index pair, Index begin, Index rows, Scalar* weights) const {
        if (options.dropout == 0) return;
        for (Index i = 0; i < rows; ++i)
            for (Index j = 0; j < T; ++j) weights[i * T + j] *= dropout_factor(options, pair, begin + i, j);
    }

    // Rows begin .. end of the bias, computed from `sources`; undefined without one. And seen as [B, H, rows, T].
    Tensor bias_of(const std::vector<Tensor>& sources, Index begin, Index end) const {
        return options.bias.defined() ? options.bias.rows(sources, begin, end) : Tensor();
    }
    NdArray wide(const Tensor& bias, Index rows) const {
        return bias.defined() ? broadcast_to(bias.values(), {B, H, rows, T}) : NdArray();
    }
};

}    // namespace ordinal
