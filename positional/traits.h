// Traits: what a position scheme promises. Printed by the demos, enforced by the tests.
#pragma once

#include <optional>
#include <string>

#include <ordinal/nn/position_scheme.h>

namespace ordinal {

enum class Depth {    // the longest chain of dependent steps for n positions
    constant,
    logarithmic,
    at_most_linear,    // it depends on the weights, and is measured (graph_depth); this is the most it can be
    linear,
};
enum class AcceptedIds {
    any,            // every number, also fractional or negative ones
    whole,          // 0, 1, 2, ... in any order
    consecutive,    // exactly 0, 1, ..., T - 1: the scheme runs along the tokens
};

// A causal_only bias hides the future itself, mask or no mask. Rotated queries and keys cannot (their scores are too
// large ahead), so there the model has to bring a causal mask.
struct Traits {
    Place place = Place::input;                              // where positions enter, see nn/position_scheme.h
    std::optional<Index> max_length = std::nullopt;          // positions 0 .. max_length - 1 exist; none = unbounded
    std::optional<Index> computable_up_to = std::nullopt;    // unbounded as an idea, but refused from here on: each
                                                             // position needs all before it (see require_computable)
    Depth depth = Depth::constant;
    AcceptedIds ids = AcceptedIds::any;
    bool content_dependent = false;        // position k's code depends on the tokens
    bool cacheable = true;                 // computed once for a set of weights, it serves every batch
    bool length_dependent = false;         // position k's code changes when the sequence grows. Padding makes it grow:
                                           // a model tells the true lengths (Positions::with_lengths)
    bool streams = true;                   // a causal model may write with it, one token after the other: what the
                                           // scheme said of the first tokens stays true when more come
    bool causal_only = false;              // has a meaning only where tokens see no future
    bool translation_invariant = false;    // the score between equal tokens at i and j depends on i - j only
    bool distinct = false;                 // equal tokens at the first 32 positions are told apart, before any training
    bool fades = false;                    // a bias: of equal tokens a farther one never gets more
    bool sharpens_queries = false;    // besides, all queries are multiplied by one number (positional/combined/log_n.h)
    bool keys_grow = false;           // rotated keys are longer the later they are, as xPos's
    bool replaces_product = false;    // its bias takes q . k out of the scores and puts q . M k in: nothing beside it
                                      // may rotate, or replace it, too (positional/biases/path.h, combined/grouped.h)
    bool chooses_ids = false;         // besides, tokens get other ids than 0, 1, 2, ... in training or always
    std::string source = "";          // paper, equation or section
};

}    // namespace ordinal
