#include <ordinal/positional/measures/kernel.h>

#include <cmath>
#include <limits>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/measures/similarity.h>

namespace ordinal {
namespace {

// [1, 1, D] -> [1, T, D]: the same content everywhere.
Tensor repeated(const NdArray& content, Index length) {
    return Tensor(contiguous(broadcast_to(content, {1, length, content.dim(2)})));
}

// The scores of one content, averaged over the heads that see the key (see hidden_score); NaN where none does: [T, T]
NdArray scores_of(const Encoding& encoding, const KernelOptions& options, Rng& rng) {
    const Index T = options.length, H = options.num_heads, Dh = options.d_model / H;
    const Positions positions = Positions::arange(T);
    const Tensor content = repeated(random_normal({1, 1, options.d_model}, 1, rng), T);
    const Tensor x = encoding.apply_to_input(content, positions, Mode::evaluation());
    const Tensor heads = permute(reshape(x, {1, T, H, Dh}), {0, 2, 1, 3});    // [1, H, T, Dh]
    const QueryKeyValue rotated = encoding.apply_to_queries_and_keys({heads, heads, heads}, {positions, x});
    Tensor scores = matmul(rotated.query, transpose(rotated.key)) * static_cast<Scalar>(1 / std::sqrt(Dh));
    const ScoreBias bias = encoding.score_bias({heads, heads, heads}, {positions, x});
    if (bias.defined()) scores = scores + bias.rows(bias.sources, 0, T);
    const NdArray all = contiguous(scores.values());    // [1, H, T, T]
    NdArray mean = zeros({T, T});
    for (Index pair = 0; pair < T * T; ++pair) {
        Scalar sum = 0, seen = 0;
        for (Index h = 0; h < H; ++h) {
            const Scalar score = all.data()[h * T * T + pair];
            if (score == hidden_score) continue;
            sum += score;
            ++seen;
        }
        mean.mutable_data()[pair] = seen > 0 ? sum / seen : std::numeric_limits<Scalar>::quiet_NaN();
    }
    return mean;
}

}    // namespace

NdArray input_codes(const Encoding& encoding, const KernelOptions& options) {
    NoGrad guard;
    Rng rng(options.seed);
    const bool needs_token = encoding.traits().content_dependent;
    const NdArray token =
        needs_token ? random_normal({1, 1, options.d_model}, 0.5, rng) : zeros({1, 1, options.d_model});
    const Tensor x = repeated(token, options.length);
    const Tensor y = encoding.apply_to_input(x, Positions::arange(options.length), Mode::evaluation());
    return reshape((y - x).values(), {options.length, options.d_model});
}

NdArray attention_kernel(const Encoding& encoding, const KernelOptions& options) {
    const Index T = options.length;
    require(T > 0 && options.draws > 0 && options.num_heads > 0 && options.d_model % options.num_heads == 0,
            "attention_kernel: expected a length and draws > 0 and heads that divide d_model, got length ", T,
            ", draws ", options.draws, ", ", options.num_heads, " heads of d_model ", options.d_model);
    const Place place = encoding.traits().place;
    if (place == Place::nowhere) return NdArray({T, T}, 1);
    if (place == Place::input) return cosine_similarity(input_codes(encoding, options));

    NoGrad guard;
    Rng rng(options.seed);
    NdArray sum = zeros({T, T});
    for (Index draw = 0; draw < options.draws; ++draw) sum = sum + scores_of(encoding, options, rng);
    NdArray kernel = zeros({T, T});
    Scalar* K = kernel.mutable_data();
    for (Index i = 0; i < T; ++i)
        for (Index j = 0; j < T; ++j) {
            const Scalar size = std::sqrt(std::abs(sum.at({i, i}))) * std::sqrt(std::abs(sum.at({j, j})));
            K[i * T + j] = size > 0 ? sum.at({i, j}) / size : 0;
        }
    return kernel;
}

}    // namespace ordinal
