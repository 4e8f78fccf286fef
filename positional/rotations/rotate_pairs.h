// What all rotary encodings do to queries and keys: pairs of numbers rotate, each by an angle of its own.
#pragma once

#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/ops.h>
#include <ordinal/nn/positions.h>
#include <ordinal/positional/rotations/rotary_scaling.h>

namespace ordinal {

enum class PairLayout { interleaved, half };

struct Pair {
    Index a, b;    // where the two numbers of a pair stand
};
inline Pair pair_of(PairLayout layout, Index j, Index width) {
    return layout == PairLayout::interleaved ? Pair{2 * j, 2 * j + 1} : Pair{j, j + width / 2};
}

// What each pair is rotated by at each position: c = cos, s = sin of its angle (times a scaling).  c, s: [T, P], or for
// each text and head its own: [B, H, T, P]. The P pairs stand where those of a head of this layout and width do.
struct Rotations {
    NdArray c, s;
    PairLayout layout;
    Index width;
};
template <class Scaling>
Rotations rotations_of(const Positions& positions, const RotaryFrequencies& frequencies, PairLayout layout,
                       Scaling scaling) {
    const std::vector<double>& w = frequencies.w;
    const Shape shape{positions.size(), static_cast<Index>(w.size())};
    Rotations all{NdArray::uninitialized(shape), NdArray::uninitialized(shape), layout, frequencies.width};
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
inline NdArray rotate_pairs(const NdArray& X, const Rotations& rotations, bool back = false) {
    const Index Dh = X.dim(3), P = rotations.c.dim(-1), rows = X.size() / Dh, own = rotations.c.size() / P;
    const NdArray all = contiguous(X);
    NdArray Y = 2 * P < Dh ? all : NdArray::uninitialized(X.shape());    // numbers in no pair stay as they are
    const Scalar *x = all.data(), *c = rotations.c.data(), *s = rotations.s.data();
    Scalar* y = Y.mutable_data();
    parallel_for(rows, 256, [&](Index begin, Index end) {
        for (Index row = begin; row < end; ++row)
            for (Index j = 0; j < P; ++j) {
                const auto [at_a, at_b] = pair_of(rotations.layout, j, rotations.width);
                const Scalar a = x[row * Dh + at_a], b = x[row * Dh + at_b];
                const Scalar cosine = c[row % own * P + j], sine = s[row % own * P + j];
                y[row * Dh + at_a] = back ? a * cosine + b * sine : a * cosine - b * sine;
                y[row * Dh + at_b] = back ? b * cosine - a * sine : a * sine + b * cosine;
            }
    });
    return Y;
}

// Y = rotated X          dX = dY rotated back: the transpose of a rotation is the opposite rotation
inline Tensor rotate_pairs(const Tensor& X, const Rotations& rotations) {
    return Tensor::from_op("rotate_pairs", rotate_pairs(X.values(), rotations), {X},
                           [X, rotations](const NdArray& dY) { X.accumulate_grad(rotate_pairs(dY, rotations, true)); });
}

}    // namespace ordinal
