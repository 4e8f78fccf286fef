// RecurrentPositions: the RNN encoding, content-free. Each position's code is computed from the one before it.
//
// Source:  Su 2021, kexue.fm/archives/8130 ("recursive" absolute encodings); a GRU on positions is FLOATER's own
//          baseline, Liu et al. 2020, arXiv 2003.09229
// Formula: p_0 learned,  p_{k+1} = tanh(W p_k + b)  (or one step of a GRU without input);  code_k = U p_k
// Shapes:  p: [S], W: [S, S], U: [D, S] (left out when S = D); positions [T] -> codes [T, D]
// Why:     any length from S^2 + 2 S numbers: there is always a next position. The price: k dependent steps for
//          position k (once for a set of weights: the codes do not depend on the tokens and can be cached). And
//          "computable" is not "distinct": many W drive p to a fixed point, after which all positions look alike.
#pragma once

#include <memory>
#include <numbers>
#include <ostream>

#include "nn/linear.h"
#include "nn/recurrent.h"
#include "positional/encoding.h"
#include "positional/narrate.h"

namespace ordinal {

// How W starts. The spectrum of W decides the fate of p_k.
enum class RecurrenceInit {
    uniform,       // U(-1/sqrt(S), 1/sqrt(S)), PyTorch's default: contracts, p falls to a fixed point
    orthogonal,    // W^T W = I, b = 0: W turns without shrinking; only tanh shrinks
    rotation,      // 2 x 2 rotations by angles pi (j + 1/2) / (S/2), times 1.2 against the squeeze of tanh, b = 0
};

struct RecurrenceOptions {
    Index state = 0;    // S; 0 = d_model
    RecurrenceInit init = RecurrenceInit::uniform;
    bool gru = false;
};

// The start of RecurrenceInit::rotation.  [S, S], S even
inline NdArray scaled_rotation(Index state, double factor) {
    require<OptionError>(state % 2 == 0, "RecurrentPositions: a rotation needs an even state, got ", state);
    NdArray W({state, state});
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

class RecurrentPositions : public AdditiveEncoding {
public:
    RecurrentPositions(Index d_model, const RecurrenceOptions& options, Rng& rng)
        : state_(options.state > 0 ? options.state : d_model) {
        start_ = normal_parameter({state_}, 0.5, rng);
        if (options.gru) {
            require<OptionError>(options.init == RecurrenceInit::uniform,
                                 "RecurrentPositions: a GRU has gates; it starts uniform only");
            gru_ = std::make_unique<GruCell>(0, state_, rng);    // no input: its state is all it sees
        } else {
            step_ = std::make_unique<Linear>(state_, state_, rng);
            if (options.init != RecurrenceInit::uniform) {
                step_->weight().set_values(options.init == RecurrenceInit::orthogonal ? random_orthogonal(state_, rng)
                                                                                      : scaled_rotation(state_, 1.2));
                step_->bias().set_values(NdArray({state_}));
            }
        }
        if (state_ != d_model) {
            output_ = std::make_unique<Linear>(state_, d_model, rng, false);
            output_->weight().set_values(
                random_normal({d_model, state_}, 1 / std::sqrt(static_cast<double>(state_)), rng));
        }
    }

    // Runs from p_0 to the largest position that is asked for, then picks the rows.
    Tensor vectors(const Positions& positions) const override {
        std::vector<Index> ids;
        Index steps = 0;
        for (Index i = 0; i < positions.size(); ++i) {
            ids.push_back(positions.whole(i, "RecurrentPositions"));
            steps = std::max(steps, ids.back());
            constexpr Index most_steps = 1'000'000;    // beyond, one waits for minutes and has no memory left
            require<PositionOutOfRange>(steps <= most_steps, "RecurrentPositions: position ", steps, " is ", steps,
                                        " steps away; at most ", most_steps, " are taken");
        }
        Tensor codes = orbit(steps);
        if (!positions.is_arange() || positions.size() == 0) codes = gather_rows(codes, {{positions.size()}, ids});
        return output_ ? output_->forward(codes) : codes;
    }

    Traits traits() const override {
        return {.place = Place::input,
                .depth = Depth::linear,
                .ids = AcceptedIds::whole,
                .source = "Su 2021, kexue.fm/archives/8130; Liu et al. 2020, arXiv 2003.09229"};
    }

    NdArray explain(Index k, std::ostream& out) const override;

    Parameters parameters() const override {
        Parameters all{{"start", start_}};
        if (gru_) append(all, "gru", *gru_);
        if (step_) append(all, "step", *step_);
        if (output_) append(all, "output", *output_);
        return all;
    }

    // p_0 .. p_steps, [steps + 1, S]: next() again and again. For tanh that is one operation with the same numbers.
    Tensor orbit(Index steps) const {
        std::vector<Tensor> states{reshape(start_, {1, state_})};
        if (step_ && steps > 0) {
            const Tensor Z = broadcast_to(step_->bias(), {1, steps, state_});
            states.push_back(reshape(tanh_recurrence(Z, step_->weight(), states[0]), {steps, state_}));
        }
        if (gru_)
            for (Index k = 0; k < steps; ++k) states.push_back(next(states.back()));
        return concat(states, 0);
    }

    // One step.   p: [1, S] -> [1, S]
    Tensor next(const Tensor& p) const {
        return gru_ ? gru_->forward(Tensor(NdArray({1, 0})), p) : tanh(step_->forward(p));
    }

private:
    Index state_;
    Tensor start_;                      // p_0: [S]
    std::unique_ptr<Linear> step_;      // W, b
    std::unique_ptr<GruCell> gru_;      // instead of step_
    std::unique_ptr<Linear> output_;    // U; nullptr when S = D
};

inline NdArray RecurrentPositions::explain(Index k, std::ostream& out) const {
    require<PositionOutOfRange>(k >= 0, "RecurrentPositions: position ", k, " is before the first one, 0");
    NoGrad guard;
    const auto size = static_cast<std::size_t>(state_);
    NdArray p = reshape(start_.values(), {1, state_});
    out << "Position " << k << " by recurrence, p_{k+1} = " << (gru_ ? "GRU(p_k)" : "tanh(W p_k + b)") << ", state of "
        << state_ << " numbers:\n  p_0 = " << Shown{{p.data(), size}} << "  (learned)\n";
    for (Index step = 1; step <= k; ++step) {
        NdArray p_next({1, state_});
        if (gru_) {
            p_next = next(Tensor(p)).values();
        } else {
            const NdArray &W = step_->weight().values(), &b = step_->bias().values();
            Scalar* to = p_next.mutable_data();
            for (Index i = 0; i < state_; ++i) {
                Scalar sum = b.at({i});
                for (Index j = 0; j < state_; ++j) sum += W.at({i, j}) * p.at({0, j});
                to[i] = std::tanh(sum);
                if (i == 0 && (step <= 2 || step == k))
                    out << "  p_" << step << "[0] = tanh(b[0] + sum_j W[0, j] p_" << step - 1 << "[j]) = tanh(" << sum
                        << ") = " << to[0] << "\n";
            }
        }
        p = p_next;
        if (step <= 2 || step == k) out << "  p_" << step << " = " << Shown{{p.data(), size}} << "\n";
        if (step == 2 && k > 3) out << "  ... and so on: no step can start before the one above is done ...\n";
    }
    NdArray code = output_ ? output_->forward(Tensor(p)).values() : p;
    if (output_)
        out << "  code = U p_" << k << " = " << Shown{{code.data(), static_cast<std::size_t>(code.size())}} << "\n";
    out << "  " << k << " dependent steps; position " << k + 1 << " is one more\n";
    return reshape(code, {code.size()});
}

}    // namespace ordinal
