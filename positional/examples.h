// The tokens that explanations, pictures and tests use where a scheme needs some: fixed random numbers, nothing chosen.
#pragma once

#include <ordinal/core/ops.h>
#include <ordinal/core/random.h>
#include <ordinal/nn/position_scheme.h>
#include <ordinal/positional/room.h>

namespace ordinal {

// Small random embeddings, [1, T, D]. The first tokens are the same for every T.
inline NdArray example_tokens(Index length, Index d_model) {
    require_room<PositionOutOfRange>("example_tokens", "tokens", {length, d_model}, "ask for an earlier position");
    Rng rng(2019);
    return random_normal({1, length, d_model}, 0.5, rng);
}

// Queries, keys and values, each [1, H, T, Dh]; again the first tokens are the same for every T.
inline QueryKeyValue example_heads(Index length, Index num_heads, Index head_dim) {
    require_room<PositionOutOfRange>("example_heads", "queries", {length, num_heads, head_dim},
                                     "ask for an earlier position");
    const auto draw = [&](std::uint64_t seed) {
        Rng rng(seed);
        return permute(Tensor(random_normal({1, length, num_heads, head_dim}, 1, rng)), {0, 2, 1, 3});
    };
    return {draw(1), draw(2), draw(3)};
}

}    // namespace ordinal
