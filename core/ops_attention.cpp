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

// The sizes, and what both passes need of the inputs.
struct Problem {
    AttentionOptions options;
    NdArray Q, K, V;    // [B, H, T, Dh] contiguous
    Index B = Q.dim(0), H = Q.dim(1), T = Q.dim(2), Dh = Q.dim(3);
    NdArray keys_across = contiguous(transpose(K));    // K^T [B, H, Dh, T]
    NdArray mask = options.mask.defined() ? broadcast_to(options.mask, {B, H, T, T}) : NdArray();
    Scalar factor = 1 / std::sqrt(static_cast<Scalar>(Dh));

    Index pairs() const { return B * H; }    // a pair = one head of one sequence
    const Scalar* of(const NdArray& a, Index pair, Index row) const { return a.data() + (pair * T + row) * Dh; }

    const Scalar* row_of(const NdArray& a, Index pair, Index row) const {    // a: [B, H, ., T], any strides
        return a.data() + pair / H * a.strides()[0] + pair % H * a.strides()[1] + row * a.strides()[2];
    }

    // e^(score_ij - max_j score_ij) for one pair's queries begin .. begin + rows: [rows, T], and the sum of each row.
    // Divided by their sums they are the weights. Backward computes them again in the same way.
    void exponentials(Index pair, Index begin, Index rows, const NdArray& bias, Scalar* out, Scalar* sums) const {
        gemm(rows, T, Dh, {of(Q, pair, begin), Dh, 1}, {keys_across.data() + pair * Dh * T, T, 1}, out, T);
        for (Index i = 0; i < rows; ++i) {
            Scalar* row = out + i * T;
            for (Index j = 0; j < T; ++j) row[j] *= factor;
            if (bias.defined())
                for (Index j = 0; j < T; ++j) row[j] += row_of(bias, pair, i)[j * bias.strides()[3]];
        }
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

// Calls block(begin, rows) for each block of queries.
template <class Block>
void for_blocks(Index T, Block block) {
    for (Index begin = 0; begin < T; begin += block_rows) block(begin, std::min(block_rows, T - begin));
}

template <class Body>
void for_pairs(Index pairs, Body body) {    // on all threads; every pair owns its part of the results
    parallel_for(pairs, 1, [&](Index first, Index last) {
        for (Index pair = first; pair < last; ++pair) body(pair);
    });
}

Scalar* scratch(int which, Index size) {
    thread_local std::vector<Scalar> buffers[2];
    auto& buffer = buffers[which];
    if (static_cast<Index>(buffer.size()) < size) buffer.resize(static_cast<std::size_t>(size));
    return buffer.data();
}

NdArray forward(const Problem& p) {
    const NoGrad guard;    // the bias's graph would hold what blocks are meant to avoid
    NdArray O = NdArray::uninitialized(p.Q.shape());
    Scalar* o = O.mutable_data();
    for_blocks(p.T, [&](Index begin, Index rows) {
        const NdArray bias = p.wide(p.bias_of(p.options.bias.sources, begin, rows), rows);
        for_pairs(p.pairs(), [&](Index pair) {
            Scalar* weights = scratch(0, rows * p.T);
            Scalar sums[block_rows];
            p.exponentials(pair, begin, rows, bias, weights, sums);
            p.drop(pair, begin, rows, weights);
            Scalar* out = o + (pair * p.T + begin) * p.Dh;
            gemm(rows, p.Dh, p.T, {weights, p.T, 1}, {p.of(p.V, pair, 0), p.Dh, 1}, out, p.Dh);
            for (Index i = 0; i < rows; ++i)    // divided here: T times fewer divisions than in the weights
                for (Index d = 0; d < p.Dh; ++d) out[i * p.Dh + d] /= sums[i];
        });
    });
    return O;
}

// P = softmax(S), O = P V:   dV = P^T dO,  dP = dO V^T,  dS_ij = P_ij (dP_ij - sum_j P_ij dP_ij)
// S = Q K^T f + bias:        dQ = f dS K,  dK = f dS^T Q,  d bias = dS.     The sum above is also dO_i . O_i.
void backward(const Problem& p, const NdArray& O, const NdArray& dO, NdArray& dQ, NdArray& dK, NdArray& dV,
              const std::vector<Tensor>& bias_sources) {
    const NoGrad recording(false);    // each block's bias is differentiated, also inside the caller's NoGrad
    const NdArray values_across = contiguous(transpose(p.V));    // [B, H, Dh, T]
    Scalar *dq = dQ.mutable_data(), *dk = dK.mutable_data(), *dv = dV.mutable_data();
    for_blocks(p.T, [&](Index begin, Index rows) {
        const Tensor bias = p.bias_of(bias_sources, begin, rows);
        const NdArray wide_bias = p.wide(bias, rows);
        NdArray d_bias = bias.requires_grad() ? NdArray({p.B, p.H, rows, p.T}) : NdArray();
        Scalar* db = d_bias.defined() ? d_bias.mutable_data() : nullptr;
        for_pairs(p.pairs(), [&](Index pair) {
            Scalar *P = scratch(0, rows * p.T), *dS = scratch(1, rows * p.T);
            const Scalar* d_out = p.of(dO, pair, begin);
            Scalar sums[block_rows];
            p.exponentials(pair, begin, rows, wide_bias, P, sums);
            gemm(rows, p.T, p.Dh, {d_out, p.Dh, 1}, {values_across.data() + pair * p.Dh * p.T, p.T, 1}, dS, p.T);
            p.drop(pair, begin, rows, dS);
            for (Index i = 0; i < rows; ++i) {
                const Scalar mean = kernels::dot(d_out + i * p.Dh, p.of(O, pair, begin + i), p.Dh);
                const Scalar inverse = 1 / sums[i];
                for (Index j = i * p.T; j < (i + 1) * p.T; ++j) {
                    P[j] *= inverse;
                    dS[j] = P[j] * (dS[j] - mean);
                }
            }
            p.hide(pair, begin, rows, 0, dS);    // a hidden score is a constant
            if (db != nullptr) std::copy_n(dS, rows * p.T, db + pair * rows * p.T);
            p.drop(pair, begin, rows, P);    // V saw the weights after dropout
            gemm(p.T, p.Dh, rows, {P, 1, p.T}, {d_out, p.Dh, 1}, dv + pair * p.T * p.Dh, p.Dh, true);
            for (Index i = 0; i < rows * p.T; ++i) dS[i] *= p.factor;
            gemm(rows, p.Dh, p.T, {dS, p.T, 1}, {p.of(p.K, pair, 0), p.Dh, 1}, dq + (pair * p.T + begin) * p.Dh, p.Dh);
            gemm(p.T, p.Dh, rows, {dS, 1, p.T}, {p.of(p.Q, pair, begin), p.Dh, 1}, dk + pair * p.T * p.Dh, p.Dh, true);
        });
        if (d_bias.defined()) bias.backward(sum_to_shape(d_bias, bias.shape()));
    });
}

}    // namespace

Tensor attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    check(Q, K, V, options);
    const Problem problem{options, contiguous(Q.values()), contiguous(K.values()), contiguous(V.values())};
    const NdArray O = forward(problem);
    std::vector<Tensor> inputs{Q, K, V};
    inputs.insert(inputs.end(), options.bias.sources.begin(), options.bias.sources.end());
    return Tensor::from_op("attention", O, inputs, [Q, K, V, problem, O](const NdArray& dO) {
        NdArray dQ(Q.shape()), dK(Q.shape()), dV(Q.shape());
        std::vector<Tensor> copies;    // leaves with the sources' values: their gradients are passed on below
        for (const Tensor& source : problem.options.bias.sources)
            copies.push_back(source.requires_grad() ? Tensor::parameter(source.values()) : Tensor(source.values()));
        backward(problem, O, contiguous(dO), dQ, dK, dV, copies);
        Q.accumulate_grad(dQ);
        K.accumulate_grad(dK);
        V.accumulate_grad(dV);
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
