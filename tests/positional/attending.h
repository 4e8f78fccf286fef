// What the tests of schemes inside attention share: scores, rows of a bias, and encodings made from text.
#pragma once

#include <ordinal/nn/attention.h>
#include <ordinal/positional/examples.h>
#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"

namespace ordinal::testing {

constexpr EncodingRequest small{.d_model = 8, .max_length = 40, .num_heads = 2};

inline std::shared_ptr<Encoding> made(const std::string& specification, const EncodingRequest& request = small,
                                      std::uint64_t seed = 7) {
    Rng rng(seed);
    return make_encoding(specification, request, rng);
}

// The sentence of the refusal; empty when the scheme is made.
inline std::string refusal(const std::string& specification, const EncodingRequest& request = small) {
    try {
        made(specification, request);
    } catch (const OptionError& error) {
        return error.what();
    }
    return "";
}

// All rows of the bias for heads made of these queries and keys, as [B or 1, H, T, T].
inline NdArray bias_of(const Encoding& encoding, const QueryKeyValue& qkv, const Tensor& x,
                       const Positions& positions) {
    const ScoreBias bias = encoding.score_bias(qkv, {positions, x});
    const NdArray rows = bias.rows(bias.sources, 0, positions.size()).values();
    return rows.ndim() == 4 ? rows : reshape(rows, {1, rows.dim(0), rows.dim(1), rows.dim(2)});
}

// For schemes that ignore the content: [H, T, T].
inline NdArray bias_at(const Encoding& encoding, Index num_heads, const Positions& positions) {
    const Index T = positions.size();
    const NdArray b = bias_of(encoding, example_heads(T, num_heads, 4), Tensor(example_tokens(T, 4)), positions);
    return reshape(b, {num_heads, T, T});
}
inline NdArray bias_at(const Encoding& encoding, Index num_heads, Index length) {
    return bias_at(encoding, num_heads, Positions::arange(length));
}

}    // namespace ordinal::testing
