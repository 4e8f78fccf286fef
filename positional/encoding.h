// Encoding: what every position scheme of this folder offers.
#pragma once

#include <iosfwd>

#include "core/ops.h"
#include "nn/position_scheme.h"
#include "positional/traits.h"

namespace ordinal {

class Encoding : public PositionScheme {
public:
    virtual Traits traits() const = 0;

    // Computes position k again, slowly, one number after the other, and tells each step with its formula and the
    // actual numbers. Returns the code p_k [D] that the story arrives at: tests compare it with the batch computation.
    virtual NdArray explain(Index k, std::ostream& out) const = 0;
};

// Schemes whose position code is a vector that is added to the token embedding: x_k -> x_k + p_k.
class AdditiveEncoding : public Encoding {
public:
    // The codes p of the given positions: [T] -> [T, D].
    virtual Tensor vectors(const Positions& positions) const = 0;

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode&) const override {
        require(x.ndim() == 3 && x.dim(1) == positions.size(), "Encoding: expected x [B, T, D] and T positions, got x ",
                x.shape(), " and ", positions.size(), " positions");
        const Tensor codes = vectors(positions);
        require(codes.shape() == Shape({x.dim(1), x.dim(2)}), "Encoding: x ", x.shape(),
                " needs codes of its width, got ", codes.shape());
        return x + codes;    // [B, T, D] + [T, D]
    }
};

}    // namespace ordinal
