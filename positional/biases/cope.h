// Cope: contextual position encoding. How far back a key is, counted in the tokens that this query cares about.
//
// Source:  Golovneva et al. 2024, arXiv 2405.18719, section 4
// Formula: g_ij = sigmoid(q_i . k_j / sqrt(Dh))         does token j count, for query i?
//          p_ij = g_ij + g_i,j+1 + ... + g_ii           the count from j up to i: fractional; at most M - 1
//          b(i, j) = q_i . e[p_ij], linear between e[floor p] and e[floor p + 1];  j > i is hidden
// Shapes:  e: [M, Dh], shared by the heads; rows of [B, H, T, T]
// Why:     "the third sentence back" is a distance that no count of tokens can express. The count is a cumulative sum
//          (positional/recurrences/scan.h), so all positions still run at once. The price: the gates are one more
//          [rows, T] product for each block, nothing can be cached, and counts past M - 1 are all the same. It counts
//          up to the query itself, so it has a meaning only where tokens see no future; it hides it itself.
#pragma once

#include <cmath>

#include <ordinal/nn/init.h>
#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/recurrences/scan.h>

namespace ordinal {

class Cope : public Encoding {
public:
    // cope(counts=64)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        return std::make_shared<Cope>(request.num_heads, request.head_dim(), options.count("counts", 64), rng);
    }

    // counts: M. The authors' code starts e at 0; ours starts like a row of the keys' weights, so that counting matters
    // from the first step.
    Cope(Index num_heads, Index head_dim, Index counts, Rng& rng)
        : num_heads_(num_heads), codes_(uniform_parameter({allowed(counts, head_dim), head_dim}, head_dim, rng)) {}

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions& positions = context.positions;
        require_heads("Cope", qkv, num_heads_, positions);
        require_running("Cope", positions);
        const auto rows = [](const std::vector<Tensor>& sources, Index begin, Index end) {
            const Tensor& k = sources[1];
            const Index T = k.dim(2), M = std::min(sources[2].dim(0), T + 2);    // T gates count no farther than T
            const Tensor e = slice(sources[2], 0, 0, M);
            const Tensor q = queries_of(sources[0], T, begin, end);    // [B, H, rows, Dh]
            const NdArray later = future(begin, end, T);
            const Tensor scores = matmul(q, transpose(k)) * static_cast<Scalar>(1 / std::sqrt(k.dim(3)));
            const Tensor gates = masked_fill(sigmoid(scores), later, 0);    // [B, H, rows, T]

            const Tensor counted = sum_to_the_end(gates, -1);    // g_ij + ... + g_ii: behind i no gate is open
            const Tensor p = -maximum(-counted, Tensor(NdArray(Shape{}, static_cast<Scalar>(1 - M))));
            return masked_fill(between(matmul(q, transpose(e)), p), later, hidden_score);
        };
        return {.sources = {qkv.query, qkv.key, codes_}, .rows = rows};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .depth = Depth::logarithmic,
                .ids = AcceptedIds::consecutive,
                .content_dependent = true,
                .cacheable = false,
                .causal_only = true,
                .translation_invariant = true,
                .distinct = true,
                .source = "Golovneva et al. 2024, arXiv 2405.18719, section 4"};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override { return {{"codes", codes_}}; }

private:
    // z: [B, H, rows, M] at the fractional places p: [B, H, rows, T] of its last axis.
    static Tensor between(const Tensor& z, const Tensor& p) {
        const Index M = z.dim(3), T = p.dim(3);
        const Tensor table = reshape(z, {-1, 1});
        const NdArray place = contiguous(p.values());
        NdArray whole = NdArray::uninitialized(p.shape());
        std::vector<Index> below, above;
        for (Index at = 0; at < place.size(); ++at) {
            const Scalar count = place.data()[at];
            const Index n = count >= 0 ? static_cast<Index>(count) : 0, row = at / T;    // NaN stays in p - whole
            whole.mutable_data()[at] = static_cast<Scalar>(n);
            below.push_back(row * M + n);
            above.push_back(row * M + std::min(n + 1, M - 1));
        }
        const Tensor low = reshape(gather_rows(table, {p.shape(), std::move(below)}), p.shape());
        const Tensor high = reshape(gather_rows(table, {p.shape(), std::move(above)}), p.shape());
        return low + (p - Tensor(whole)) * (high - low);
    }

    static Index allowed(Index counts, Index head_dim) {
        require<OptionError>(counts > 1, "Cope: expected at least two counts to lie between, got ", counts);
        require_room("Cope", "a table of codes", {counts, head_dim}, "take fewer counts");
        return counts;
    }

    Index num_heads_;
    Tensor codes_;    // e
};

}    // namespace ordinal
