// LinearRecurrence: the recursion p_{k+1} = A p_k with learned rotations. A recurrent network that nobody waits for.
//
// Source:  a linear recurrence with diagonal A: Orvieto et al. 2023, arXiv 2303.06349, here without inputs; learned
//          frequencies: Wang et al. 2021, openreview onxoVA9FxMw
// Formula: p_{k+1} = A p_k,  A = blockdiag( rho_j R(theta_j) ),  R(t) = [[cos t, -sin t], [sin t, cos t]]
//          The LRU has rho_j = exp(-exp(nu_j)); here rho_j = sigmoid(d_j). Both stay in (0, 1) and reach all of it;
//          near 1, where memories are long, a step of nu or d multiplies 1 - rho_j by about the same factor. p_k = A^k
//          p_0  = blockdiag( rho_j^k R(k theta_j) ) p_0        all k at once;  code_k = U p_k
// Shapes:  p: [S], S even, plane j = numbers 2j and 2j + 1 (interleaved); theta, rho: [S/2]; U: [D, S], left out when
//          S = D; positions [T] -> codes [T, D]. rho_j = 1 unless decay is asked for: then it is learned, in (0, 1)
// Why:     as parallel as a table and as endless as an RNN: a rotation done k times is a rotation. From 3/2 S + S D
//          numbers. The price: the step is linear, so nothing corrects an error: a frequency that is off by e is off by
//          k e at position k. Two things make training find good frequencies: a state with fewer numbers than there are
//          positions (S = 8 or 16: 32 codes of 64 numbers can be learned by heart, 32 codes of 8 cannot), and noise on
//          the codes in training, which makes small differences useless.
#pragma once

#include <numbers>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/linear.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/recurrences/state_output.h>
#include <ordinal/positional/waves/frequencies.h>

namespace ordinal {

struct LinearRecurrenceOptions {
    Index state = 0;      // S; 0 = d_model
    double jitter = 1;    // how far the first angles stray, in halves of the gap between two of them
    double noise = 0;     // in training: this times the root mean square of the codes
    double decay = 1;     // rho at the start; below 1 it is learned, at 1 there is none
};

class LinearRecurrence : public AdditiveEncoding {
public:
    // linear(state=d_model, jitter=1, noise=0, decay=1)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        LinearRecurrenceOptions recurrence;
        recurrence.state = options.count("state", request.d_model);
        recurrence.jitter = options.number("jitter", recurrence.jitter);
        recurrence.noise = options.number("noise", recurrence.noise);
        recurrence.decay = options.number("decay", recurrence.decay);
        return std::make_shared<LinearRecurrence>(request.d_model, recurrence, rng);
    }

    // Angles spread over (0, pi), a little different for every seed; p_0 near (0, 1) in each plane.
    LinearRecurrence(Index d_model, const LinearRecurrenceOptions& options, Rng& rng)
        : state_(state_size("LinearRecurrence", options.state, d_model)), noise_(options.noise) {
        require<OptionError>(state_ % 2 == 0,
                             "LinearRecurrence: it rotates pairs of numbers, so the state must be even, ", "got ",
                             state_, "; choose one, for example state=8");
        require<OptionError>(options.jitter >= 0 && fits(4 * options.jitter),
                             "LinearRecurrence: expected a jitter of 0 or more, got ", options.jitter);
        require<OptionError>(options.noise >= 0 && fits(options.noise),
                             "LinearRecurrence: expected noise of 0 or more, got ", options.noise);
        require<OptionError>(options.decay > 0 && options.decay <= 1,
                             "LinearRecurrence: expected a decay above 0, up to 1 (none), got ", options.decay);
        const Index planes = state_ / 2;
        const double gap = std::numbers::pi / static_cast<double>(planes);
        NdArray angles = zeros({planes}), start = random_normal({state_}, 0.1, rng);
        for (Index j = 0; j < planes; ++j) {
            const double stray = options.jitter * rng.uniform(-0.5, 0.5);
            angles.mutable_data()[j] = static_cast<Scalar>(gap * (static_cast<double>(j) + 0.5 + stray));
            start.mutable_data()[2 * j + 1] += 1;
        }
        angle_ = Tensor::parameter(angles);
        start_ = Tensor::parameter(start);
        if (options.decay < 1)    // sigmoid of it is rho
            decay_ = constant_parameter({planes}, static_cast<Scalar>(std::log(options.decay / (1 - options.decay))));
        output_ = StateOutput(state_, d_model, rng);
    }

    Tensor vectors(const Positions& positions) const override { return output(states(positions)); }

    // In training, Gaussian noise on the states. The model cannot rely on their last digits.
    Tensor training_vectors(const Positions& positions, Rng& rng) const override {
        const Tensor P = states(positions);
        if (noise_ == 0 || P.size() == 0) return output(P);
        const double rms =
            std::sqrt(static_cast<double>(sum_all(P.values() * P.values())) / static_cast<double>(P.size()));
        return output(P + Tensor(random_normal(P.shape(), noise_ * rms, rng)));
    }

    // p_k = A^k p_0, every k alone: rotate each plane by k theta_j, shrink it by rho_j^k.    [T] -> [T, S]
    Tensor states(const Positions& positions) const {
        const Index T = positions.size(), planes = state_ / 2;
        const Tensor waves = sin_cos_at(positions, angle_);    // [T, S/2, 2]
        Tensor s = reshape(slice(waves, 2, 0, 1), {T, planes}), c = reshape(slice(waves, 2, 1, 2), {T, planes});
        if (decay_.defined()) {
            const Tensor log_rho = -softplus(-decay_);                                  // log sigmoid
            const Tensor shrunk = powers_at("LinearRecurrence", positions, log_rho);    // rho^k
            c = c * shrunk;
            s = s * shrunk;
        }
        return rotated(reshape(start_, {1, state_}), c, s);
    }

    // The recursion itself, one step: what states() need not do.   p: [1, S] -> [1, S]
    Tensor next(const Tensor& p) const {
        const Tensor rho = decay_.defined() ? sigmoid(decay_) : Tensor(NdArray({state_ / 2}, 1));
        return rotated(p, reshape(rho * cos(angle_), {1, -1}), reshape(rho * sin(angle_), {1, -1}));
    }

    // U p
    Tensor output(const Tensor& p) const { return output_.forward(p); }

    // (U p_i) . (U p_j) depends on i - j only where U and the shrinking are absent.
    Traits traits() const override {
        return {.place = Place::input,
                .translation_invariant = output_.is_identity() && !decay_.defined(),
                .distinct = !decay_.defined(),    // what shrinks ends at 0
                .source = "Orvieto et al. 2023, arXiv 2303.06349, without inputs"};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override {
        Parameters all{{"start", start_}, {"angle", angle_}};
        if (decay_.defined()) all.push_back({"decay", decay_});
        for (const auto& parameter : output_.parameters()) all.push_back(parameter);
        return all;
    }

private:
    // (x, y) -> (c x - s y, s x + c y) in each plane.   p: [1, S]   c, s: [T, S/2]   ->   [T, S]
    Tensor rotated(const Tensor& p, const Tensor& c, const Tensor& s) const {
        const Tensor pairs = reshape(p, {state_ / 2, 2});
        const Tensor x = reshape(slice(pairs, 1, 0, 1), {state_ / 2}), y = reshape(slice(pairs, 1, 1, 2), {state_ / 2});
        return reshape(stack({c * x - s * y, s * x + c * y}, 2), {c.dim(0), state_});
    }

    Index state_;
    double noise_;
    Tensor start_;          // p_0: [S]
    Tensor angle_;          // theta: [S/2]
    Tensor decay_;          // undefined without decay
    StateOutput output_;    // U
};

}    // namespace ordinal
