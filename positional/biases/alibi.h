// Alibi: attention with linear biases. A key loses in proportion to its distance; each head has its own slope.
//
// Source:  Press et al. 2022, arXiv 2108.12409, section 3
// Formula: symmetric:  b_h(i, j) = -m_h |i - j|
//          one_sided:  the same, but half of the heads look back only, and the other half ahead only
//          m_h = 2^(-8 (h + 1) / H) for H heads, H a power of two; see slopes() for the others
// Shapes:  rows of [H, T, T]. Added to the scores as it stands: not divided by sqrt(Dh) as the products are
// Why:     nothing to learn, no bound, and far keys fade at every length in the way the model knows. The price: no head
//          can ask for "exactly three back", and far keys are faint whatever they say.
//          Under a causal mask the symmetric form is the paper's. Code often adds +m_h j instead: the same after the
//          softmax, which ignores what a whole row has in common (here -m_h i), but only when the future is hidden.
//          Without a mask |i - j| does not tell left from right. One-sided heads do; with a mask use the symmetric
//          form.
#pragma once

#include <algorithm>
#include <cmath>

#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

enum class AlibiForm { symmetric, one_sided };

class Alibi : public Encoding {
public:
    // alibi(form=symmetric)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng&) {
        const auto form = options.choice<AlibiForm>(
            "form", {{"symmetric", AlibiForm::symmetric}, {"one_sided", AlibiForm::one_sided}});
        return std::make_shared<Alibi>(request.num_heads, form);
    }

    explicit Alibi(Index num_heads, AlibiForm form = AlibiForm::symmetric)
        : slopes_(slopes(form == AlibiForm::symmetric ? num_heads : pairs_of(num_heads))), form_(form) {
        if (form == AlibiForm::one_sided)    // the second half mirrors the first
            for (Index h = 0; h < num_heads / 2; ++h) slopes_.push_back(slopes_[static_cast<std::size_t>(h)]);
    }

    // H no power of two: the slopes of the next smaller power n, then every other slope of 2 n heads, as in the
    // authors' code (github.com/ofirpress/attention_with_linear_biases).
    static std::vector<double> slopes(Index num_heads) {
        require<OptionError>(num_heads > 0, "Alibi: expected at least one head, got ", num_heads);
        require_room("Alibi", "slopes", {num_heads, 2}, "take fewer heads");
        Index n = 1;
        while (2 * n <= num_heads) n *= 2;
        const auto geometric = [](Index h, Index count) {
            return std::pow(2.0, -8.0 * static_cast<double>(h + 1) / static_cast<double>(count));
        };
        std::vector<double> m;
        for (Index h = 0; h < n; ++h) m.push_back(geometric(h, n));
        for (Index h = 0; n + h < num_heads; ++h) m.push_back(geometric(2 * h, 2 * n));
        return m;
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions& positions = context.positions;
        require_heads("Alibi", qkv, num_heads(), positions);
        return {.rows = [m = slopes_, form = form_, positions](const std::vector<Tensor>&, Index begin, Index end) {
            const Index H = static_cast<Index>(m.size()), T = positions.size();
            NdArray bias = NdArray::uninitialized({H, end - begin, T});
            Scalar* b = bias.mutable_data();
            for (Index h = 0; h < H; ++h)
                for (Index i = begin; i < end; ++i)
                    for (Index j = 0; j < T; ++j) {
                        const double distance = std::abs(positions[i] - positions[j]);
                        *b++ = sees(form, h, H, i, j) ? static_cast<Scalar>(-m[static_cast<std::size_t>(h)] * distance)
                                                      : hidden_score;
                    }
            return Tensor(bias);
        }};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .translation_invariant = true,
                .distinct = true,
                .fades = true,
                .source = "Press et al. 2022, arXiv 2108.12409, section 3"};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override { return {}; }

private:
    static Index pairs_of(Index num_heads) {
        require<OptionError>(num_heads % 2 == 0,
                             "Alibi: one-sided heads come in pairs, one that looks back and one that looks ahead; got ",
                             num_heads, " heads");
        return num_heads / 2;
    }
    Index num_heads() const { return static_cast<Index>(slopes_.size()); }
    static bool sees(AlibiForm form, Index h, Index H, Index i, Index j) {
        return form == AlibiForm::symmetric || (h < H / 2 ? j <= i : j >= i);
    }

    std::vector<double> slopes_;    // m_h
    AlibiForm form_;
};

}    // namespace ordinal
