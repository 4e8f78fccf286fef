// PositionScheme: the socket. What a model lets a position scheme touch, and nothing else.
//
//     0. the ids                  which position each token has      random or shifted ids; nearly always 0, 1, 2, ...
//     1. the embeddings           x_k -> x_k + p_k               BERT's table, recurrences, sinusoids
//     2. queries, keys, values    q_k -> R_k q_k                 rotary encodings
//     3. the attention scores     a_ij -> a_ij + b(i, j)         ALiBi, T5
//
// Each hook touches nothing unless a scheme overrides it. The schemes themselves live in positional/, which nn does
// not know.
#pragma once

#include <ordinal/core/ops_attention.h>
#include <ordinal/nn/module.h>
#include <ordinal/nn/positions.h>

namespace ordinal {

struct QueryKeyValue {
    Tensor query, key, value;    // each [B, H, T, Dh]
};

class PositionScheme : public Module {
public:
    // 0. Asked once for each batch, by whoever runs the model; the ids that come back go to the other three hooks.
    virtual Positions assign(const Positions& positions, const Mode&) const { return positions; }

    // 1. x: [B, T, D] -> [B, T, D]
    virtual Tensor apply_to_input(const Tensor& x, const Positions&, const Mode&) const { return x; }

    // 2. same shapes out
    virtual QueryKeyValue turn(const QueryKeyValue& qkv, const Positions&) const { return qkv; }

    // 3. What is added to the scores before the softmax, in blocks of rows (see ScoreBias); by default nothing.
    //    x: [B, T, D] is the attention layer's input: some schemes count by content.
    virtual ScoreBias score_bias(const QueryKeyValue&, const Tensor& /*x*/, const Positions&) const { return {}; }
};

}    // namespace ordinal
