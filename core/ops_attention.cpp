// Attention as one reads it, and what both of its forms share.
#include <cmath>

#include <ordinal/core/operators.h>
#include <ordinal/core/ops_attention.h>
#include <ordinal/core/ops_matmul.h>
#include <ordinal/core/ops_reduce.h>
#include <ordinal/core/ops_shape.h>

namespace ordinal {
namespace {

bool broadcasts_to(const Shape& from, const Shape& to) {
    bool fits = from.ndim() <= to.ndim();
    for (int axis = 1; fits && axis <= from.ndim(); ++axis) {    // from the right
        const Index size = from[from.ndim() - axis];
        fits = size == 1 || size == to[to.ndim() - axis];
    }
    return fits;
}

// softmax(Q K^T / sqrt(Dh) + bias), and 0 for whatever is hidden: [B, H, Tq, Tk]
Tensor weights_of(const Tensor& Q, const Tensor& K, const AttentionOptions& options) {
    const Index B = Q.dim(0), H = Q.dim(1), Tq = Q.dim(2), Tk = K.dim(2);
    Tensor scores = scale(matmul(Q, transpose(K)), 1 / std::sqrt(static_cast<Scalar>(Q.dim(3))));    // [B, H, Tq, Tk]
    const auto hide = [&](const NdArray& places) { scores = masked_fill(scores, places, hidden_score); };
    if (options.bias.defined()) {
        const Tensor bias = options.bias.rows(options.bias.sources, Tk - Tq, Tk);
        detail::check_bias(bias, {B, H, Tq, Tk});
        scores = scores + bias;
        hide(bias == hidden_score);
    }
    if (options.causal) hide(NdArray::arange(Tk) > unsqueeze(NdArray::arange(Tq), 1) + (Tk - Tq));    // later keys
    if (options.padding.defined()) hide(reshape(options.padding, {B, 1, 1, Tk}));
    if (options.mask.defined()) hide(options.mask);
    // A softmax has to share out 1. Where there is nothing to see it shares it out among zeros, and nobody gets it.
    const NdArray nothing = sum(scores != hidden_score, 3) == 0;    // [B, H, Tq, 1]
    return masked_fill(softmax(masked_fill(scores, nothing, 0)), nothing, 0);
}

}    // namespace

void detail::check_attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    const auto same = [](const Tensor& a, const Tensor& b, int axis) { return a.shape()[axis] == b.shape()[axis]; };
    require(Q.ndim() == 4 && K.ndim() == 4 && V.ndim() == 4 && same(Q, K, 0) && same(Q, V, 0) && same(Q, K, 1) &&
                same(Q, V, 1) && same(K, V, 2) && same(Q, K, 3) && Q.dim(3) > 0,
            "attention: expected Q [B, H, Tq, Dh], K [B, H, Tk, Dh] and V [B, H, Tk, Dv] with Dh > 0, got ", Q.shape(),
            ", ", K.shape(), " and ", V.shape());
    const Shape scores{Q.dim(0), Q.dim(1), Q.dim(2), K.dim(2)}, keys{Q.dim(0), K.dim(2)};
    require((!options.causal && !options.bias.defined()) || Q.dim(2) <= K.dim(2),
            "attention: with causal or a bias the queries are the last Tq of the Tk tokens; expected Tq <= Tk, got ",
            Q.dim(2), " queries and ", K.dim(2), " keys");
    require(!options.padding.defined() || options.padding.shape() == keys,
            "attention: expected padding [B, Tk] = ", keys, " with 1 for a key that nobody sees, got ",
            options.padding.shape());
    require(!options.mask.defined() || broadcasts_to(options.mask.shape(), scores),
            "attention: expected a mask that broadcasts to [B, H, Tq, Tk] = ", scores, ", got ", options.mask.shape());
    require<OptionError>(0 <= options.dropout && options.dropout < 1, "attention: expected 0 <= dropout < 1, got ",
                         options.dropout);
}

void detail::check_bias(const Tensor& bias, const Shape& scores) {
    require(broadcasts_to(bias.shape(), scores), "attention: expected rows of a bias that broadcast to ",
            "[B, H, rows, Tk] = ", scores, ", got ", bias.shape());
}

// A factor depends on the seed and the weight's place only, so that forward and backward, in blocks or not, drop the
// same weights.
void detail::drop_weights(const AttentionOptions& options, Index pair, Index query, Scalar* weights, Index n) {
    const Scalar kept = static_cast<Scalar>(1 / (1 - options.dropout));
    for (Index key = 0; key < n; ++key) {
        std::uint64_t x = options.seed + static_cast<std::uint64_t>(pair) * 0x9e3779b97f4a7c15 +
                          static_cast<std::uint64_t>(query) * 0xbf58476d1ce4e5b9 +
                          static_cast<std::uint64_t>(key) * 0x94d049bb133111eb;
        x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;    // a hash: shift and multiply, twice
        x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
        const double u = static_cast<double>((x ^ (x >> 32)) >> 11) * 0x1p-53;
        weights[key] *= u < options.dropout ? 0 : kept;
    }
}

Tensor naive_attention(const Tensor& Q, const Tensor& K, const Tensor& V, const AttentionOptions& options) {
    detail::check_attention(Q, K, V, options);
    Tensor weights = weights_of(Q, K, options);
    if (options.dropout > 0) {
        NdArray factors(weights.shape(), 1);
        const Index Tq = Q.dim(2), Tk = K.dim(2);
        for (Index row = 0; row < Q.dim(0) * Q.dim(1) * Tq; ++row)
            detail::drop_weights(options, row / Tq, row % Tq, factors.mutable_data() + row * Tk, Tk);
        weights = weights * Tensor(factors);
    }
    return matmul(weights, V);
}

NdArray attention_weights(const Tensor& Q, const Tensor& K, const AttentionOptions& options) {
    detail::check_attention(Q, K, K, options);
    const NoGrad guard;
    return weights_of(Q, K, options).values();
}

}    // namespace ordinal
