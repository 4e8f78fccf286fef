// Encoding: what every position scheme of this folder offers.
#pragma once

#include <iosfwd>
#include <memory>

#include <ordinal/core/ops.h>
#include <ordinal/nn/position_scheme.h>
#include <ordinal/positional/encoding_options.h>
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

    // Does it act at the input by codes that are added, x_k -> x_k + p_k? Then vectors() has them: [T] -> [T, D].
    // OptionError: a scheme that acts in another way has no codes.
    virtual bool is_additive() const { return false; }
    virtual Tensor vectors(const Positions& positions) const;
    // What training sees instead, for schemes that add noise or drop a part.
    virtual Tensor training_vectors(const Positions& positions, Rng&) const { return vectors(positions); }

    // x + p where it is additive, else x.   x: [B, T, D] -> [B, T, D]
    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const override;

    // What multiplies each query by a number (positional/combined/log_n.h) does so to all that reads queries, biases
    // too; a rotation is the product's alone.   query: [B, H, Tq, Dh] -> the same
    virtual Tensor sharpened(const Tensor& query, const AttentionContext&) const { return query; }

    // Prints how position k comes about, with the actual numbers: by narrate(), or, of a scheme that has no narration,
    // the numbers of the batch (computed_in_batch in positional/explain.h). Returns what it arrives at:
    //     at the input           the code p_k [D]; with tokens x = example_tokens(k + 1, D): the input y_k [D]
    //     at queries and keys    the rotated query of example_heads(k + 1, ...) at position k, head 0: [Dh]
    //     at the scores          the row b(k, 0 .. k) for example_heads(k + 1, ...), head 0: [k + 1]
    NdArray explain(Index k, std::ostream& out) const;

    // A scheme may compute position k a second time, slowly, one number after the other, and print each step, beginning
    // with "Position k". Tests compare it with the batch. Undefined: there is no narration.
    virtual NdArray narrate(Index, std::ostream&) const { return {}; }

    // The sizes that make_encoding was asked for: of the example tokens and heads.
    const EncodingRequest& sizes() const { return sizes_; }
    void set_sizes(const EncodingRequest& sizes) { sizes_ = sizes; }

    // Inside attention there is no state to carry, and streaming means that a prefix is stable: a query or key rotated
    // with the tokens so far is the one of the whole sequence, and so is the row of biases of the last token. A model
    // then keeps its keys and asks for one row. The contract tests check both.
    // OptionError: the code of a position changes when the sequence grows, so it cannot be given early.
    std::unique_ptr<Stream> stream() const override;

private:
    NdArray explained(Index k, std::ostream& out) const;

    EncodingRequest sizes_;
};

// For schemes whose position code is a vector that is added to the token embedding: they define vectors(), no hook.
class AdditiveEncoding : public Encoding {
public:
    bool is_additive() const final { return true; }
    Tensor vectors(const Positions& positions) const override = 0;
};

// Where each position needs all before it, nothing ends as an idea, but at some point one waits for minutes or has no
// memory left. Such a scheme refuses positions from most_computed on, and its trait computable_up_to says so.
constexpr Index most_computed = 1'000'000;
inline void require_computable(const char* who, Index k) {
    require<PositionOutOfRange>(k < most_computed, who, ": position ", k,
                                " needs all positions before it, and only 0..", most_computed - 1,
                                " are computed; use a scheme that computes each position alone");
}

}    // namespace ordinal
