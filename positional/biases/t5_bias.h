// T5Bias: one learned number for each head and each bucket of distances.
//
// Source:  Raffel et al. 2020, arXiv 1910.10683, section 2.1; the buckets are those of the authors' code
//          (mesh_tensorflow, _relative_position_bucket)
// Formula: b_h(i, j) = W[bucket(i - j), h]
//          n buckets for one side: n/2 for the distances 0 .. n/2 - 1, one each; n/2 that grow as the logarithm up to
//          max_distance; all beyond share the last. With both sides, each has half of the buckets.
// Shapes:  W: [buckets, H] (as `relative_attention_bias.weight` in published models); rows of [H, T, T]
// Why:     few numbers, no bound, and a head may prefer any distance: near ones exactly, far ones roughly. The price:
//          beyond max_distance all keys are equally far, so a longer text has more keys that cannot be told apart.
//          T5 does not divide q . k by sqrt(Dh); our attention does, so its b weighs more against the products.
//          With Adam a step is about as long as the learning rate, so a bias of 3 at a rate of 0.003 is 1000 steps
//          away, while other weights need 0.1: give it a ParameterGroup with a larger rate (nn/optimizer.h).
// One side: keys ahead would fall into the bucket of distance 0. So this form hides them, and needs no mask to be
// right.
#pragma once

#include <cmath>

#include <ordinal/nn/init.h>
#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

struct T5Options {
    Index buckets = 32;
    Index max_distance = 128;
    bool both_sides = true;    // false: only keys that are not ahead
};

class T5Bias : public Encoding {
public:
    // t5(buckets=32, max_distance=128, sides=both)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        T5Options t5;
        t5.buckets = options.count("buckets", t5.buckets);
        t5.max_distance = options.count("max_distance", t5.max_distance);
        t5.both_sides = options.choice<bool>("sides", {{"both", true}, {"past", false}});
        return std::make_shared<T5Bias>(request.num_heads, t5, rng);
    }

    T5Bias(Index num_heads, const T5Options& options, Rng& rng)
        : options_(options), weight_(normal_parameter({room_for(options, num_heads), num_heads}, 0.02, rng)) {
        const Index one_side = options.both_sides ? options.buckets / 2 : options.buckets;
        require<OptionError>(options.buckets % 2 == 0 && one_side >= 2 && options.max_distance > one_side / 2,
                             "T5Bias: expected an even number of buckets, at least 2 on a side, and a max_distance ",
                             "past the exact ones, got ", options.buckets, " buckets and max_distance ",
                             options.max_distance);
    }

    static Index bucket(double distance, const T5Options& options) {    // distance = i - j
        const Index n = options.both_sides ? options.buckets / 2 : options.buckets, exact = n / 2;
        const Index first = options.both_sides && distance < 0 ? n : 0;    // the other half is for keys ahead
        const double far = options.both_sides ? std::abs(distance) : std::max(distance, 0.0);
        if (far < static_cast<double>(exact)) return first + static_cast<Index>(far);
        // log2, because it is exact where a bucket begins at a power of two
        const double start = static_cast<double>(exact), end = static_cast<double>(options.max_distance);
        const double share =
            std::log2(far / start) / std::log2(end / start);    // 0 .. 1 between exact and max_distance
        return first +
               std::min(n - 1, exact + static_cast<Index>(std::min(share, 1.0) * static_cast<double>(n - exact)));
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions& positions = context.positions;
        require_heads("T5Bias", qkv, weight_.dim(1), positions);
        const auto rows = [options = options_, positions](const std::vector<Tensor>& sources, Index begin, Index end) {
            const Index T = positions.size();
            std::vector<Index> buckets;
            for (Index i = begin; i < end; ++i)
                for (Index j = 0; j < T; ++j) buckets.push_back(bucket(positions[i] - positions[j], options));
            const Tensor b = gather_rows(sources[0], {{end - begin, T}, std::move(buckets)});    // [rows, T, H]
            const Tensor bias = permute(b, {2, 0, 1});                                           // -> [H, rows, T]
            return options.both_sides ? bias : masked_fill(bias, future(begin, end, T), hidden_score);
        };
        return {.sources = {weight_}, .rows = rows};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .causal_only = !options_.both_sides,
                .translation_invariant = true,
                .distinct = true,
                .source = "Raffel et al. 2020, arXiv 1910.10683, section 2.1"};
    }

    Parameters parameters() const override { return {{"relative_attention_bias.weight", weight_}}; }

private:
    static Index room_for(const T5Options& options, Index num_heads) {
        require<OptionError>(options.buckets > 0, "T5Bias: expected buckets, got ", options.buckets);
        require_room("T5Bias", "a table", {options.buckets, num_heads}, "take fewer buckets");
        return options.buckets;
    }

    T5Options options_;
    Tensor weight_;    // W
};

}    // namespace ordinal
