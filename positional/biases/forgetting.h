// Forgetting: each token decides how much of everything before it is forgotten.
//
// Source:  Lin et al. 2025, arXiv 2503.02130 ("Forgetting Transformer"), section 3
// Formula: f_t = sigmoid(w_h . x_t + c_h), one gate for each token and head
//          b_h(i, j) = log f_{j+1} + ... + log f_i = F_i - F_j,  F = cumulative sum of log f;  j > i is hidden
// Shapes:  x: [B, T, D], the attention layer's input; w: [H, D], c: [H]; F: [B, H, T]; rows of [B, H, T, T]
// Why:     ALiBi with a slope that the text decides: "a new paragraph: forget". An LSTM's forget gate as a bias. The
//          sum is a scan (LogDecay in positional/recurrences/scan.h), so there is no waiting and no bound. The price:
//          nothing can be cached, and what is forgotten stays forgotten for all later tokens. It looks back only, and
//          hides the future itself.
// Our start, not the paper's: c_h with log f = -m_h, ALiBi's slopes; with w = 0 it is ALiBi under a causal mask.
#pragma once

#include <cmath>

#include <ordinal/nn/init.h>
#include <ordinal/positional/biases/alibi.h>
#include <ordinal/positional/recurrences/scan.h>

namespace ordinal {

class Forgetting : public Encoding {
public:
    // forgetting
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions&, Rng& rng) {
        return std::make_shared<Forgetting>(request.num_heads, request.d_model, rng);
    }

    Forgetting(Index num_heads, Index d_model, Rng& rng)
        : weight_(uniform_parameter({allowed(num_heads, d_model), d_model}, d_model, rng)) {
        NdArray c = zeros({num_heads});
        const std::vector<double> slopes = Alibi::slopes(num_heads);
        for (Index h = 0; h < num_heads; ++h) {    // sigmoid(c) = e^-m  where  c = -log(e^m - 1)
            const double m = slopes[static_cast<std::size_t>(h)];
            c.mutable_data()[h] = static_cast<Scalar>(-std::log(std::expm1(m)));
        }
        bias_ = Tensor::parameter(c);
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions& positions = context.positions;
        const Tensor& x = context.x;
        require_heads("Forgetting", qkv, weight_.dim(0), positions);
        require_running("Forgetting", positions);
        require(x.ndim() == 3 && x.dim(1) == positions.size() && x.dim(2) == weight_.dim(1),
                "Forgetting: expected the layer's input [B, ", positions.size(), ", ", weight_.dim(1), "], got ",
                x.shape());
        const Tensor log_f = -softplus(-(matmul(x, transpose(weight_)) + bias_));    // log sigmoid: [B, T, H]
        const Closed gates(permute(log_f, {0, 2, 1}));                               // -> [B, H, T]
        const Bundle F = parallel_scan<LogDecay>({gates.others, Tensor(NdArray(gates.others.shape()))}, 2);
        const auto rows = [closed = gates.so_far, lost = contiguous(F[1].values())](const std::vector<Tensor>& sources,
                                                                                    Index begin, Index end) {
            const Index B = sources[0].dim(0), H = sources[0].dim(1), T = sources[0].dim(2);
            const Tensor to = reshape(slice(sources[0], 2, begin, end), {B, H, end - begin, 1});
            const Tensor from = reshape(sources[0], {B, H, 1, T});
            NdArray hidden = NdArray::uninitialized({B, H, end - begin, T}),
                    rest = NdArray::uninitialized(hidden.shape());
            Scalar *h = hidden.mutable_data(), *r = rest.mutable_data();
            for (Index pair = 0; pair < B * H; ++pair) {
                const Scalar *count = closed.data() + pair * T, *low = lost.data() + pair * T;
                for (Index i = begin; i < end; ++i)
                    for (Index j = 0; j < T; ++j) {
                        *h++ = j > i || count[i] > count[j] ? 1 : 0;
                        *r++ = low[i] - low[j];
                    }
            }
            return masked_fill(to - from + Tensor(rest), hidden, hidden_score);    // F_i - F_j
        };
        return {.sources = {F[0]}, .rows = rows};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .depth = Depth::logarithmic,
                .ids = AcceptedIds::consecutive,
                .content_dependent = true,
                .cacheable = false,
                .causal_only = true,
                .translation_invariant = true,
                .distinct = true,
                .fades = true,
                .source = "Lin et al. 2025, arXiv 2503.02130, section 3"};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override { return {{"weight", weight_}, {"bias", bias_}}; }

private:
    // A gate with f = 0 forgets all before it: they are hidden, for minus infinity minus itself would be no number. So
    // F is the sum of the others, and closed gates are counted.
    struct Closed {
        explicit Closed(const Tensor& log_f) : so_far(log_f.shape()) {    // [B, H, T]
            const NdArray l = contiguous(log_f.values());
            NdArray is_closed(l.shape());
            const Index T = l.dim(2);
            for (Index at = 0; at < l.size(); ++at) {
                is_closed.mutable_data()[at] = std::exp(l.data()[at]) == 0 ? 1 : 0;
                so_far.mutable_data()[at] = is_closed.data()[at] + (at % T > 0 ? so_far.data()[at - 1] : 0);
            }
            others = masked_fill(log_f, is_closed, 0);
        }
        NdArray so_far;
        Tensor others;
    };

    static Index allowed(Index num_heads, Index d_model) {
        require_room("Forgetting", "gates", {num_heads, d_model}, "take fewer heads");
        return num_heads;
    }

    Tensor weight_, bias_;    // w, c
};

}    // namespace ordinal
