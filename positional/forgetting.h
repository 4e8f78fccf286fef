// Forgetting: each token decides how much of everything before it is forgotten.
//
// Source:  Lin et al. 2025, arXiv 2503.02130 ("Forgetting Transformer"), section 3
// Formula: f_t = sigmoid(w_h . x_t + c_h), one gate for each token and head
//          b_h(i, j) = log f_{j+1} + ... + log f_i = F_i - F_j,  F = cumulative sum of log f;  j > i is hidden
// Shapes:  x: [B, T, D], the attention layer's input; w: [H, D], c: [H]; F: [B, H, T]; rows of [B, H, T, T]
// Why:     ALiBi with a slope that the text decides: "a new paragraph: forget". An LSTM's forget gate as a bias. The
//          sum is a scan (LogDecay in positional/scan.h), so there is no waiting and no bound. The price: nothing can
//          be cached, and what is forgotten stays forgotten for all later tokens.
//          It looks back only, and hides the future itself.
// Our start, not the paper's: c_h with log f = -m_h, ALiBi's slopes; with w = 0 it is ALiBi under a causal mask.
#pragma once

#include <cmath>
#include <ostream>

#include <ordinal/nn/init.h>
#include <ordinal/positional/alibi.h>
#include <ordinal/positional/examples.h>
#include <ordinal/positional/scan.h>

namespace ordinal {

class Forgetting : public Encoding {
public:
    Forgetting(Index num_heads, Index d_model, Rng& rng)
        : weight_(uniform_parameter({num_heads, d_model}, d_model, rng)) {
        NdArray c({num_heads});
        for (Index h = 0; h < num_heads; ++h) {    // sigmoid(c) = e^-m  where  c = -log(e^m - 1)
            const double m = Alibi::slopes(num_heads)[static_cast<std::size_t>(h)];
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
        const Tensor log_f = log_sigmoid(matmul(x, transpose(weight_)) + bias_);    // [B, T, H]
        const Closed gates(permute(log_f, {0, 2, 1}));                              // -> [B, H, T]
        const Tensor F = parallel_scan<LogDecay>({gates.others}, 2)[0];
        const auto rows = [closed = gates.so_far](const std::vector<Tensor>& sources, Index begin, Index end) {
            const Index B = sources[0].dim(0), H = sources[0].dim(1), T = sources[0].dim(2);
            const Tensor to = reshape(slice(sources[0], 2, begin, end), {B, H, end - begin, 1});
            const Tensor from = reshape(sources[0], {B, H, 1, T});
            NdArray hidden = NdArray::uninitialized({B, H, end - begin, T});
            Scalar* h = hidden.mutable_data();
            for (const Scalar* count = closed.data(); count < closed.data() + B * H * T; count += T)
                for (Index i = begin; i < end; ++i)
                    for (Index j = 0; j < T; ++j) *h++ = j > i || count[i] > count[j] ? 1 : 0;
            return masked_fill(to - from, hidden, hidden_score);    // F_i - F_j
        };
        return {.sources = {F}, .rows = rows};
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

    NdArray explain(Index k, std::ostream& out) const override {
        require<PositionOutOfRange>(k >= 0, "Forgetting: the story starts at position 0, got ", k);
        const Index D = weight_.dim(1);
        const NdArray x = example_tokens(k + 1, D), w = weight_.values();
        out << "Position " << k << " by what the tokens on the way forget, f = sigmoid(w . x + c) (head 0):\n";
        NdArray row({k + 1});
        double kept = 1;    // f_{j+1} ... f_k: the share of key j's weight that is left
        for (Index j = k; j >= 0; --j) {
            row.mutable_data()[j] = static_cast<Scalar>(std::log(kept));
            double z = static_cast<double>(bias_.values().at({0}));
            for (Index d = 0; d < D; ++d) z += static_cast<double>(w.at({0, d}) * x.at({0, j, d}));
            const double f = 1 / (1 + std::exp(-z));
            if (k - j < 3)
                out << "  key " << j << ": " << kept << " of its weight is left, b = " << std::log(kept) << "; token "
                    << j << " itself keeps " << f << " of all before it\n";
            kept *= f;
        }
        out << "  the row b(" << k << ", 0 .. " << k << ") = " << Shown{{row.data(), static_cast<std::size_t>(k + 1)}}
            << "; other tokens would forget differently\n";
        return row;
    }

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

    // log sigmoid(z) = min(z, 0) - log(1 + e^-|z|): neither e^z nor a sigmoid of 0 can spoil it.
    static Tensor log_sigmoid(const Tensor& z) { return -relu(-z) - log(exp(-(relu(z) + relu(-z))) + 1); }

    Tensor weight_, bias_;    // w, c
};

}    // namespace ordinal
