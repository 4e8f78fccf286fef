// Rotary: RoPE. Queries and keys are turned by their position; what is left of two turns is their distance.
//
// Source:  Su et al. 2021, arXiv 2104.09864, section 3.2
// Formula: the pair (a, b) of clock j at position k  ->  (a cos - b sin, a sin + b cos), angle k w_j
//          (R_i q) . (R_j k) = q . (R_{j-i} k): the score depends on the distance only
// Shapes:  query, key: [B, H, T, Dh], Dh even; values are left alone. Which numbers are a pair?
//          interleaved  (0, 1), (2, 3), ...            as in the paper
//          half         (0, Dh/2), (1, Dh/2 + 1), ...  as in most code for Llama; a permutation of the other
// Why:     the position is in the scores of every layer and never in the values, nothing is learned, there is no
//          bound, and no [T, T] bias is added. The price: "defined everywhere" is not "works everywhere". Slow clocks
//          show angles that training never saw; rotary_scaling.h is about them.
#pragma once

#include <complex>
#include <ostream>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/examples.h>
#include <ordinal/positional/narrate.h>
#include <ordinal/positional/rotations/rotary_scaling.h>

namespace ordinal {

enum class PairLayout { interleaved, half };

struct Pair {
    Index a, b;    // where the two numbers of a pair stand
};
inline Pair pair_of(PairLayout layout, Index j, Index head_dim) {
    return layout == PairLayout::interleaved ? Pair{2 * j, 2 * j + 1} : Pair{j, j + head_dim / 2};
}

// What each pair is turned by at each position: c = cos, s = sin of its angle (times a loudness).   c, s: [T, Dh/2]
struct Turns {
    NdArray c, s;
};
template <class Loudness>
Turns turns_of(const Positions& positions, const std::vector<double>& w, Loudness loudness) {
    const Shape shape{positions.size(), static_cast<Index>(w.size())};
    Turns turns{NdArray::uninitialized(shape), NdArray::uninitialized(shape)};
    Scalar *c = turns.c.mutable_data(), *s = turns.s.mutable_data();
    for (Index t = 0; t < positions.size(); ++t)
        for (std::size_t j = 0; j < w.size(); ++j) {
            const double angle = positions[t] * w[j], factor = loudness(positions[t], j);
            *c++ = static_cast<Scalar>(factor * std::cos(angle));
            *s++ = static_cast<Scalar>(factor * std::sin(angle));
        }
    return turns;
}

// a' = a c - b s,  b' = a s + b c          X: [B, H, T, Dh];  back: with -s, the opposite turn
inline NdArray turn_pairs(const NdArray& X, const Turns& turns, PairLayout layout, bool back = false) {
    const Index T = X.dim(2), Dh = X.dim(3);
    const NdArray rows = contiguous(X);
    NdArray Y = NdArray::uninitialized(X.shape());
    const Scalar *x = rows.data(), *c = turns.c.data(), *s = turns.s.data();
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

// Y = turned X          dX = dY turned back: the transpose of a rotation is the opposite rotation
inline Tensor turn_pairs(const Tensor& X, const Turns& turns, PairLayout layout) {
    return Tensor::from_op(
        "turn_pairs", turn_pairs(X.values(), turns, layout), {X},
        [X, turns, layout](const NdArray& dY) { X.accumulate_grad(turn_pairs(dY, turns, layout, true)); });
}

class Rotary : public Encoding {
public:
    Rotary(Index num_heads, Index head_dim, PairLayout layout = PairLayout::interleaved,
           const RotaryOptions& options = {})
        : clocks_(rotary_clocks(head_dim, options)),
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
        const Turns turns = turns_of(positions, clocks_.w, [&](double, std::size_t) { return clocks_.loudness; });
        return {turn_pairs(qkv.query, turns, layout_), turn_pairs(qkv.key, turns, layout_), qkv.value};
    }

    Traits traits() const override {
        return {.place = Place::queries_and_keys,
                .translation_invariant = true,
                .distinct = true,
                .source = std::string("Su et al. 2021, arXiv 2104.09864, section 3.2") + source_of(scaling_)};
    }

    // A pair is a complex number a + ib, and turning it is one product: (a + ib) e^(i k w).
    NdArray explain(Index k, std::ostream& out) const override {
        require_story("Rotary", k);
        const QueryKeyValue example = example_heads(k + 1, num_heads_, head_dim_);
        const NdArray q = reshape(slice(slice(example.query.values(), 1, 0, 1), 2, k, k + 1), {head_dim_});    // head 0
        NdArray turned = zeros({head_dim_});
        out << "Position " << k << " by turning queries and keys, " << head_dim_ / 2 << " pairs in each head:\n";
        for (Index j = 0; j < head_dim_ / 2; ++j) {
            const auto [a, b] = pair_of(layout_, j, head_dim_);
            const double angle = static_cast<double>(k) * clocks_.w[static_cast<std::size_t>(j)];
            const std::complex<double> z(static_cast<double>(q.at({a})), static_cast<double>(q.at({b})));
            const std::complex<double> there = z * std::exp(std::complex<double>(0, angle)) * clocks_.loudness;
            turned.mutable_data()[a] = static_cast<Scalar>(there.real());
            turned.mutable_data()[b] = static_cast<Scalar>(there.imag());
            if (j < 3)
                out << "  pair " << j << ", numbers " << a << " and " << b << ": turned by " << k << " x w_" << j
                    << " = " << angle << " rad: (" << z.real() << ", " << z.imag() << ") -> (" << there.real() << ", "
                    << there.imag() << ")\n";
        }
        if (clocks_.loudness != 1) out << "  all of it times " << clocks_.loudness << " (the temperature of yarn)\n";
        out << "  a random query " << Shown{{q.data(), static_cast<std::size_t>(head_dim_)}} << " becomes "
            << Shown{{turned.data(), static_cast<std::size_t>(head_dim_)}}
            << "\n  the key of position j is turned by j w: their product knows only the distance " << k << " - j\n";
        return turned;
    }

    Parameters parameters() const override { return {}; }
    const RotaryClocks& clocks() const { return clocks_; }

private:
    RotaryClocks clocks_;
    Index num_heads_, head_dim_;
    PairLayout layout_;
    RotaryScaling scaling_;
};

}    // namespace ordinal
