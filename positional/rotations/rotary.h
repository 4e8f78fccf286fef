// Rotary: RoPE. Queries and keys are rotated by their position; what is left of two rotations is their distance.
//
// Source:  Su et al. 2021, arXiv 2104.09864, section 3.2
// Formula: the pair number j, (a, b), at position k  ->  (a cos - b sin, a sin + b cos), angle k w_j
//          (R_i q) . (R_j k) = q . (R_{j-i} k): the score depends on the distance only
// Shapes:  query, key: [B, H, T, Dh], Dh even; values are left alone. Which numbers are a pair?
//          interleaved  (0, 1), (2, 3), ...            as in the paper
//          half         (0, Dh/2), (1, Dh/2 + 1), ...  as in most code for Llama; a permutation of the other
// Why:     the position is in the scores of every layer and never in the values, nothing is learned, there is no
//          bound, and no [T, T] bias is added. The price: "defined everywhere" is not "works everywhere". Low
//          frequencies have angles that training never saw; rotary_scaling.h is about them.
#pragma once

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/rotations/rotate_pairs.h>

namespace ordinal {

class Rotary : public Encoding {
public:
    // rope(layout=interleaved, scaling=none, base=10000, factor=1, trained=max_length, part=1, spectrum=cut)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng&) {
        const auto layout = options.choice<PairLayout>(
            "layout", {{"interleaved", PairLayout::interleaved}, {"half", PairLayout::half}});
        RotaryOptions rotary;
        rotary.scaling = options.choice<RotaryScaling>("scaling", {{"none", RotaryScaling::none},
                                                                   {"linear", RotaryScaling::linear},
                                                                   {"ntk", RotaryScaling::ntk},
                                                                   {"yarn", RotaryScaling::yarn},
                                                                   {"llama3", RotaryScaling::llama3},
                                                                   {"dynamic", RotaryScaling::dynamic}});
        rotary.base = options.number("base", rotary.base);
        rotary.factor = options.number("factor", rotary.factor);
        rotary.trained = options.count("trained", request.max_length);
        rotary.part = options.number("part", rotary.part);
        rotary.spectrum = options.choice<Spectrum>("spectrum", {{"cut", Spectrum::cut}, {"whole", Spectrum::whole}});
        const bool scaled = rotary.scaling != RotaryScaling::none;
        require<OptionError>(scaled || !options.has("factor"), "rope: a factor needs a scaling: ", scalings);
        require<OptionError>(rotary.scaling >= RotaryScaling::yarn || !options.has("trained"),
                             "rope: only the scalings yarn, llama3 and dynamic ask for 'trained'");
        require<OptionError>(!scaled || options.has("factor"), "rope: a scaling needs a factor: how many times ",
                             "longer than the training, for example factor=4");
        require<OptionError>(options.has("part") || !options.has("spectrum"),
                             "rope: a spectrum needs a part of the pairs, for example part=0.5");
        return std::make_shared<Rotary>(request.num_heads, request.head_dim(), layout, rotary);
    }

    Rotary(Index num_heads, Index head_dim, PairLayout layout = PairLayout::interleaved,
           const RotaryOptions& options = {})
        : num_heads_(num_heads), head_dim_(head_dim), layout_(layout), options_(options) {
        rotary_frequencies(head_dim, options);    // refuses what it cannot make
        require<OptionError>(options.scaling != RotaryScaling::none || options.factor == 1, "Rotary: a factor of ",
                             options.factor, " needs a scaling: ", scalings);
    }

    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions positions = context.positions.last(qkv.query.dim(2));
        require(qkv.query.shape() == Shape({qkv.query.dim(0), num_heads_, positions.size(), head_dim_}),
                "Rotary: expected queries [B, ", num_heads_, ", ", positions.size(), ", ", head_dim_, "], got ",
                qkv.query.shape());
        const std::vector<Index> lengths = true_lengths(context);
        if (options_.scaling != RotaryScaling::dynamic || lengths.empty())
            return rotated(qkv, positions, context.positions.size());
        require(static_cast<Index>(lengths.size()) == qkv.query.dim(0), "Rotary: expected the lengths of ",
                qkv.query.dim(0), " texts, got ", lengths.size());
        std::vector<Tensor> q, k;    // each text has a length of its own, without the padding behind it
        for (Index b = 0; b < qkv.query.dim(0); ++b) {
            const auto text = [b](const Tensor& t) { return slice(t, 0, b, b + 1); };
            const QueryKeyValue one =
                rotated({text(qkv.query), text(qkv.key), {}}, positions, lengths[static_cast<std::size_t>(b)]);
            q.push_back(one.query);
            k.push_back(one.key);
        }
        return {concat(q, 0), concat(k, 0), qkv.value};
    }

    Traits traits() const override {
        const bool dynamic = options_.scaling == RotaryScaling::dynamic;
        return {.place = Place::queries_and_keys,
                .length_dependent = dynamic,
                .streams = !dynamic,
                .translation_invariant = true,
                .distinct = true,
                .source = text_of("Su et al. 2021, arXiv 2104.09864, section 3.2", source_of_part(options_),
                                  source_of(options_.scaling))};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override { return {}; }

private:
    static constexpr const char* scalings = "linear, ntk, yarn, llama3 or dynamic";

    // Of each text, without the padding behind it; empty: all have the T tokens of the context.
    static std::vector<Index> true_lengths(AttentionContext context) {
        if (!context.positions.lengths().empty() || !context.padding.defined()) return context.positions.lengths();
        context.causal = false;
        const NdArray seen = context.visible_keys(1);    // by the last token: [B, 1, 1, 1]
        return std::vector<Index>(seen.data(), seen.data() + seen.size());
    }

    QueryKeyValue rotated(const QueryKeyValue& qkv, const Positions& positions, Index length) const {
        const RotaryFrequencies frequencies = rotary_frequencies(head_dim_, options_, length);
        const Rotations rotations = rotations_of(positions, frequencies, layout_,
                                                 [&](double, std::size_t) { return frequencies.attention_scaling; });
        return {rotate_pairs(qkv.query, rotations), rotate_pairs(qkv.key, rotations), qkv.value};
    }

    Index num_heads_, head_dim_;
    PairLayout layout_;
    RotaryOptions options_;
};

}    // namespace ordinal
