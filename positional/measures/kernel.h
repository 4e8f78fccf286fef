// The attention kernel: how strongly position i attends to position j when all tokens are the same.
//
// It is the one picture in which all schemes can stand side by side, wherever they act. The idea of probing with one
// repeated token is Wang et al. 2021 (openreview onxoVA9FxMw); the normalisation is ours.
#pragma once

#include <ordinal/positional/encoding.h>

namespace ordinal {

struct KernelOptions {
    Index length = 64;
    Index d_model = 64;
    Index num_heads = 4;
    Index draws = 32;          // random contents that are averaged, where the scheme needs a content
    std::uint64_t seed = 1;    // of the contents
};

// P: [length, d_model], what the scheme adds to the same token at each position. The token is zero, unless the scheme
// reads it; then it is random. All zeros for a scheme that acts elsewhere.
NdArray input_codes(const Encoding& encoding, const KernelOptions& options = {});

// K: [length, length].
//     at the input:       K[i, j] = cos(p_i, p_j), p = input_codes
//     inside attention:   K[i, j] = a_ij / sqrt(|a_ii a_jj|), a_ij = q_i . k_j / sqrt(Dh) + b(i, j), where q = k = one
//                         random content at all positions (with the codes of a scheme that acts at the input too); a is
//                         averaged over draws and the heads that see the key. A scheme may push a_ii below 0 (then K[i,
//                         i] = -1) or to 0 (no scale: K[i, j] = 0)
//     nowhere:            K[i, j] = 1: all positions are alike
// A score that the scheme itself hides in all heads (the future of a causal-only scheme) is NaN.
NdArray attention_kernel(const Encoding& encoding, const KernelOptions& options = {});

}    // namespace ordinal
