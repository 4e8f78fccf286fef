// OdeStep: FLOATER's position encoding, a curve p(t) that follows a learned direction; position k is p(k).
//
// Source:  Liu et al. 2020, arXiv 2003.09229 (FLOATER), section 3; the idea: Chen et al. 2018, arXiv 1806.07366
// Formula: dp/dt = h(p),  p(0) learned,  p_k = p(k);  h as in residual_step.h. One solver step of size s:
//          Euler:  p + s h(p)
//          RK4:    p + s/6 (k1 + 2 k2 + 2 k3 + k4)
//                  k1 = h(p),  k2 = h(p + s/2 k1),  k3 = h(p + s/2 k2),  k4 = h(p + s k3)
// Shapes:  p: [S]; 1/s solver steps from a position to the next
// Why:     neighbours lie on one smooth curve. The price: 4/s evaluations of h for a position, one after the other.
//          Gradients go back through every solver step; FLOATER integrates backwards in time instead, which saves the
//          memory.
// Two differences from FLOATER. Its codes are added to q, k and v of every block; ours once, at the input. And its h
// also sees t, so its curve may change its rule on the way; here it may not, and the next step depends on the state
// alone as in every recursion of this folder. The curve exists between positions, but ids must be whole here.
#pragma once

#include <ordinal/positional/recurrences/residual_step.h>

namespace ordinal {

enum class OdeMethod { rk4, euler };

inline MakeStep ode_step(OdeMethod method = OdeMethod::rk4, double size = 1, Index hidden = 64);

class OdeStep : public RecursionStep {
public:
    static constexpr const char* source = "Liu et al. 2020, arXiv 2003.09229, section 3";
    static MakeStep from(EncodingOptions& options) {    // ode(method=rk4, step=1, hidden=64)
        const auto method = options.choice<OdeMethod>("method", {{"rk4", OdeMethod::rk4}, {"euler", OdeMethod::euler}});
        const double size = options.number("step", 1);
        return ode_step(method, size, options.count("hidden", 64));
    }

    // size: of a solver step; 1 divided by it is a whole number.
    OdeStep(Index state, Index hidden, OdeMethod method, double size, Rng& rng)
        : field_(state, hidden, rng),
          method_(method),
          solver_steps_(whole_steps(size)),
          size_(static_cast<Scalar>(1 / static_cast<double>(solver_steps_))) {}

    Tensor next(const Tensor& p) const override {
        Tensor state = p;
        for (Index i = 0; i < solver_steps_; ++i)
            state = method_ == OdeMethod::rk4 ? rk4(state) : state + size_ * field_.at(state);
        return state;
    }

    std::string formula() const override {
        return text_of("p(k + 1), by ", solver_steps_, method_ == OdeMethod::rk4 ? " RK4" : " Euler",
                       solver_steps_ == 1 ? " step" : " steps", " along dp/dt = h(p)");
    }

    std::vector<Scalar> narrate(const std::vector<Scalar>& p, Index k, std::ostream& out) const override;

    Parameters parameters() const override { return field_.parameters(); }

private:
    Tensor rk4(const Tensor& p) const {
        const Scalar s = size_;
        const Tensor k1 = field_.at(p);
        const Tensor k2 = field_.at(p + s / 2 * k1);
        const Tensor k3 = field_.at(p + s / 2 * k2);
        const Tensor k4 = field_.at(p + s * k3);
        return p + s / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }

    static Index whole_steps(double size) {
        const double steps = size > 0 ? std::round(1 / size) : 0;
        require<OptionError>(steps >= 1 && steps <= 1000 && std::abs(steps * size - 1) < 1e-9,
                             "OdeStep: expected a step of 1 divided by a whole number up to 1000, got ", size);
        return static_cast<Index>(steps);
    }

    VectorField field_;
    OdeMethod method_;
    Index solver_steps_;    // from a position to the next
    Scalar size_;           // s
};

inline MakeStep ode_step(OdeMethod method, double size, Index hidden) {
    return [=](Index state, Rng& rng) { return std::make_unique<OdeStep>(state, hidden, method, size, rng); };
}

}    // namespace ordinal
