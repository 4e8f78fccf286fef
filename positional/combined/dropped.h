// Dropped: a part that is left out in training now and then, so that the others learn to do without it.
//
// Source:  ours, after the stochastic depth of Huang et al. 2016, arXiv 1603.09382, which leaves out whole layers
// Formula: in training p_k = d inner_k,  d = 0 with probability `drop`, else 1, one draw for a whole batch;
//          in evaluation p_k = inner_k
// Shapes:  positions [T] -> codes [T, D]
// Why:     a table beside a rule: past the table's rows the rule is alone, and a model that never met it alone does not
//          know it. There is no factor 1 / (1 - drop) as in dropout, for both cases will be met as they are. The price:
//          that share of the training steps does without the part.
#pragma once

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/dropout.h>
#include <ordinal/positional/combined/wrapper.h>

namespace ordinal {

class Dropped : public Wrapper {
public:
    Dropped(std::shared_ptr<const Encoding> inner, double probability)
        : Wrapper(std::move(inner)), probability_(probability) {
        require_probability(probability, "Dropped");
        require<OptionError>(is_additive(),
                             "Dropped: expected a scheme that adds codes to the input, got one that does not");
    }

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const override {
        return Encoding::apply_to_input(x, positions, mode);    // with the training_vectors below, not the inner ones
    }
    Tensor training_vectors(const Positions& positions, Rng& rng) const override {
        if (!rng.chance(probability_)) return inner_->training_vectors(positions, rng);
        NoGrad guard;
        return Tensor(zeros(inner_->vectors(positions).shape()));
    }

    NdArray narrate(Index k, std::ostream& out) const override {
        const NdArray code = inner_->explain(k, out);
        out << "  (left out in training now and then, with probability " << probability_ << ")\n";
        return code;
    }

private:
    double probability_;
};

}    // namespace ordinal
