// Xpos: a rotary encoding whose scores also fade with the distance.
//
// Source:  Sun et al. 2023, arXiv 2212.10554, section 3; the scale of 512 is that of the authors' code (torchscale)
// Formula: q_i -> (R_i q) f_j^(i/B),  k_i -> (R_i k) f_j^(-i/B)     for pair j of Dh/2, with R of rotary.h
//          f_j = (j / (Dh/2) + 0.4) / (1 + 0.4),  B = 512:  the product carries f_j^((i - i')/B), at most 1 behind
// Shapes:  query, key: [B, H, T, Dh], Dh even, interleaved pairs; values are left alone
// Why:     high frequencies are what makes far scores of a rotary encoding noise; here they fade first (f_0 = 0.29, the
//          last f is nearly 1). The price: ahead of the query the same factor GROWS, so it has a meaning only under a
//          causal mask. And the two factors lie apart by f_0^(-2k/B): past `max_length` a key would come near the end
//          of the range of a float.
#pragma once

#include <ordinal/positional/rotations/rotary.h>

namespace ordinal {

class Xpos : public Encoding {
public:
    // xpos(scale=512, base=10000)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng&) {
        return std::make_shared<Xpos>(request.num_heads, request.head_dim(), options.number("scale", 512),
                                      options.number("base", 10000));
    }

    Xpos(Index num_heads, Index head_dim, double scale = 512, double base = 10000)
        : frequencies_(rotary_frequencies(head_dim, {.base = base})),
          num_heads_(num_heads),
          head_dim_(head_dim),
          scale_(scale) {
        require<OptionError>(scale > 0 && scale <= most_scale, "Xpos: expected a scale > 0, at most ", most_scale,
                             ", got ", scale, "; where nothing should fade use rope");
    }

    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions positions = context.positions.last(qkv.query.dim(2));
        require(qkv.query.shape() == Shape({qkv.query.dim(0), num_heads_, positions.size(), head_dim_}),
                "Xpos: expected queries [B, ", num_heads_, ", ", positions.size(), ", ", head_dim_, "], got ",
                qkv.query.shape());
        for (Index t = 0; t < positions.size(); ++t)
            require<PositionOutOfRange>(std::abs(positions[t]) < static_cast<double>(max_length()), "Xpos: position ",
                                        positions[t], " is outside ", -max_length() + 1, " .. ", max_length() - 1,
                                        ", where its growing factor fits a float; use a larger scale, or rope");
        constexpr PairLayout layout = PairLayout::interleaved;
        const Rotations fading =
            rotations_of(positions, frequencies_, layout, [&](double k, std::size_t j) { return fade(k, j); });
        const Rotations growing =
            rotations_of(positions, frequencies_, layout, [&](double k, std::size_t j) { return fade(-k, j); });
        return {rotate_pairs(qkv.query, fading), rotate_pairs(qkv.key, growing), qkv.value};
    }

    Traits traits() const override {
        return {.place = Place::queries_and_keys,
                .max_length = max_length(),
                .causal_only = true,
                .translation_invariant = true,
                .distinct = true,
                .keys_grow = true,
                .source = "Sun et al. 2023, arXiv 2212.10554, section 3"};
    }

    Parameters parameters() const override { return {}; }

private:
    static constexpr double most_scale = 1e9;    // its last position, 64 times as far, can still be counted
    double factor(std::size_t j) const {         // f_j, between 0 and 1
        constexpr double gamma = 0.4;            // section 3.3
        return (2 * static_cast<double>(j) / static_cast<double>(head_dim_) + gamma) / (1 + gamma);
    }
    double fade(double k, std::size_t j) const { return std::pow(factor(j), k / scale_); }
    Index max_length() const {    // f_0^(-k/B) <= e^80: below 3.4e38, the largest float, with room for the key itself
        return static_cast<Index>(80 * scale_ / -std::log(factor(0))) + 1;
    }

    RotaryFrequencies frequencies_;
    Index num_heads_, head_dim_;
    double scale_;    // B
};

}    // namespace ordinal
