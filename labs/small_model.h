// What labs 4, 5, 7 and 8 train: a small Transformer that answers at every place of a made-up sequence. One header that
// says what demos/models/ says in several files.
//
//     off(k)               answer with the token k places back          a distance
//     mod(m)               answer with the position modulo m            a phase
//     marker(farthest)     answer with the distance to the last marker  a place that depends on the content
#pragma once

#include <algorithm>
#include <functional>
#include <memory>

#include <ordinal/nn.h>
#include <ordinal/positional/encoding.h>

namespace lab {

using namespace ordinal;

constexpr Index vocabulary = 16;    // tokens, and classes to choose from
constexpr EncodingRequest sizes{.d_model = 64, .max_length = 256, .num_heads = 4};

struct Sequences {
    IndexArray inputs, targets;    // [B, T] each; -1: not asked
};
using Draw = std::function<Sequences(Index B, Index T, Rng& rng)>;

inline Sequences random_tokens(Index B, Index T, Rng& rng) {
    IndexArray tokens({B, T}, std::vector<Index>(static_cast<std::size_t>(B * T)));
    for (Index& token : tokens.values) token = rng.below(vocabulary);
    return {tokens, tokens};
}

inline Draw off(Index k) {
    return [k](Index B, Index T, Rng& rng) {
        Sequences drawn = random_tokens(B, T, rng);
        for (Index i = 0; i < B * T; ++i)
            drawn.targets.values[static_cast<std::size_t>(i)] = i % T < k ? -1 : drawn.inputs[i - k];
        return drawn;
    };
}

inline Draw mod(Index m) {
    return [m](Index B, Index T, Rng& rng) {
        Sequences drawn = random_tokens(B, T, rng);
        for (Index i = 0; i < B * T; ++i) drawn.targets.values[static_cast<std::size_t>(i)] = i % T % m;
        return drawn;
    };
}

// Token 0 is the marker, one token in eight; each sequence begins with one. From `farthest` on all distances are one.
inline Draw marker(Index farthest) {
    return [farthest](Index B, Index T, Rng& rng) {
        Sequences drawn = random_tokens(B, T, rng);
        Index distance = 0;
        for (Index i = 0; i < B * T; ++i) {
            const bool marked = i % T == 0 || rng.below(8) == 0;
            distance = marked ? 0 : std::min(distance + 1, farthest);
            const auto place = static_cast<std::size_t>(i);
            drawn.inputs.values[place] = marked ? 0 : 1 + rng.below(vocabulary - 1);
            drawn.targets.values[place] = distance;
        }
        return drawn;
    };
}

// tokens -> token vectors + position -> LN -> one pre-LN layer, 64 wide, 4 heads -> LN -> Linear -> 16 logits
inline Transformer small_model(const std::shared_ptr<const Encoding>& encoding, Rng& rng) {
    return Transformer({.vocab_size = vocabulary,
                        .token_std = 0.1,
                        .encoder = {.d_model = sizes.d_model,
                                    .num_heads = sizes.num_heads,
                                    .d_ff = 2 * sizes.d_model,
                                    .num_layers = 1,
                                    .norm = NormPlacement::pre,
                                    .causal = encoding->traits().causal_only,
                                    .input_norm = true}},
                       rng, encoding);
}

struct Training {
    Index steps = 250;
    Index shortest = 8, longest = 32;    // half of the batches are as long as the longest, the others have any length
    Index batch = 16;
    double rate = 3e-3;    // its peak: warm-up, then half a cosine to 0
};

inline void train(const Transformer& model, const Draw& draw, const Training& training, Rng& rng) {
    const Parameters parameters = model.parameters();
    AdamW optimizer(parameters, 0, {.beta2 = 0.98});
    for (Index step = 0; step < training.steps; ++step) {
        const Index any = training.shortest + rng.below(training.longest - training.shortest + 1);
        const Sequences batch = draw(training.batch, rng.chance(0.5) ? training.longest : any, rng);
        optimizer.clear_gradients();
        cross_entropy(model.forward(batch.inputs, Mode::training(rng)), batch.targets).backward();
        clip_gradients(parameters, 1.0);
        optimizer.step(warmup_cosine(step, training.steps, training.rate, std::min<Index>(50, training.steps / 4)));
    }
}

// [B, T] -> [B, T, 16]
inline NdArray logits(const Transformer& model, const IndexArray& ids) {
    const NoGrad guard;
    return model.forward(ids, Mode::evaluation()).values();
}

inline IndexArray answers(const Transformer& model, const IndexArray& ids) { return argmax_last(logits(model, ids)); }

}    // namespace lab
