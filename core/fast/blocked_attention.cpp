#include <ordinal/core/ops_attention.h>

#include <cmath>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/instruction_set.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {
namespace {

constexpr Index most_rows = 128;    // of a block

// The rows of a [B, H, T, Dh] are read where they lie, also when the heads are columns of a [B, T, H Dh].
NdArray with_rows_in_place(const NdArray& a) { return a.strides()[3] == 1 ? a : contiguous(a); }

// A result [B, H, T, Dh] whose numbers lie in the order [B, T, H, Dh]: the heads side by side, ready to be joined.
struct HeadsSideBySide {
    NdArray numbers;
    Scalar* data = numbers.mutable_data();
    NdArray array = transpose(numbers, 1, 2);

    static HeadsSideBySide uninitialized(const Shape& shape) { return {NdArray::uninitialized(lying(shape))}; }
    static HeadsSideBySide zeros(const Shape& shape) { return {NdArray(lying(shape))}; }
    static Shape lying(const Shape& shape) { return {shape[0], shape[2], shape[1], shape[3]}; }
};

// The sizes, and what both passes need of the inputs. A pair is one head of one sequence.
struct AttentionProblem {
    AttentionOptions options;
    NdArray Q, K, V;
    Index B = Q.dim(0), H = Q.dim(1), Tq = Q.dim(2), Tk = K.dim(2), Dh = Q.dim(3), Dv = V.dim(3);
    NdArray padding = options.padding.defined() ? contiguous(options.padding) : NdArray();    // [B, Tk]
    std::vector<Index> text_ends = ends_of_texts();
    NdArray mask = options.mask.defined() ? broadcast_to(options.mask, {B, H, Tq, Tk}) : NdArray();
    Scalar factor = 1 / std::sqrt(static_cast<Scalar>(Dh));
    // Weights of 1 MB: they stay in the second-level cache. Their rows begin an odd number of its lines apart: a power
    // of two apart, they would fight for the same places.
    Index block_rows = std::min(Tq, Tk <= 2048 ? most_rows : most_rows / 2);
    static constexpr Index line = 64 / static_cast<Index>(sizeof(Scalar));
    Index stride = ((Tk + line - 1) / line | 1) * line;    // from one row of weights to the next
    // A bias is computed for one block of all pairs at a time; without one, pairs need not wait for each other.
    Index pass_rows = options.bias.defined() ? block_rows : Tq;

    static Index at(const NdArray& a, Index pair, Index row) {    // where row [b, h, row] of a [B, H, ., .] begins
        const Index H = a.dim(1);
        return pair / H * a.strides()[0] + pair % H * a.strides()[1] + row * a.strides()[2];
    }
    static const Scalar* row_of(const NdArray& a, Index pair, Index row) { return a.data() + at(a, pair, row); }
    static MatrixView rows_of(const NdArray& a, Index pair, Index row) {
        return {row_of(a, pair, row), a.strides()[2], 1};
    }
    static MatrixView across(const NdArray& a, Index pair) { return {row_of(a, pair, 0), 1, a.strides()[2]}; }

    // Q_i / sqrt(Dh) for queries begin .. begin + rows: scaled here, where there are fewer numbers than in the scores
    NdArray scaled_queries(Index pair, Index begin, Index rows) const {
        return Q.view({rows, Dh}, {Q.strides()[2], 1}, at(Q, pair, begin)) * factor;
    }

    // Query i sees no key from this one on: the keys that are later, and the padding at the end, are never looked at.
    Index end_of_keys(Index pair, Index i) const {
        const Index end = text_ends[static_cast<std::size_t>(pair / H)];
        return options.causal ? std::min(end, i + Tk - Tq + 1) : end;
    }
    std::vector<Index> ends_of_texts() const {    // where the padding at the end of each sequence begins
        std::vector<Index> ends(static_cast<std::size_t>(B), Tk);
        for (std::size_t b = 0; b < ends.size() && padding.defined(); ++b)
            while (ends[b] > 0 && row_of_padding(static_cast<Index>(b))[ends[b] - 1] != 0) --ends[b];
        return ends;
    }
    const Scalar* row_of_padding(Index b) const { return padding.data() + b * Tk; }

    // e^(score_ij - max_j score_ij) for one pair's queries begin .. begin + rows and the keys before n, and the sum of
    // each row: [rows, n]. Divided by their sums they are the weights. Backward computes them again in the same way.
    void exponentials(Index pair, Index begin, Index rows, Index n, const NdArray& queries, const SharedMatrix& keys,
                      const NdArray& bias, Scalar* out, Scalar* sums) const {
        shared_gemm(rows, n, Dh, {queries.data(), Dh, 1}, keys, out, stride);
        for (Index i = 0; i < rows; ++i, out += stride) {
            const Index end = end_of_keys(pair, begin + i);
            if (bias.defined()) add_bias(row_of(bias, pair, i), bias.strides()[3], end, out);
            if (padding.defined()) hide(row_of_padding(pair / H), 1, end, out);
            if (mask.defined()) hide(row_of(mask, pair, begin + i), mask.strides()[3], end, out);
            Scalar largest;
            sums[i] = end > 0 ? kernels::exp_minus_max(out, out, end, &largest) : 0;
            if (sums[i] == 0) sums[i] = 1;    // it sees nothing, and all its weights are 0
            std::fill(out + end, out + n, Scalar(0));
        }
    }

    static void add_bias(const Scalar* bias, Index step, Index n, Scalar* scores) {
        for (Index j = 0; j < n; ++j) {    // a hidden score stays one, also where the product is infinite
            const Scalar b = bias[j * step];
            scores[j] = b == hidden_score ? hidden_score : scores[j] + b;
        }
    }
    static void hide(const Scalar* hidden, Index step, Index n, Scalar* scores) {
        for (Index j = 0; j < n; ++j) scores[j] = hidden[j * step] != 0 ? hidden_score : scores[j];
    }

    void drop(Index pair, Index begin, Index rows, Index n, Scalar* weights) const {
        if (options.dropout == 0) return;
        for (Index i = 0; i < rows; ++i) detail::drop_weights(options, pair, begin + i, weights + i * stride, n);
    }

    // The bias of queries begin .. end, computed from `sources`; undefined without one. And seen as [B, H, rows, Tk].
    Tensor bias_of(const std::vector<Tensor>& sources, Index begin, Index end) const {
        if (!options.bias.defined()) return Tensor();
        const Tensor bias = options.bias.rows(sources, begin + Tk - Tq, end + Tk - Tq);
        detail::check_bias(bias, {B, H, end - begin, Tk});
        return bias;
    }
    NdArray wide(const Tensor& bias, Index rows) const {
        return bias.defined() ? broadcast_to(bias.values(), {B, H, rows, Tk}) : NdArray();
    }

    // A matrix that all blocks of queries multiply by: if there are several, it is copied only once.
    SharedMatrix shared(Index queries, Index k, Index n, MatrixView matrix) const {
        return queries > block_rows ? packed(k, n, matrix) : SharedMatrix{k, n, matrix};
    }

    // Calls body(pair) for all pairs, on all threads. A thread takes a pair through all of its blocks, so that keys and
    // values stay in its cache.
    template <class Body>
    void for_pairs(Body body) const {
        parallel_for(B * H, 1, [&](Index first, Index last) {
            for (Index pair = first; pair < last; ++pair) body(pair);
        });
    }

    // Calls body(begin, rows, n) for each block of queries begin .. end; no query of it sees a key from n on.
    template <class Body>
    void for_blocks(Index pair, Index begin, Index end, Body body) const {
        for (Index row = begin; row < end; row += block_rows) {
            const Index rows = std::min(block_rows, end - row);
            body(row, rows, end_of_keys(pair, row + rows - 1));
        }
    }
};

NdArray forward(const AttentionProblem& p) {
    const NoGrad guard;    // the bias's graph would hold what blocks are meant to avoid
    const detail::FlagScope part(&detail::ThreadFlags::measured, true);    // its operations are not counted apart
    const auto O = HeadsSideBySide::uninitialized({p.B, p.H, p.Tq, p.Dv});
    const Index o_stride = O.array.strides()[2];
    for (Index from = 0; from < p.Tq; from += p.pass_rows) {
        const Index to = std::min(from + p.pass_rows, p.Tq);
        const NdArray bias = p.wide(p.bias_of(p.options.bias.sources, from, to), to - from);
        p.for_pairs([&](Index pair) {
            const Index end = p.end_of_keys(pair, to - 1);
            const SharedMatrix keys = p.shared(to - from, p.Dh, end, p.across(p.K, pair)),
                               values = p.shared(to - from, end, p.Dv, p.rows_of(p.V, pair, 0));
            NdArray block = NdArray::uninitialized({p.block_rows, p.stride});
            Scalar* weights = block.mutable_data();
            p.for_blocks(pair, from, to, [&](Index begin, Index rows, Index n) {
                Scalar sums[most_rows];
                p.exponentials(pair, begin, rows, n, p.scaled_queries(pair, begin, rows), keys, bias, weights, sums);
                p.drop(pair, begin, rows, n, weights);
                Scalar* out = O.data + p.at(O.array, pair, begin);
                shared_gemm(rows, p.Dv, n, {weights, p.stride, 1}, values, out, o_stride);
                for (Index i = 0; i < rows; ++i)    // divided here: Tk / Dv times fewer divisions than in the weights
                    for (Index d = 0; d < p.Dv; ++d) out[i * o_stride + d] /= sums[i];
            });
        });
    }
    return O.array;
}

// P = softmax(S), O = P V:   dV = P^T dO,  dP = dO V^T,  dS_ij = P_ij (dP_ij - sum_j P_ij dP_ij)
// S = Q K^T f + bias:        dQ = f dS K,  dK = f dS^T Q,  d bias = dS
// The sum is also dO_i . O_i, but rounded differently: with one key to see, dP_ij minus itself is exactly 0.
std::array<NdArray, 3> backward(const AttentionProblem& p, const NdArray& dO, const std::vector<Tensor>& bias_sources) {
    const NoGrad recording(false);    // each block's bias is differentiated, also inside the caller's NoGrad
    const auto dQ = HeadsSideBySide::uninitialized(p.Q.shape());
    const auto dK = HeadsSideBySide::zeros(p.K.shape()), dV = HeadsSideBySide::zeros(p.V.shape());    // sums
    const Index qk_stride = dQ.array.strides()[2], v_stride = dV.array.strides()[2];
    const auto one_block = [&](Index pair, const std::array<SharedMatrix, 3>& shared, Index begin, Index rows, Index n,
                               const NdArray& bias, Scalar* db) {
        const auto& [keys_across, values_across, keys] = shared;
        const NdArray queries = p.scaled_queries(pair, begin, rows);
        NdArray blocks = NdArray::uninitialized({2, p.block_rows, p.stride});
        Scalar *P = blocks.mutable_data(), *dS = P + rows * p.stride;
        Scalar sums[most_rows];
        p.exponentials(pair, begin, rows, n, queries, keys_across, bias, P, sums);
        shared_gemm(rows, n, p.Dv, p.rows_of(dO, pair, begin), values_across, dS, p.stride);
        p.drop(pair, begin, rows, n, dS);
        for (Index i = 0; i < rows; ++i) {
            const Scalar inverse = 1 / sums[i];
            Scalar *P_i = P + i * p.stride, *dS_i = dS + i * p.stride;
            const auto mean = static_cast<Scalar>(kernels::dot(P_i, dS_i, n)) * inverse;
            vectorized([=]() ORDINAL_INLINE {
                for (Index j = 0; j < n; ++j) {
                    P_i[j] *= inverse;
                    dS_i[j] = P_i[j] * (dS_i[j] - mean);
                }
            });
            if (db != nullptr) std::copy_n(dS_i, n, db + (pair * rows + i) * p.Tk);
        }
        p.drop(pair, begin, rows, n, P);    // V saw the weights after dropout
        Scalar *dq = dQ.data + p.at(dQ.array, pair, begin), *dk = dK.data + p.at(dK.array, pair, 0);
        gemm(n, p.Dv, rows, {P, 1, p.stride}, p.rows_of(dO, pair, begin), dV.data + p.at(dV.array, pair, 0), v_stride,
             true);
        gemm(n, p.Dh, rows, {dS, 1, p.stride}, {queries.data(), p.Dh, 1}, dk, qk_stride, true);
        shared_gemm(rows, p.Dh, n, {dS, p.stride, 1}, keys, dq, qk_stride);
        for (Index i = 0; i < rows; ++i)
            for (Index d = 0; d < p.Dh; ++d) dq[i * qk_stride + d] *= p.factor;
    };
    for (Index from = 0; from < p.Tq; from += p.pass_rows) {
        const Index to = std::min(from + p.pass_rows, p.Tq);
        const Tensor bias = p.bias_of(bias_sources, from, to);
        const NdArray wide_bias = p.wide(bias, to - from);
        NdArray d_bias = bias.requires_grad() ? zeros({p.B, p.H, to - from, p.Tk}) : NdArray();
        Scalar* db = d_bias.defined() ? d_bias.mutable_data() : nullptr;
        p.for_pairs([&](Index pair) {
            const Index end = p.end_of_keys(pair, to - 1);
            const std::array shared{p.shared(to - from, p.Dh, end, p.across(p.K, pair)),
                                    p.shared(to - from, p.Dv, end, p.across(p.V, pair)),
                                    p.shared(to - from, end, p.Dh, p.rows_of(p.K, pair, 0))};
            p.for_blocks(pair, from, to, [&](Index begin, Index rows, Index n) {
                one_block(pair, shared, begin, rows, n, wide_bias, db);
            });
        });
        if (d_bias.defined()) bias.backward(sum_to_shape(d_bias, bias.shape()));
    }
    return {dQ.array, dK.array, dV.array};
}

}    // namespace

Tensor attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    detail::check_attention(Q, K, V, options);
    const AttentionProblem problem{options, with_rows_in_place(Q.values()), with_rows_in_place(K.values()),
                                   with_rows_in_place(V.values())};
    std::vector<Tensor> inputs{Q, K, V};
    inputs.insert(inputs.end(), options.bias.sources.begin(), options.bias.sources.end());
    return Tensor::from_op("attention", forward(problem), inputs, [Q, K, V, problem](const NdArray& dO) {
        std::vector<Tensor> copies;    // leaves with the sources' values: their gradients are passed on below
        for (const Tensor& source : problem.options.bias.sources)
            copies.push_back(source.requires_grad() ? Tensor::parameter(source.values()) : Tensor(source.values()));
        const auto [dQ, dK, dV] = backward(problem, with_rows_in_place(dO), copies);
        Q.accumulate_grad(dQ);
        K.accumulate_grad(dK);
        V.accumulate_grad(dV);
        for (std::size_t i = 0; i < copies.size(); ++i)
            if (copies[i].has_grad()) problem.options.bias.sources[i].accumulate_grad(copies[i].grad());
    });
}

}    // namespace ordinal
