#include <ordinal/core/ops_attention.h>

#include <ordinal/core/attention_problem.h>
#include <ordinal/core/instruction_set.h>
#include <ordinal/core/ops_elementwise.h>
#include <ordinal/core/ops_matmul.h>
#include <ordinal/core/ops_reduce.h>
#include <ordinal/core/ops_shape.h>
#include <ordinal/core/parallel.h>

namespace ordinal {
namespace {

void check(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    require(Q.ndim() == 4 && Q.shape() == K.shape() && Q.shape() == V.shape() && Q.dim(2) > 0,
            "attention: expected Q, K and V of one shape [B, H, T, Dh] with T > 0, got ", Q.shape(), ", ", K.shape(),
            " and ", V.shape());
    require<OptionError>(0 <= options.dropout && options.dropout < 1, "attention: expected 0 <= dropout < 1, got ",
                         options.dropout);
}

// Calls body(pair, begin, rows) for each block of queries begin .. end of each pair, on all threads. A thread takes a
// pair through all of its blocks, so that keys and values stay in its cache.
template <class Body>
void for_blocks(const AttentionProblem& p, Index begin, Index end, Body body) {
    parallel_for(p.pairs(), 1, [&](Index first, Index last) {
        for (Index pair = first; pair < last; ++pair)
            for (Index row = begin; row < end; row += p.block_rows) body(pair, row, std::min(p.block_rows, end - row));
    });
}

NdArray forward(const AttentionProblem& p) {
    const NoGrad guard;    // the bias's graph would hold what blocks are meant to avoid
    const HeadsSideBySide O(p.Q.shape());
    const Index stride = O.array.strides()[2];
    for (Index from = 0; from < p.T; from += p.stretch) {
        const Index to = std::min(from + p.stretch, p.T);
        const NdArray bias = p.wide(p.bias_of(p.options.bias.sources, from, to), to - from);
        for_blocks(p, from, to, [&](Index pair, Index begin, Index rows) {
            NdArray block = NdArray::uninitialized({rows, p.T});
            Scalar* weights = block.mutable_data();
            Scalar sums[most_rows];
            p.exponentials(pair, begin, rows, p.scaled_queries(pair, begin, rows), bias, weights, sums);
            p.drop(pair, begin, rows, weights);
            Scalar* out = O.data + p.at(O.array, pair, begin);
            gemm(rows, p.Dh, p.T, {weights, p.T, 1}, p.rows_of(p.V, pair, 0), out, stride);
            for (Index i = 0; i < rows; ++i)    // divided here: T times fewer divisions than in the weights
                for (Index d = 0; d < p.Dh; ++d) out[i * stride + d] /= sums[i];
        });
    }
    return O.array;
}

// P = softmax(S), O = P V:   dV = P^T dO,  dP = dO V^T,  dS_ij = P_ij (dP_ij - sum_j P_ij dP_ij)
// S = Q K^T f + bias:        dQ = f dS K,  dK = f dS^T Q,  d bias = dS.     The sum above is also dO_i . O_i.
std::array<NdArray, 3> backward(const AttentionProblem& p, const NdArray& O, const NdArray& dO,
                                const std::vector<Tensor>& bias_sources) {
    const NoGrad recording(false);    // each block's bias is differentiated, also inside the caller's NoGrad
    const HeadsSideBySide dQ(p.Q.shape()), dK(p.Q.shape()), dV(p.Q.shape());
    const Index stride = dQ.array.strides()[2];
    const auto one_block = [&](Index pair, Index begin, Index rows, const NdArray& bias, Scalar* db) {
        const Index first = p.at(dQ.array, pair, 0);
        const bool add = begin > 0;    // dK and dV collect the shares of all queries
        const NdArray queries = p.scaled_queries(pair, begin, rows);
        NdArray blocks = NdArray::uninitialized({2, rows, p.T});
        Scalar *P = blocks.mutable_data(), *dS = P + rows * p.T;
        Scalar* dq = dQ.data + first + begin * stride;
        Scalar sums[most_rows];
        p.exponentials(pair, begin, rows, queries, bias, P, sums);
        gemm(rows, p.T, p.Dh, p.rows_of(dO, pair, begin), p.across(p.V, pair), dS, p.T);
        p.drop(pair, begin, rows, dS);
        for (Index i = 0; i < rows; ++i) {
            const auto mean =
                static_cast<Scalar>(kernels::dot(p.row_of(dO, pair, begin + i), p.row_of(O, pair, begin + i), p.Dh));
            const Scalar inverse = 1 / sums[i];
            Scalar *P_i = P + i * p.T, *dS_i = dS + i * p.T;
            vectorized([=, T = p.T]() ORDINAL_INLINE {
                for (Index j = 0; j < T; ++j) {
                    P_i[j] *= inverse;
                    dS_i[j] = P_i[j] * (dS_i[j] - mean);
                }
            });
        }
        p.hide(pair, begin, rows, 0, dS);    // a hidden score is a constant
        if (db != nullptr) std::copy_n(dS, rows * p.T, db + pair * rows * p.T);
        p.drop(pair, begin, rows, P);    // V saw the weights after dropout
        gemm(p.T, p.Dh, rows, {P, 1, p.T}, p.rows_of(dO, pair, begin), dV.data + first, stride, add);
        gemm(p.T, p.Dh, rows, {dS, 1, p.T}, {queries.data(), p.Dh, 1}, dK.data + first, stride, add);
        gemm(rows, p.Dh, p.T, {dS, p.T, 1}, p.rows_of(p.K, pair, 0), dq, stride);
        for (Index i = 0; i < rows; ++i)
            for (Index d = 0; d < p.Dh; ++d) dq[i * stride + d] *= p.factor;
    };
    for (Index from = 0; from < p.T; from += p.stretch) {
        const Index to = std::min(from + p.stretch, p.T);
        const Tensor bias = p.bias_of(bias_sources, from, to);
        const NdArray wide_bias = p.wide(bias, to - from);
        NdArray d_bias = bias.requires_grad() ? NdArray({p.B, p.H, to - from, p.T}) : NdArray();
        Scalar* db = d_bias.defined() ? d_bias.mutable_data() : nullptr;
        for_blocks(p, from, to,
                   [&](Index pair, Index begin, Index rows) { one_block(pair, begin, rows, wide_bias, db); });
        if (d_bias.defined()) bias.backward(sum_to_shape(d_bias, bias.shape()));
    }
    return {dQ.array, dK.array, dV.array};
}

}    // namespace

Tensor attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    check(Q, K, V, options);
    const AttentionProblem problem{options, with_rows_in_place(Q.values()), with_rows_in_place(K.values()),
                                   with_rows_in_place(V.values())};
    const NdArray O = forward(problem);
    std::vector<Tensor> inputs{Q, K, V};
    inputs.insert(inputs.end(), options.bias.sources.begin(), options.bias.sources.end());
    return Tensor::from_op("attention", O, inputs, [Q, K, V, problem, O](const NdArray& dO) {
        std::vector<Tensor> copies;    // leaves with the sources' values: their gradients are passed on below
        for (const Tensor& source : problem.options.bias.sources)
            copies.push_back(source.requires_grad() ? Tensor::parameter(source.values()) : Tensor(source.values()));
        const auto [dQ, dK, dV] = backward(problem, O, with_rows_in_place(dO), copies);
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
