// RecursionStep: how one position's code makes the next. RecurrentPositions runs it; here is the classic.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include <ordinal/nn/linear.h>
#include <ordinal/nn/recurrent.h>
#include <ordinal/positional/encoding_options.h>
#include <ordinal/positional/room.h>

namespace ordinal {

class RecursionStep : public Module {
public:
    // p: [1, S] -> [1, S]
    virtual Tensor next(const Tensor& p) const = 0;

    // p_0 .. p_steps, [steps + 1, S]: next() again and again, unless a step knows a faster way to the same numbers.
    virtual Tensor orbit(const Tensor& start, Index steps) const {
        std::vector<Tensor> states{start};
        for (Index k = 0; k < steps; ++k) states.push_back(next(states.back()));
        return concat(states, 0);
    }

    // The derivatives of next() at each row of P: J[t, i, j] = d next(P[t])[i] / d P[t, j].    [T, S] -> [T, S, S]
    // OptionError: nobody has written them down.
    virtual NdArray jacobians(const NdArray& P) const;
    static constexpr bool has_jacobians = false;    // a step that has them says so, and gets the option parallel

    virtual std::string formula() const = 0;    // "tanh(W p_k + b)"

    // For explain(): from p_k to p_{k+1}. A step may compute it slowly, with plain numbers, and print how number 0
    // comes about; by default it is next().
    virtual std::vector<Scalar> narrate(const std::vector<Scalar>& p, Index k, std::ostream& out) const;
};

inline NdArray RecursionStep::jacobians(const NdArray&) const {
    throw OptionError(text_of("RecurrentPositions: Newton's method needs the derivative of the step, and that of ",
                              formula(), " is not written down; take the tanh or the GRU step, or the loop"));
}

// How a scheme gets its step: the state is drawn before it, so the step is made in between.
// A step's from(options) reads the options that rnn, gru, residual and ode have of their own.
using MakeStep = std::function<std::unique_ptr<RecursionStep>(Index state, Rng& rng)>;

// How W starts. The spectrum of W decides the fate of p_k.
enum class RecurrenceInit {
    uniform,       // U(-1/sqrt(S), 1/sqrt(S)), PyTorch's default: contracts, p falls to a fixed point
    orthogonal,    // W^T W = I, b = 0: W rotates without shrinking; only tanh shrinks
    rotation,      // 2 x 2 rotations by angles pi (j + 1/2) / (S/2), times 1.2 against the squeeze of tanh, b = 0
};

inline MakeStep tanh_step(RecurrenceInit init = RecurrenceInit::uniform);

// The start of RecurrenceInit::rotation.  [S, S], S even
inline NdArray scaled_rotation(Index state, double factor) {
    require<OptionError>(state % 2 == 0, "RecurrentPositions: a rotation needs an even state, got ", state);
    NdArray W = zeros({state, state});
    Scalar* w = W.mutable_data();
    for (Index j = 0; j < state / 2; ++j) {
        const double angle = std::numbers::pi * (static_cast<double>(j) + 0.5) / static_cast<double>(state / 2);
        const auto c = static_cast<Scalar>(factor * std::cos(angle)), s = static_cast<Scalar>(factor * std::sin(angle));
        Scalar* block = w + 2 * j * state + 2 * j;    // [[c, -s], [s, c]] on the diagonal
        block[0] = c;
        block[1] = -s;
        block[state] = s;
        block[state + 1] = c;
    }
    return W;
}

// p_{k+1} = tanh(W p_k + b)
class TanhStep : public RecursionStep {
public:
    static constexpr const char* source = "Su 2021, kexue.fm/archives/8130; Liu et al. 2020, arXiv 2003.09229";
    static MakeStep from(EncodingOptions& options) {    // rnn(init=uniform)
        return tanh_step(options.choice<RecurrenceInit>("init", {{"uniform", RecurrenceInit::uniform},
                                                                 {"orthogonal", RecurrenceInit::orthogonal},
                                                                 {"rotation", RecurrenceInit::rotation}}));
    }

    TanhStep(Index state, RecurrenceInit init, Rng& rng)
        : linear_(
              init == RecurrenceInit::orthogonal ? orthogonal_size("TanhStep", state) : matrix_size("TanhStep", state),
              state, rng) {
        if (init == RecurrenceInit::uniform) return;
        linear_.weight().set_values(init == RecurrenceInit::orthogonal ? random_orthogonal(state, rng)
                                                                       : scaled_rotation(state, 1.2));
        linear_.bias().set_values(zeros({state}));
    }

    Tensor next(const Tensor& p) const override { return tanh(linear_.forward(p)); }

    // All steps as one operation, with the same numbers.
    Tensor orbit(const Tensor& start, Index steps) const override {
        if (steps == 0) return start;
        const Tensor Z = broadcast_to(linear_.bias(), {1, steps, start.dim(1)});
        const Tensor later = tanh_recurrence(Z, linear_.weight(), start);    // [1, steps, S]
        return concat({start, reshape(later, {steps, start.dim(1)})}, 0);
    }

    static constexpr bool has_jacobians = true;
    // tanh'(a) = 1 - tanh(a)^2, so J = diag(1 - next^2) W
    NdArray jacobians(const NdArray& P) const override {
        NoGrad guard;
        const NdArray q = next(Tensor(P)).values();
        return unsqueeze((1 - q) * (1 + q), 2) * linear_.weight().values();
    }

    std::string formula() const override { return "tanh(W p_k + b)"; }

    std::vector<Scalar> narrate(const std::vector<Scalar>& p, Index k, std::ostream& out) const override;

    Parameters parameters() const override {
        Parameters all;
        append(all, "step", linear_);
        return all;
    }

private:
    Linear linear_;    // W, b
};

inline MakeStep tanh_step(RecurrenceInit init) {
    return [init](Index state, Rng& rng) { return std::make_unique<TanhStep>(state, init, rng); };
}

}    // namespace ordinal
