// ResidualStep: a recursion that adds a small move to the state instead of replacing it.
//
// Source:  residual layers: He et al. 2016, arXiv 1512.03385; as a position recursion: the Euler method of FLOATER's
//          equation, Liu et al. 2020, arXiv 2003.09229
// Formula: p_{k+1} = p_k + h(p_k),   h(p) = W_2 tanh(W_1 p + b_1) + b_2
// Shapes:  p: [S], W_1: [H, S], W_2: [S, H]
// Why:     a step near 0 changes nothing, so neighbours start similar, and gradients pass through the sum as they are.
//          The price: nothing bounds p (tanh did), so it may walk away for ever; and it waits like every recursion.
#pragma once

#include <ordinal/positional/recurrences/recursion_step.h>

namespace ordinal {

// h: where a state is drawn to. One hidden layer.   [N, S] -> [N, S]
class VectorField : public Module {
public:
    VectorField(Index state, Index hidden, Rng& rng)
        : in_(state, allowed(state, hidden), rng), out_(hidden, state, rng) {}

    Tensor at(const Tensor& p) const { return out_.forward(tanh(in_.forward(p))); }
    std::vector<Scalar> at(const std::vector<Scalar>& p) const;    // the same with plain numbers, for explain()

    Parameters parameters() const override {
        Parameters all;
        append(all, "field.in", in_);
        append(all, "field.out", out_);
        return all;
    }

private:
    static Index allowed(Index state, Index hidden) {
        require<OptionError>(hidden > 0, "VectorField: expected a hidden layer > 0, got ", hidden);
        require_room("VectorField", "the matrix", {hidden, state}, "choose a smaller state or hidden layer");
        return hidden;
    }

    Linear in_, out_;
};

inline MakeStep residual_step(Index hidden = 64);

class ResidualStep : public RecursionStep {
public:
    static constexpr const char* source = "Liu et al. 2020, arXiv 2003.09229, its Euler method";
    // residual(hidden=64)
    static MakeStep from(EncodingOptions& options) { return residual_step(options.count("hidden", 64)); }

    ResidualStep(Index state, Index hidden, Rng& rng) : field_(state, hidden, rng) {}

    Tensor next(const Tensor& p) const override { return p + field_.at(p); }
    std::string formula() const override { return "p_k + h(p_k)"; }

    Parameters parameters() const override { return field_.parameters(); }

private:
    VectorField field_;
};

inline MakeStep residual_step(Index hidden) {
    return [hidden](Index state, Rng& rng) { return std::make_unique<ResidualStep>(state, hidden, rng); };
}

}    // namespace ordinal
