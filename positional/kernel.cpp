#include "positional/kernel.h"

#include <cmath>
#include <limits>

#include "core/nd_math.h"
#include "positional/similarity.h"

namespace ordinal {
namespace {

// [1, 1, D] -> [1, T, D]: the same content everywhere.
Tensor repeated(const NdArray& content, Index length) {
    return Tensor(contiguous(broadcast_to(content, {1, length, content.dim(2)})));
}

NdArray codes_of(const Encoding& encoding, const KernelOptions& options, Rng& rng) {
    const bool needs_token = encoding.traits().content_dependent;
    const NdArray token =
        needs_token ? random_normal({1, 1, options.d_model}, 0.5, rng) : NdArray({1, 1, options.d_model});
    const Tensor x = repeated(token, options.length);
    const Tensor y = encoding.apply_to_input(x, Positions::arange(options.length), Mode::evaluation());
    return reshape((y - x).values(), {options.length, options.d_model});
}

// The scores of one content, summed over heads: [T, T].
NdArray scores_of(const Encoding& encoding, const KernelOptions& options, Rng& rng) {
    const Index T = options.length, H = options.num_heads, Dh = options.d_model / H;
    const Positions positions = Positions::arange(T);
    const Tensor x = repeated(random_normal({1, 1, options.d_model}, 1, rng), T);
    const Tensor heads = permute(reshape(x, {1, T, H, Dh}), {0, 2, 1, 3});    // [1, H, T, Dh]
    const QueryKeyValue turned = encoding.turn({heads, heads, heads}, positions);
    Tensor scores = matmul(turned.query, transpose(turned.key)) * static_cast<Scalar>(1 / std::sqrt(Dh));
    const ScoreBias bias = encoding.score_bias(turned, x, positions);
    if (bias.defined()) scores = scores + bias.rows(bias.sources, 0, T);    // [1, H, T, T]
    return reshape(sum(scores, 1).values(), {T, T});
}

}    // namespace

NdArray attention_kernel(const Encoding& encoding, const KernelOptions& options) {
    const Index T = options.length;
    require(T > 0 && options.draws > 0 && options.num_heads > 0 && options.d_model % options.num_heads == 0,
            "attention_kernel: expected a length and draws > 0 and heads that divide d_model, got length ", T,
            ", draws ", options.draws, ", ", options.num_heads, " heads of d_model ", options.d_model);
    NoGrad guard;
    Rng rng(options.seed);
    const Place place = encoding.traits().place;
    if (place == Place::nowhere) return NdArray({T, T}, 1);
    if (place == Place::input) return cosine_similarity(codes_of(encoding, options, rng));

    NdArray sum({T, T});
    for (Index draw = 0; draw < options.draws; ++draw) sum = sum + scores_of(encoding, options, rng);
    NdArray kernel({T, T});
    Scalar* K = kernel.mutable_data();
    for (Index i = 0; i < T; ++i)
        for (Index j = 0; j < T; ++j) {
            const bool hidden = sum.at({i, j}) < Scalar(-1e8);    // attention.h hides a score by making it -1e9
            const Scalar size = std::sqrt(std::abs(sum.at({i, i}) * sum.at({j, j})));
            K[i * T + j] = hidden ? std::numeric_limits<Scalar>::quiet_NaN() : sum.at({i, j}) / size;
        }
    return kernel;
}

}    // namespace ordinal
