// Shaw: a learned vector for each distance, added to the key; far distances share the last one.
//
// Source:  Shaw et al. 2018, arXiv 1803.02155, sections 3.1 and 3.2, equations 2 and 4
// Formula: a_ij = q_i . (k_j + R[c(i - j)]) / sqrt(Dh),  so b(i, j) = q_i . R[c(i - j)] / sqrt(Dh)
//          c(d) = d clipped to -K .. K
// Shapes:  R: [2K + 1, Dh], row K + c for the clipped distance c, shared by the heads; rows of [B, H, T, T]
// Why:     the first relative encoding of a Transformer. A query decides by its content which distances it likes, and
//          "exactly three back" is one vector. The price: beyond K all is equally far, and the scores need T times
//          2K + 1 more products.
// Left out: the paper can also add such vectors to the values (equation 3). That takes the attention weights
//          themselves, sum_j weight_ij R'[c(i - j)], and our fused attention never shows them to a scheme: its sockets
//          are queries, keys, values and scores. In the paper's own ablation the keys carry most of the gain.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <ordinal/nn/init.h>
#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

class Shaw : public Encoding {
public:
    // shaw(clip=16)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        return std::make_shared<Shaw>(request.num_heads, request.head_dim(), options.count("clip", 16), rng);
    }

    Shaw(Index num_heads, Index head_dim, Index clip, Rng& rng)
        : num_heads_(num_heads),
          clip_(allowed(clip, head_dim)),
          keys_(uniform_parameter({2 * clip + 1, head_dim}, head_dim, rng)) {}

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions& positions = context.positions;
        require_heads("Shaw", qkv, num_heads_, positions);
        const auto rows = [clip = clip_, positions](const std::vector<Tensor>& sources, Index begin, Index end) {
            const Tensor q = queries_of(sources[0], positions.size(), begin, end);    // [B, H, rows, Dh]
            const Index K = std::min(clip, farthest(positions));                      // more of R is not asked for
            const Tensor R = slice(sources[1], 0, clip - K, clip + K + 1);
            const Index B = q.dim(0), H = q.dim(1), n = end - begin, T = positions.size(), width = 2 * K + 1;
            // Every query with every vector, then for each key the product that its distance asks for.
            const Tensor products = matmul(q, transpose(R)) * static_cast<Scalar>(1 / std::sqrt(R.dim(1)));
            const Tensor table = reshape(permute(products, {2, 3, 0, 1}), {n * width, B * H});
            std::vector<Index> at;
            for (Index i = 0; i < n; ++i)
                for (Index j = 0; j < T; ++j) at.push_back(i * width + row(positions[begin + i] - positions[j], K));
            const Tensor picked = gather_rows(table, {{n, T}, std::move(at)});    // [rows, T, B H]
            return permute(reshape(picked, {n, T, B, H}), {2, 3, 0, 1});          // -> [B, H, rows, T]
        };
        return {.sources = {qkv.query, keys_}, .rows = rows};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .content_dependent = true,    // the vectors are not, but their products with the queries are
                .cacheable = false,
                .translation_invariant = true,
                .distinct = true,
                .source = "Shaw et al. 2018, arXiv 1803.02155, equations 2 and 4"};
    }

    Parameters parameters() const override { return {{"keys", keys_}}; }

private:
    static Index allowed(Index clip, Index head_dim) {
        require<OptionError>(clip > 0, "Shaw: expected a clipping distance > 0, got ", clip);
        require_room("Shaw", "a table of vectors", {clip, 2, head_dim}, "choose a smaller clip");
        return clip;
    }
    static Index farthest(const Positions& positions) {    // the largest distance, rounded up
        double first = std::numeric_limits<double>::infinity(), last = -first;
        for (Index t = 0; t < positions.size(); ++t) {
            first = std::min(first, positions[t]);
            last = std::max(last, positions[t]);
        }
        return positions.size() > 0 ? static_cast<Index>(std::min(std::ceil(last - first), 0x1p53)) : 0;
    }
    static Index row(double distance, Index K) {    // of R
        return K + static_cast<Index>(std::clamp(distance, -static_cast<double>(K), static_cast<double>(K)));
    }

    Index num_heads_, clip_;
    Tensor keys_;    // R
};

}    // namespace ordinal
