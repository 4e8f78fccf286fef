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

#include <ordinal/core/fast/parallel.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/rotations/rotary_scaling.h>

namespace ordinal {

enum class PairLayout { interleaved, half };

struct Pair {
    Index a, b;    // where the two numbers of a pair stand
};
inline Pair pair_of(PairLayout layout, Index j, Index head_dim) {
    return layout == PairLayout::interleaved ? Pair{2 * j, 2 * j + 1} : Pair{j, j + head_dim / 2};
}

// What each pair is rotated by at each position: c = cos, s = sin of its angle (times a scaling).   c, s: [T, Dh/2]
struct Rotations {
    NdArray c, s;
};
template <class Scaling>
Rotations rotations_of(const Positions& positions, const std::vector<double>& w, Scaling scaling) {
    const Shape shape{positions.size(), static_cast<Index>(w.size())};
    Rotations all{NdArray::uninitialized(shape), NdArray::uninitialized(shape)};
    Scalar *c = all.c.mutable_data(), *s = all.s.mutable_data();
    for (Index t = 0; t < positions.size(); ++t)
        for (std::size_t j = 0; j < w.size(); ++j) {
            const double angle = positions[t] * w[j], factor = scaling(positions[t], j);
            *c++ = static_cast<Scalar>(factor * std::cos(angle));
            *s++ = static_cast<Scalar>(factor * std::sin(angle));
        }
    return all;
}

// a' = a c - b s,  b' = a s + b c          X: [B, H, T, Dh];  back: with -s, the opposite rotation
inline NdArray rotate_pairs(const NdArray& X, const Rotations& rotations, PairLayout layout, bool back = false) {
    const Index T = X.dim(2), Dh = X.dim(3);
    const NdArray rows = contiguous(X);
    NdArray Y = NdArray::uninitialized(X.shape());
    const Scalar *x = rows.data(), *c = rotations.c.data(), *s = rotations.s.data();
    Scalar* y = Y.mutable_data();
    parallel_for(X.dim(0) * X.dim(1) * T, 256, [&](Index begin, Index end) {
        for (Index row = begin; row < end; ++row)
            for (Index j = 0; j < Dh / 2; ++j) {
                const auto [at_a, at_b] = pair_of(layout, j, Dh);
                const Scalar a = x[row * Dh + at_a], b = x[row * Dh + at_b];
                const Scalar cosine = c[row % T * (Dh / 2) + j], sine = s[row % T * (Dh / 2) + j];
                y[row * Dh + at_a] = back ? a * cosine + b * sine : a * cosine - b * sine;
                y[row * Dh + at_b] = back ? b * cosine - a * sine : a * sine + b * cosine;
            }
    });
    return Y;
}

// Y = rotated X          dX = dY rotated back: the transpose of a rotation is the opposite rotation
inline Tensor rotate_pairs(const Tensor& X, const Rotations& rotations, PairLayout layout) {
    return Tensor::from_op(
        "rotate_pairs", rotate_pairs(X.values(), rotations, layout), {X},
        [X, rotations, layout](const NdArray& dY) { X.accumulate_grad(rotate_pairs(dY, rotations, layout, true)); });
}

class Rotary : public Encoding {
public:
    // rope(layout=interleaved, scaling=none, base=10000, factor=1, trained=max_length)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng&) {
        const auto layout = options.choice<PairLayout>(
            "layout", {{"interleaved", PairLayout::interleaved}, {"half", PairLayout::half}});
        RotaryOptions rotary;
        rotary.scaling = options.choice<RotaryScaling>("scaling", {{"none", RotaryScaling::none},
                                                                   {"linear", RotaryScaling::linear},
                                                                   {"ntk", RotaryScaling::ntk},
                                                                   {"yarn", RotaryScaling::yarn}});
        rotary.base = options.number("base", rotary.base);
        rotary.factor = options.number("factor", rotary.factor);
        rotary.trained = options.count("trained", request.max_length);
        const bool scaled = rotary.scaling != RotaryScaling::none;
        require<OptionError>(scaled || !options.has("factor"), "rope: a factor needs a scaling: linear, ntk or yarn");
        require<OptionError>(rotary.scaling == RotaryScaling::yarn || !options.has("trained"),
                             "rope: only scaling=yarn asks for 'trained'");
        require<OptionError>(!scaled || options.has("factor"), "rope: a scaling needs a factor: how many times ",
                             "longer than the training, for example factor=4");
        return std::make_shared<Rotary>(request.num_heads, request.head_dim(), layout, rotary);
    }

    Rotary(Index num_heads, Index head_dim, PairLayout layout = PairLayout::interleaved,
           const RotaryOptions& options = {})
        : frequencies_(rotary_frequencies(head_dim, options)),
          num_heads_(num_heads),
          head_dim_(head_dim),
          layout_(layout),
          scaling_(options.scaling) {
        require<OptionError>(scaling_ != RotaryScaling::none || options.factor == 1, "Rotary: a factor of ",
                             options.factor, " needs a scaling: linear, ntk or yarn");
    }

    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions positions = context.positions.last(qkv.query.dim(2));
        require(qkv.query.shape() == Shape({qkv.query.dim(0), num_heads_, positions.size(), head_dim_}),
                "Rotary: expected queries [B, ", num_heads_, ", ", positions.size(), ", ", head_dim_, "], got ",
                qkv.query.shape());
        const Rotations rotations = rotations_of(positions, frequencies_.w,
                                                 [&](double, std::size_t) { return frequencies_.attention_scaling; });
        return {rotate_pairs(qkv.query, rotations, layout_), rotate_pairs(qkv.key, rotations, layout_), qkv.value};
    }

    Traits traits() const override {
        return {.place = Place::queries_and_keys,
                .translation_invariant = true,
                .distinct = true,
                .source = std::string("Su et al. 2021, arXiv 2104.09864, section 3.2") + source_of(scaling_)};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override { return {}; }
    const RotaryFrequencies& frequencies() const { return frequencies_; }

private:
    RotaryFrequencies frequencies_;
    Index num_heads_, head_dim_;
    PairLayout layout_;
    RotaryScaling scaling_;
};

}    // namespace ordinal
