// SelectiveRotary: rotations like RoPE's, but each token decides how far it moves the hands on.
//
// Source:  Movahedi et al. 2025, arXiv 2511.17388 ("Selective RoPE"), and their code, github.com/timurcarstensen/
//          selective-rope, modules/rotary.py; without its short convolution, gate, low rank and normalisation of x
//          (that steps are summed and turn queries and keys, a public summary of the paper says as well).
//          There c is exp of a parameter (here any number), the base 500000, the layout half, and without the
//          convolution a step is a difference phi_t - phi_{t-1} of what the tokens say (here what token t says)
// Formula: s_tj = W_j . x_t + c_j,  S_tj = s_0j + ... + s_tj          for each head and pair j
//          the pair (a, b) of token t is rotated by S_tj w_j, with RoPE's w_j = base^(-2j/Dh)
//          so (R_i q) . (R_j k) turns by w times the sum of s over the tokens after j, up to i
// Shapes:  x: [B, T, D], the attention layer's input; W: [H Dh/2, D], c: [H Dh/2]; S: [B, H, T, Dh/2]
//          query, key: [B, H, T, Dh], Dh even; interleaved or half as in rotate_pairs.h; values are left alone
// Why:     a distance that the text measures: a token with s = 0 does not count, one with s < 0 takes a step back. In
//          linear attention, where scores are weights, with a bias that forgets beside it, query and key are joined by
//          a product of complex numbers, f_t e^(i w s_t) of every token on the way: how much is kept, and how far it
//          is turned. With a softmax the forgetting is a factor of the weight, and the rotation stays inside the
//          exponent. The price: sums along the tokens (a scan), nothing can be cached, and a distance beyond all of
//          training is as unknown as in RoPE.
// Our start, as in their code with a bias: c = 1, so that it begins near RoPE; with W = 0 it is RoPE at 1, 2, 3, ...
#pragma once

#include <cmath>

#include <ordinal/nn/init.h>
#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/recurrences/scan.h>
#include <ordinal/positional/rotations/rotate_pairs.h>

namespace ordinal {

// Y = X rotated, pair j of row r by w_j S_rj        X: [B, H, T, Dh]   S, lost: [B, H, T, Dh/2], the steps are S + lost
// dX = dY rotated back,  dS_j = w_j (dY_b Y_a - dY_a Y_b): moving on turns (Y_a, Y_b) towards (-Y_b, Y_a)
inline Tensor rotate_by_steps(const Tensor& X, const Tensor& S, const NdArray& lost,
                              const RotaryFrequencies& frequencies, PairLayout layout) {
    const std::vector<double>& w = frequencies.w;
    const NdArray steps = contiguous(S.values()), rest = contiguous(lost);
    Rotations rotations{NdArray::uninitialized(S.shape()), NdArray::uninitialized(S.shape()), layout,
                        frequencies.width};
    Scalar *c = rotations.c.mutable_data(), *s = rotations.s.mutable_data();
    for (Index at = 0; at < steps.size(); ++at) {    // in double, as RoPE's angles
        const double count = static_cast<double>(steps.data()[at]) + static_cast<double>(rest.data()[at]);
        const double angle = count * w[static_cast<std::size_t>(at) % w.size()];
        c[at] = static_cast<Scalar>(std::cos(angle));
        s[at] = static_cast<Scalar>(std::sin(angle));
    }
    const NdArray Y = rotate_pairs(X.values(), rotations);
    return Tensor::from_op("rotate_by_steps", Y, {X, S}, [X, S, Y, rotations, w](const NdArray& gradient) {
        const NdArray dY = contiguous(gradient);
        X.accumulate_grad(rotate_pairs(dY, rotations, true));
        const Index P = S.dim(3), Dh = X.dim(3);
        NdArray dS = NdArray::uninitialized(S.shape());
        for (Index at = 0; at < dS.size(); ++at) {
            const Index row = at / P, j = at % P;
            const auto [a, b] = pair_of(rotations.layout, j, rotations.width);
            const Scalar *y = Y.data() + row * Dh, *dy = dY.data() + row * Dh;
            dS.mutable_data()[at] = static_cast<Scalar>(w[static_cast<std::size_t>(j)]) * (dy[b] * y[a] - dy[a] * y[b]);
        }
        S.accumulate_grad(dS);
    });
}

class SelectiveRotary : public Encoding {
public:
    // selective_rope(layout=interleaved, base=10000)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const auto layout = options.choice<PairLayout>(
            "layout", {{"interleaved", PairLayout::interleaved}, {"half", PairLayout::half}});
        return std::make_shared<SelectiveRotary>(request.num_heads, request.head_dim(), request.d_model, rng, layout,
                                                 options.number("base", 10000));
    }

    SelectiveRotary(Index num_heads, Index head_dim, Index d_model, Rng& rng,
                    PairLayout layout = PairLayout::interleaved, double base = 10000)
        : frequencies_(rotary_frequencies(head_dim, {.base = base})),
          num_heads_(allowed(num_heads, head_dim, d_model)),
          layout_(layout),
          weight_(uniform_parameter({num_heads * head_dim / 2, d_model}, d_model, rng)),
          bias_(constant_parameter({num_heads * head_dim / 2}, 1)) {}

    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Index T = context.positions.size(), H = num_heads_, P = static_cast<Index>(frequencies_.w.size());
        const Index B = qkv.query.dim(0), rows = qkv.query.dim(2), D = weight_.dim(1);
        const Tensor& x = context.x;
        require_running("SelectiveRotary", context.positions);
        require(rows <= T && qkv.query.shape() == Shape({B, H, rows, 2 * P}), "SelectiveRotary: expected queries [B, ",
                H, ", ", T, ", ", 2 * P, "], got ", qkv.query.shape());
        require(x.defined() && x.shape() == Shape({B, T, D}), "SelectiveRotary: expected the layer's input [", B, ", ",
                T, ", ", D, "], got ", x.defined() ? text_of(x.shape()) : "none");
        const Tensor s = matmul(x, transpose(weight_)) + bias_;    // [B, T, H P] -> [B, H, T, P]
        const Tensor steps = permute(reshape(s, {B, T, H, P}), {0, 2, 1, 3});
        const Bundle S = parallel_scan<LogDecay>({steps, Tensor(zeros(steps.shape()))}, 2);    // and what it lost
        const auto last = [&](const Tensor& all) { return slice(all, 2, T - rows, T); };
        const auto rotated = [&](const Tensor& t) {
            return rotate_by_steps(t, last(S[0]), last(S[1]).values(), frequencies_, layout_);
        };
        return {rotated(qkv.query), rotated(qkv.key), qkv.value};
    }

    Traits traits() const override {
        return {.place = Place::queries_and_keys,
                .depth = Depth::logarithmic,
                .ids = AcceptedIds::consecutive,
                .content_dependent = true,
                .cacheable = false,
                .translation_invariant = true,
                .distinct = true,
                .source = "Movahedi et al. 2025, arXiv 2511.17388"};
    }

    Parameters parameters() const override { return {{"weight", weight_}, {"bias", bias_}}; }

private:
    static Index allowed(Index num_heads, Index head_dim, Index d_model) {
        require<OptionError>(num_heads > 0 && d_model > 0, "SelectiveRotary: expected heads and a d_model > 0, got ",
                             num_heads, " and ", d_model);
        require_room("SelectiveRotary", "the steps", {num_heads, head_dim / 2, d_model}, "take a smaller model");
        return num_heads;
    }

    RotaryFrequencies frequencies_;
    Index num_heads_;
    PairLayout layout_;
    Tensor weight_, bias_;    // W, c
};

}    // namespace ordinal
