// Grouped: a trained rotary encoding reads longer texts, since far keys share their distances in groups.
//
// Source:  Jin et al. 2024, arXiv 2401.01325 ("Self-Extend"), algorithm 1, as their code has it
//          (github.com/datamllab/LongLM, llama_self_extend_patch.py); both sides of the query: ours
// Formula: a_ij = (R_d q_i) . k_j,  R_d what the scheme inside does at the distance d
//          d = i - j                                         where |i - j| < W: a window of exact distances
//          d = floor(i/G) - floor(j/G) + W - floor(W/G)      farther before;  after i, it is minus that of j and i
//          as a bias:  b(i, j) = ((R_d - R_{i-j}) q_i) . k_j / sqrt(Dh),  0 in the window
// Shapes:  query, key: [B, H, T, Dh]; rows of [B, H, T, T]
// Why:     nothing is trained, and no distance is new: trained at N tokens, a model meets distances below N alone in
//          texts of up to G (N - W + floor(W/G)) tokens. What is near is told exactly, what is far roughly. The price:
//          four products of queries and keys instead of one, and inside a group of G far keys there is no order. The
//          bias takes the rotation of the scheme inside out of the scores, so nothing beside it may rotate, too: a
//          composition with such a part is refused.
#pragma once

#include <cmath>

#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/combined/wrapper.h>

namespace ordinal {

class Grouped : public Wrapper {
public:
    Grouped(std::shared_ptr<const Encoding> inner, Index group, Index window)
        : Wrapper(std::move(inner)), group_(group), window_(window) {
        const Traits traits = inner_->traits();
        require<OptionError>(group > 0 && window > 0, "Grouped: expected a group and a window > 0, got ", group,
                             " and ", window);
        require<OptionError>(
            traits.place == Place::queries_and_keys && traits.ids == AcceptedIds::any && !traits.max_length,
            "Grouped: expected a scheme without a bound that only rotates queries and keys, at any "
            "position, such as rope");
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions positions = context.positions, grouped = groups(positions);
        const double W = static_cast<double>(window_), shift = W - std::floor(W / static_cast<double>(group_));
        const auto rotated = [&](const Tensor& t, const Positions& ids) {    // as a query and as a key
            AttentionContext there = context;
            there.positions = ids;
            return inner_->apply_to_queries_and_keys({t, t, t}, there);
        };
        const Tensor near_q = rotated(qkv.query, positions).query, near_k = rotated(qkv.key, positions).key;
        const Tensor before_q = rotated(qkv.query, grouped.shifted(shift)).query;
        const Tensor after_q = rotated(qkv.query, grouped.shifted(-shift)).query;
        const Tensor far_k = rotated(qkv.key, grouped).key;
        return {.sources = {near_q, near_k, before_q, after_q, far_k},
                .rows = [positions, W](const std::vector<Tensor>& sources, Index begin, Index end) {
                    return rows(sources, positions, static_cast<Scalar>(W), begin, end);
                }};
    }

    Traits traits() const override {
        Traits traits = inner_->traits();
        traits.place = traits.place | Place::scores;
        traits.content_dependent = true;
        traits.cacheable = false;
        traits.translation_invariant = false;
        traits.replaces_product = true;
        traits.source += "; far keys in groups as in Jin et al. 2024, arXiv 2401.01325";
        return traits;
    }

    NdArray narrate(Index, std::ostream&) const override { return {}; }    // explain() has those of the batch

private:
    static Tensor rows(const std::vector<Tensor>& sources, const Positions& positions, Scalar W, Index begin,
                       Index end) {
        const auto scores = [&](const Tensor& queries, const Tensor& keys) {    // [B, H, rows, T]
            return matmul(queries_of(queries, positions.size(), begin, end), transpose(keys));
        };
        const NdArray d = distances(positions, begin, end);    // [rows, T]
        NdArray is_near(d.shape()), is_after(d.shape());
        for (Index i = 0; i < d.size(); ++i) {
            is_near.mutable_data()[i] = std::abs(d.data()[i]) < W ? 1 : 0;
            is_after.mutable_data()[i] = d.data()[i] < 0 ? 1 : 0;
        }
        const Tensor near = scores(sources[0], sources[1]);
        const Tensor far = where(is_after, scores(sources[3], sources[4]), scores(sources[2], sources[4]));
        const double head_dim = static_cast<double>(sources[0].dim(3));
        return masked_fill((far - near) * static_cast<Scalar>(1 / std::sqrt(head_dim)), is_near, 0);
    }

    Positions groups(const Positions& positions) const {    // floor(k / G)
        std::vector<double> ids;
        for (Index t = 0; t < positions.size(); ++t)
            ids.push_back(std::floor(positions[t] / static_cast<double>(group_)));
        return Positions::of(std::move(ids)).with_lengths(positions.lengths());
    }

    Index group_, window_;    // G, W
};

}    // namespace ordinal
