// CausalMask: a token sees itself and what stands before it. Nothing else is said of positions.
//
// Source:  Haviv et al. 2022, arXiv 2203.16634; Kazemnejad et al. 2023, arXiv 2305.19466 ("NoPE")
// Formula: b(i, j) = 0 for j <= i;  j > i is hidden
// Shapes:  rows of [1, T, T]
// Why:     a model that writes has this mask anyway, and it lets a little position through: token k averages over k + 1
//          tokens. (Equal tokens it cannot tell apart.) Beside another scheme it is the control of all that hides the
//          future: what does the other part of "rnn + forgetting" do, and what its mask? The price: half of the text is
//          out of sight.
#pragma once

#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

class CausalMask : public Encoding {
public:
    // causal
    static std::shared_ptr<Encoding> make(const EncodingRequest&, EncodingOptions&, Rng&) {
        return std::make_shared<CausalMask>();
    }

    ScoreBias score_bias(const QueryKeyValue&, const AttentionContext& context) const override {
        const Index T = context.positions.size();
        return {.sources = {}, .rows = [T](const std::vector<Tensor>&, Index begin, Index end) {
                    const Tensor nothing(zeros({1, end - begin, T}));
                    return masked_fill(nothing, future(begin, end, T), hidden_score);
                }};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .causal_only = true,
                .translation_invariant = true,
                .fades = true,
                .source = "Haviv et al. 2022, arXiv 2203.16634; Kazemnejad et al. 2023, arXiv 2305.19466"};
    }

    Parameters parameters() const override { return {}; }
};

}    // namespace ordinal
