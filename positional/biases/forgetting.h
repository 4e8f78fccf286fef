// Forgetting: each token decides how much of everything before it is forgotten.
//
// Source:  Lin et al. 2025, arXiv 2503.02130 ("Forgetting Transformer"), section 3; both ways: ours
// Formula: f_t = sigmoid(w_h . x_t + c_h), one gate for each token and head
//          b_h(i, j) = log f_{j+1} + ... + log f_i = F_i - F_j,  F = cumulative sum of log f;  j > i is hidden
//          two_sided: j > i gets  log g_i + ... + log g_{j-1},  g_t = sigmoid(v_h . x_t + d_h), the gates the other way
// Shapes:  x: [B, T, D], the attention layer's input; w, v: [H, D], c, d: [H]; F: [B, H, T]; rows of [B, H, T, T]
// Why:     ALiBi with a slope that the text decides: "a new paragraph: forget". An LSTM's forget gate as a bias. The
//          sum is a scan (LogDecay in positional/recurrences/scan.h), so there is no waiting and no bound. The price:
//          nothing can be cached, and what is forgotten stays forgotten for all later tokens. It looks back only, and
//          hides the future itself; with form=two_sided a model that looks both ways, such as BERT, has it too.
// Our start, not the paper's: c_h with log f = -m_h, ALiBi's slopes; with w = 0 it is ALiBi under a causal mask.
#pragma once

#include <cmath>

#include <ordinal/nn/init.h>
#include <ordinal/positional/biases/alibi.h>
#include <ordinal/positional/biases/gate_sums.h>

namespace ordinal {

enum class ForgettingForm { one_sided, two_sided };

class Forgetting : public Encoding {
public:
    // forgetting(form=one_sided)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const auto form = options.choice<ForgettingForm>(
            "form", {{"one_sided", ForgettingForm::one_sided}, {"two_sided", ForgettingForm::two_sided}});
        return std::make_shared<Forgetting>(request.num_heads, request.d_model, rng, form);
    }

    Forgetting(Index num_heads, Index d_model, Rng& rng, ForgettingForm form = ForgettingForm::one_sided)
        : back_(num_heads, d_model, rng) {
        if (form == ForgettingForm::two_sided) ahead_.emplace(num_heads, d_model, rng);
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Index T = context.positions.size(), D = back_.weight.dim(1);
        const Tensor& x = context.x;
        require_heads("Forgetting", qkv, back_.weight.dim(0), context.positions);
        require_running("Forgetting", context.positions);
        require(x.ndim() == 3 && x.dim(1) == T && x.dim(2) == D, "Forgetting: expected the layer's input [B, ", T, ", ",
                D, "], got ", x.shape());
        const GateSums F(back_.log_gates(x));
        if (!ahead_)
            return {.sources = {F.sums()}, .rows = [F](const std::vector<Tensor>& sources, Index begin, Index end) {
                        const NdArray later = future(begin, end, sources[0].dim(2));
                        return masked_fill(F.back(sources[0], begin, end), later, hidden_score);    // F_i - F_j
                    }};
        // The gates g_i .. g_{j-1}: each counts for the tokens behind its own place, so the sums begin one later.
        const Tensor g = ahead_->log_gates(x);
        const GateSums G(T == 0 ? g : concat({Tensor(zeros({g.dim(0), g.dim(1), 1})), slice(g, 2, 0, T - 1)}, 2));
        return {.sources = {F.sums(), G.sums()},
                .rows = [F, G](const std::vector<Tensor>& sources, Index begin, Index end) {
                    const NdArray later = future(begin, end, sources[0].dim(2));
                    const Tensor back = F.back(sources[0], begin, end), ahead = G.ahead(sources[1], begin, end);
                    return where(later, ahead, back);
                }};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .depth = Depth::logarithmic,
                .ids = AcceptedIds::consecutive,
                .content_dependent = true,
                .cacheable = false,
                .causal_only = !ahead_.has_value(),
                .translation_invariant = true,
                .distinct = true,
                .fades = true,
                .source = "Lin et al. 2025, arXiv 2503.02130, section 3"};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override {
        Parameters all{{"weight", back_.weight}, {"bias", back_.bias}};
        if (ahead_) {
            all.push_back({"weight_ahead", ahead_->weight});
            all.push_back({"bias_ahead", ahead_->bias});
        }
        return all;
    }

private:
    // One gate for each token and head.
    struct Gates {
        Gates(Index num_heads, Index d_model, Rng& rng)
            : weight(uniform_parameter({allowed(num_heads, d_model), d_model}, d_model, rng)) {
            NdArray c = zeros({num_heads});
            const std::vector<double> slopes = Alibi::slopes(num_heads);
            for (Index h = 0; h < num_heads; ++h) {    // sigmoid(c) = e^-m  where  c = -log(e^m - 1)
                const double m = slopes[static_cast<std::size_t>(h)];
                c.mutable_data()[h] = static_cast<Scalar>(-std::log(std::expm1(m)));
            }
            bias = Tensor::parameter(c);
        }

        Tensor log_gates(const Tensor& x) const {    // log sigmoid: [B, T, D] -> [B, T, H] -> [B, H, T]
            return permute(-softplus(-(matmul(x, transpose(weight)) + bias)), {0, 2, 1});
        }

        Tensor weight, bias;    // w [H, D], c [H]
    };

    static Index allowed(Index num_heads, Index d_model) {
        require_room("Forgetting", "gates", {num_heads, d_model}, "take fewer heads");
        return num_heads;
    }

    Gates back_;
    std::optional<Gates> ahead_;    // two_sided only
};

}    // namespace ordinal
