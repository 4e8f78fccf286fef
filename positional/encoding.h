// Encoding: what every position scheme of this folder offers.
#pragma once

#include <iosfwd>
#include <memory>

#include <ordinal/core/ops.h>
#include <ordinal/nn/position_scheme.h>
#include <ordinal/positional/room.h>
#include <ordinal/positional/traits.h>

namespace ordinal {

class Encoding : public PositionScheme {
public:
    virtual Traits traits() const = 0;
    Place acts_at() const final {
        const Traits all = traits();
        return all.place | (all.sharpens_queries ? Place::queries_and_keys : Place::nowhere) |
               (all.chooses_ids ? Place::ids : Place::nowhere);
    }

    // Computes position k again, slowly, one number after the other, and tells each step with its formula and the
    // actual numbers. Returns what the story arrives at; tests compare it with the batch computation:
    //     at the input           the code p_k [D]; with tokens x = example_tokens(k + 1, D): the input y_k [D]
    //     at queries and keys    the turned query of example_heads(k + 1, ...) at position k, head 0: [Dh]
    //     at the scores          the row b(k, 0 .. k) for example_heads(k + 1, ...), head 0: [k + 1]
    virtual NdArray explain(Index k, std::ostream& out) const = 0;

    // Inside attention there is no state to carry, and streaming means that a prefix is stable: a query or key turned
    // with the tokens so far is the one of the whole sequence, and so is the row of biases of the last token. A model
    // then keeps its keys and asks for one row. The contract tests check both.
    // OptionError: the code of a position changes when the sequence grows, so it cannot be given early.
    std::unique_ptr<Stream> stream() const override {
        require<OptionError>(traits().streams,
                             "Encoding: its codes change when the sequence grows, so there is no "
                             "streaming form; encode the whole sequence");
        return PositionScheme::stream();
    }
};

// Where each position needs all before it, nothing ends as an idea, but at some point one waits for minutes or has no
// memory left. Such a scheme refuses positions from most_computed on, and its trait computable_up_to says so.
constexpr Index most_computed = 1'000'000;
inline void require_computable(const char* who, Index k) {
    require<PositionOutOfRange>(k < most_computed, who, ": position ", k,
                                " needs all positions before it, and only 0..", most_computed - 1,
                                " are computed; use a scheme that computes each position alone");
}

// A story goes step by step, so for it the same holds whatever the scheme.
inline void require_story(const char* who, Index k) {
    require<PositionOutOfRange>(k >= 0, who, ": the story starts at position 0, got ", k);
    require<PositionOutOfRange>(k < most_computed, who, ": the story goes step by step, and no farther than position ",
                                most_computed - 1, ", got ", k);
}

// Schemes whose position code is a vector that is added to the token embedding: x_k -> x_k + p_k.
class AdditiveEncoding : public Encoding {
public:
    // The codes p of the given positions: [T] -> [T, D].
    virtual Tensor vectors(const Positions& positions) const = 0;
    // What training sees instead, for schemes that add noise or drop a part.
    virtual Tensor training_vectors(const Positions& positions, Rng&) const { return vectors(positions); }

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const override {
        require(x.ndim() == 3 && x.dim(1) == positions.size(), "Encoding: expected x [B, T, D] and T positions, got x ",
                x.shape(), " and ", positions.size(), " positions");
        if (!positions.lengths().empty() && traits().length_dependent) return x + padded_codes(x, positions, mode);
        const Tensor codes = codes_for(positions, mode);
        require(codes.shape() == Shape({x.dim(1), x.dim(2)}), "Encoding: x ", x.shape(),
                " needs codes of its width, got ", codes.shape());
        return x + codes;    // [B, T, D] + [T, D]
    }

private:
    Tensor codes_for(const Positions& positions, const Mode& mode) const {
        return mode.is_training() ? training_vectors(positions, mode.rng()) : vectors(positions);
    }

    // Codes that depend on the number of tokens, for sequences of different lengths; padding gets none, and in training
    // each sequence has its own noise.   [B, T, D]
    Tensor padded_codes(const Tensor& x, const Positions& positions, const Mode& mode) const {
        require(static_cast<Index>(positions.lengths().size()) == x.dim(0), "Encoding: x ", x.shape(), " needs ",
                x.dim(0), " lengths, got ", positions.lengths().size());
        std::vector<Tensor> all;
        for (Index length : positions.lengths()) {
            const Tensor padding(zeros({x.dim(1) - length, x.dim(2)}));
            all.push_back(length == 0 ? padding : concat({codes_for(positions.first(length), mode), padding}, 0));
        }
        return stack(all, 0);
    }
};

}    // namespace ordinal
