#include "core/ops_attention.h"

#include <cmath>

#include "core/gemm.h"
#include "core/kernels.h"
#include "core/nd_math.h"
#include "core/ops_elementwise.h"
#include "core/ops_matmul.h"
#include "core/ops_reduce.h"
#include "core/ops_shape.h"
#include "core/parallel.h"

namespace ordinal {
namespace {

constexpr Index block_rows = 64;    // 64 rows of 4096 weights are 1 MB: a block stays in the second-level cache
constexpr Scalar hidden_score = -1e9;

void check(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    require(Q.ndim() == 4 && Q.shape() == K.shape() && Q.shape() == V.shape() && Q.dim(2) > 0,
            "attention: expected Q, K and V of one shape [B, H, T, Dh] with T > 0, got ", Q.shape(), ", ", K.shape(),
            " and ", V.shape());
    require<OptionError>(0 <= options.dropout && options.dropout < 1, "attention: expected 0 <= dropout < 1, got ",
                         options.dropout);
}

// One factor for each weight: 0 with the given probability, else 1 / (1 - probability). It depends on the seed and the
// weight's place only, so that forward and backward, in blocks or not, drop the same weights.
Scalar dropout_factor(const AttentionOptions& options, Index pair, Index query, Index key) {
    std::uint64_t x = options.seed + static_cast<std::uint64_t>(pair) * 0x9e3779b97f4a7c15 +
                      static_cast<std::uint64_t>(query) * 0xbf58476d1ce4e5b9 +
                      static_cast<std::uint64_t>(key) * 0x94d049bb133111eb;
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;    // a hash: shift and multiply, twice
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
    const double u = static_cast<double>((x ^ (x >> 32)) >> 11) * 0x1p-53;
    return u < options.dropout ? 0 : static_cast<Scalar>(1 / (1 - options.dropout));
}

Scalar* scratch(int which, Index size) {
    thread_local std::vector<Scalar> buffers[3];
    auto& buffer = buffers[which];
    if (static_cast<Index>(buffer.size()) < size) buffer.resize(static_cast<std::size_t>(size));
    return buffer.data();
}

// The rows of a [B, H, T, Dh] are read where they lie, also when the heads are columns of a [B, T, H Dh].
NdArray with_rows_in_place(const NdArray& a) { return a.strides()[3] == 1 ? a : contiguous(a); }

// An array [B, H, T, Dh] whose numbers lie in the order [B, T, H, Dh]: the heads side by side, ready to be joined.
NdArray heads_side_by_side(const Shape& shape) {
    return transpose(NdArray::uninitialized({shape[0], shape[2], shape[1], shape[3]}), 1, 2);
}

// The sizes, and what both passes need of the inputs.
struct Problem {
    AttentionOptions options;
    NdArray Q, K, V;    // [B, H, T, Dh]
    Index B = Q.dim(0), H = Q.dim(1), T = Q.dim(2), Dh = Q.dim(3);
    NdArray mask = options.mask.defined() ? broadcast_to(options.mask, {B, H, T, T}) : NdArray();
    Scalar factor = 1 / std::sqrt(static_cast<Scalar>(Dh));

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
    const Scalar* scaled_queries(Index pair, Index begin, Index rows) const {
        Scalar* scaled = scratch(2, rows * Dh);
        for (Index i = 0; i < rows; ++i)
            for (Index d = 0; d < Dh; ++d) scaled[i * Dh + d] = row_of(Q, pair, begin + i)[d] * factor;
        return scaled;
    }

    // e^(score_ij - max_j score_ij) for one pair's queries begin .. begin + rows: [rows, T], and the sum of each row.
    // Divided by their sums they are the weights. Backward computes them again in the same way.
    void exponentials(Index pair, Index begin, Index rows, const Scalar* queries, const NdArray& bias, Scalar* out,
                      Scalar* sums) const {
        gemm(rows, T, Dh, {queries, Dh, 1}, across(K, pair), out, T);
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

    // The bias of a block of rows, computed from `sources`; undefined without one. And seen as [B, H, rows, T].
    Tensor bias_of(const std::vector<Tensor>& sources, Index begin, Index rows) const {
        return options.bias.defined() ? options.bias.rows(sources, begin, begin + rows) : Tensor();
    }
    NdArray wide(const Tensor& bias, Index rows) const {
        return bias.defined() ? broadcast_to(bias.values(), {B, H, rows, T}) : NdArray();
    }
};

// Calls body(pair, begin, rows, bias) for each block of queries of each pair, on all threads. A thread takes a pair
// through all of its blocks, so that keys and values stay in its cache; a bias is computed for all pairs at once, and
// then the blocks come one after the other.
template <class Body>
void for_pairs(const Problem& p, const NdArray& bias, Index begin, Index end, Body body) {
    parallel_for(p.pairs(), 1, [&](Index first, Index last) {
        for (Index pair = first; pair < last; ++pair)
            for (Index row = begin; row < end; row += block_rows)
                body(pair, row, std::min(block_rows, end - row), bias);
    });
}
template <class Block>
void for_blocks(Index T, Block block) {
    for (Index begin = 0; begin < T; begin += block_rows) block(begin, std::min(block_rows, T - begin));
}

NdArray forward(const Problem& p) {
    const NoGrad guard;    // the bias's graph would hold what blocks are meant to avoid
    NdArray O = heads_side_by_side(p.Q.shape());
    Scalar* o = const_cast<Scalar*>(O.data());
    const Index stride = O.strides()[2];
    const auto one_block = [&](Index pair, Index begin, Index rows, const NdArray& bias) {
        Scalar* weights = scratch(0, rows * p.T);
        Scalar sums[block_rows];
        p.exponentials(pair, begin, rows, p.scaled_queries(pair, begin, rows), bias, weights, sums);
        p.drop(pair, begin, rows, weights);
        Scalar* out = o + p.at(O, pair, begin);
        gemm(rows, p.Dh, p.T, {weights, p.T, 1}, p.rows_of(p.V, pair, 0), out, stride);
        for (Index i = 0; i < rows; ++i)    // divided here: T times fewer divisions than in the weights
            for (Index d = 0; d < p.Dh; ++d) out[i * stride + d] /= sums[i];
    };
    if (!p.options.bias.defined())
        for_pairs(p, {}, 0, p.T, one_block);
    else
        for_blocks(p.T, [&](Index begin, Index rows) {
            const NdArray bias = p.wide(p.bias_of(p.options.bias.sources, begin, rows), rows);
            for_pairs(p, bias, begin, begin + rows, one_block);
        });
    return O;
}

// P = softmax(S), O = P V:   dV = P^T dO,  dP = dO V^T,  dS_ij = P_ij (dP_ij - sum_j P_ij dP_ij)
// S = Q K^T f + bias:        dQ = f dS K,  dK = f dS^T Q,  d bias = dS.     The sum above is also dO_i . O_i.
struct Gradients {
    NdArray dQ, dK, dV;
};
Gradients backward(const Problem& p, const NdArray& O, const NdArray& dO, const std::vector<Tensor>& bias_sources) {
    const NoGrad recording(false);    // each block's bias is differentiated, also inside the caller's NoGrad
    const Gradients all{heads_side_by_side(p.Q.shape()), heads_side_by_side(p.Q.shape()),
                        heads_side_by_side(p.Q.shape())};
    const Index stride = all.dQ.strides()[2];
    NdArray d_bias;
    const auto one_block = [&](Index pair, Index begin, Index rows, const NdArray& bias) {
        const auto row = [&](const NdArray& a, Index i) { return const_cast<Scalar*>(p.row_of(a, pair, i)); };
        const bool add = begin > 0;    // dK and dV collect the shares of all queries
        const Scalar* queries = p.scaled_queries(pair, begin, rows);
        Scalar *P = scratch(0, rows * p.T), *dS = scratch(1, rows * p.T), *dq = row(all.dQ, begin);
        Scalar sums[block_rows];
        p.exponentials(pair, begin, rows, queries, bias, P, sums);
        gemm(rows, p.T, p.Dh, p.rows_of(dO, pair, begin), p.across(p.V, pair), dS, p.T);
        p.drop(pair, begin, rows, dS);
        for (Index i = 0; i < rows; ++i) {
            const Scalar mean = kernels::dot(row(dO, begin + i), row(O, begin + i), p.Dh);
            const Scalar inverse = 1 / sums[i];
            for (Index j = i * p.T; j < (i + 1) * p.T; ++j) {
                P[j] *= inverse;
                dS[j] = P[j] * (dS[j] - mean);
            }
        }
        p.hide(pair, begin, rows, 0, dS);    // a hidden score is a constant
        if (d_bias.defined()) std::copy_n(dS, rows * p.T, const_cast<Scalar*>(d_bias.data()) + pair * rows * p.T);
        p.drop(pair, begin, rows, P);    // V saw the weights after dropout
        gemm(p.T, p.Dh, rows, {P, 1, p.T}, p.rows_of(dO, pair, begin), row(all.dV, 0), stride, add);
        gemm(p.T, p.Dh, rows, {dS, 1, p.T}, {queries, p.Dh, 1}, row(all.dK, 0), stride, add);
        gemm(rows, p.Dh, p.T, {dS, p.T, 1}, p.rows_of(p.K, pair, 0), dq, stride);
        for (Index i = 0; i < rows; ++i)
            for (Index d = 0; d < p.Dh; ++d) dq[i * stride + d] *= p.factor;
    };
    if (!p.options.bias.defined())
        for_pairs(p, {}, 0, p.T, one_block);
    else
        for_blocks(p.T, [&](Index begin, Index rows) {
            const Tensor bias = p.bias_of(bias_sources, begin, rows);
            if (bias.requires_grad()) d_bias = NdArray::uninitialized({p.B, p.H, rows, p.T});
            for_pairs(p, p.wide(bias, rows), begin, begin + rows, one_block);
            if (d_bias.defined()) bias.backward(sum_to_shape(d_bias, bias.shape()));
        });
    return all;
}

}    // namespace

Tensor attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    check(Q, K, V, options);
    const Problem problem{options, with_rows_in_place(Q.values()), with_rows_in_place(K.values()),
                          with_rows_in_place(V.values())};
    const NdArray O = forward(problem);
    std::vector<Tensor> inputs{Q, K, V};
    inputs.insert(inputs.end(), options.bias.sources.begin(), options.bias.sources.end());
    return Tensor::from_op("attention", O, inputs, [Q, K, V, problem, O](const NdArray& dO) {
        std::vector<Tensor> copies;    // leaves with the sources' values: their gradients are passed on below
        for (const Tensor& source : problem.options.bias.sources)
            copies.push_back(source.requires_grad() ? Tensor::parameter(source.values()) : Tensor(source.values()));
        const Gradients all = backward(problem, O, with_rows_in_place(dO), copies);
        Q.accumulate_grad(all.dQ);
        K.accumulate_grad(all.dK);
        V.accumulate_grad(all.dV);
        for (std::size_t i = 0; i < copies.size(); ++i)
            if (copies[i].has_grad()) problem.options.bias.sources[i].accumulate_grad(copies[i].grad());
    });
}

Tensor naive_attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    check(Q, K, V, options);
    const Index B = Q.dim(0), H = Q.dim(1), T = Q.dim(2);
    Tensor scores = scale(matmul(Q, transpose(K)), 1 / std::sqrt(static_cast<Scalar>(Q.dim(3))));    // [B, H, T, T]
    if (options.bias.defined()) scores = scores + options.bias.rows(options.bias.sources, 0, T);
    if (options.mask.defined()) scores = masked_fill(scores, options.mask, hidden_score);
    Tensor weights = softmax(scores);
    if (options.dropout > 0) {
        NdArray factors = NdArray::uninitialized({B, H, T, T});
        Scalar* factor = factors.mutable_data();
        for (Index i = 0; i < factors.size(); ++i) factor[i] = dropout_factor(options, i / (T * T), i / T % T, i % T);
        weights = weights * Tensor(factors);
    }
    return matmul(weights, V);
}

}    // namespace ordinal
