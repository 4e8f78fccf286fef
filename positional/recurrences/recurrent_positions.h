// RecurrentPositions: the RNN encoding, content-free. Each position's code is computed from the one before it.
//
// Source:  Su 2021, kexue.fm/archives/8130 ("recursive" absolute encodings); a GRU on positions is FLOATER's own
//          baseline, Liu et al. 2020, arXiv 2003.09229
// Formula: p_0 learned,  p_{k+1} = f(p_k),  f = tanh(W p + b) or any other RecursionStep;  code_k = U p_k
// Shapes:  p: [S], U: [D, S] (left out when S = D); positions [T] -> codes [T, D]
// Why:     any length from S^2 + 2 S numbers: there is always a next position. The price: k dependent steps for
//          position k (once for a set of weights: the codes do not depend on the tokens and can be cached), or, with
//          parallel=newton, fewer in rounds: newton.h says when. And "computable" is not "distinct": many W drive p to
//          a fixed point, after which all positions look alike.
#pragma once

#include <memory>
#include <optional>

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/recurrences/gru_step.h>
#include <ordinal/positional/recurrences/newton_orbit.h>
#include <ordinal/positional/recurrences/recursion_step.h>
#include <ordinal/positional/recurrences/state_output.h>

namespace ordinal {

class RecurrentPositions : public AdditiveEncoding {
public:
    // rnn(state=d_model), gru(state=d_model), residual(state=d_model), ode(state=d_model), and what their Step reads;
    // parallel is no or newton, guess is zeros, last or cycle: rnn(parallel=no, guess=zeros) and
    // gru(parallel=no, guess=zeros)
    template <class Step>
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const Index state = options.count("state", request.d_model);
        std::optional<Guess> newton;
        if (Step::has_jacobians) {
            const auto guess = options.choice<Guess>(
                "guess", {{"zeros", Guess::zeros}, {"last", Guess::last}, {"cycle", Guess::cycle}});
            if (options.choice("parallel", {"no", "newton"}) == "newton") newton = guess;
            require<OptionError>(
                newton || !options.has("guess"),
                "RecurrentPositions: a guess is where parallel=newton begins; without it there is none");
        }
        return std::make_shared<RecurrentPositions>(request.d_model, state, Step::from(options), rng, Step::source,
                                                    newton);
    }

    // state: S; 0 = d_model.   source: of the step   newton: its guess; none = the loop
    RecurrentPositions(Index d_model, Index state, const MakeStep& make_step, Rng& rng,
                       std::string source = TanhStep::source, std::optional<Guess> newton = std::nullopt)
        : state_(state_size("RecurrentPositions", state, d_model)), source_(std::move(source)) {
        require<OptionError>(make_step != nullptr, "RecurrentPositions: expected a step, got an empty function");
        start_ = normal_parameter({state_}, 0.5, rng);
        step_ = make_step(state_, rng);
        output_ = StateOutput(state_, d_model, rng);
        if (!newton) return;
        step_->jacobians(zeros({0, state_}));    // a step without them says so now
        newton_ = std::make_unique<NewtonOrbit>(*newton);
    }

    // Runs from p_0 to the largest position that is asked for, then picks the rows.
    Tensor vectors(const Positions& positions) const override {
        std::vector<Index> ids;
        Index steps = 0;
        for (Index i = 0; i < positions.size(); ++i) {
            ids.push_back(positions.whole(i, "RecurrentPositions"));
            steps = std::max(steps, ids.back());
            require_computable("RecurrentPositions", steps);
        }
        require_room<PositionOutOfRange>("RecurrentPositions", "the states on the way", {steps + 1, state_},
                                         "choose a smaller state, or a scheme that computes each position alone");
        Tensor codes = newton_ ? by_newton(steps) : step_->orbit(first(), steps);
        if (!positions.is_arange() || positions.size() == 0) codes = gather_rows(codes, {{positions.size()}, ids});
        return output(codes);
    }

    // A generating model keeps p_k: one step a token, not k.
    std::unique_ptr<Stream> stream() const override { return std::make_unique<Running>(kept_alive(*this)); }

    Traits traits() const override {
        return {.place = Place::input,
                .computable_up_to = newton_ ? std::min(most_by_newton(), most_computed) : most_computed,
                .depth = newton_ ? Depth::at_most_linear : Depth::linear,
                .ids = AcceptedIds::whole,
                .source = source_};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override {
        Parameters all{{"start", start_}};
        for (const auto& parameter : step_->parameters()) all.push_back(parameter);
        for (const auto& parameter : output_.parameters()) all.push_back(parameter);
        return all;
    }

    Tensor first() const { return reshape(start_, {1, state_}); }          // p_0: [1, S]
    Tensor output(const Tensor& p) const { return output_.forward(p); }    // U p
    const RecursionStep& step() const { return *step_; }
    NewtonReport newton_report() const { return newton_ ? newton_->report() : NewtonReport{}; }    // of the last call

private:
    // A scan holds four matrices [S, S] for each step: so many positions are computed.
    Index most_by_newton() const {
        const auto S = static_cast<double>(state_);
        return 1 + static_cast<Index>(most_bytes / (4 * S * S * sizeof(Scalar)));
    }

    Tensor by_newton(Index steps) const {
        require<PositionOutOfRange>(
            steps < most_by_newton(), "RecurrentPositions: position ", steps, " needs the derivatives of all steps ",
            "before it, matrices of ", state_, " x ", state_, " numbers, and only 0..", most_by_newton() - 1,
            " are computed in 2 GiB; choose a smaller state, or wait for each step with parallel=no");
        Index weights = 0;    // versions only grow
        for (const auto& parameter : parameters()) weights += parameter.tensor.node()->version;
        return newton_->orbit(*step_, first(), steps, weights);
    }

    struct Running : Stream {
        explicit Running(std::shared_ptr<const RecurrentPositions> encoding) : owner(std::move(encoding)) {}
        Tensor step(const Tensor& x) override {
            const Tensor next_p = p.defined() ? owner->step_->next(p) : owner->first();
            const Tensor y = added(x, owner->output(next_p));    // [B, 1, D] + [1, D]
            p = next_p;
            return y;
        }

        std::shared_ptr<const RecurrentPositions> owner;
        Tensor p;    // p_k of the last token
    };

    Index state_;
    std::string source_;
    Tensor start_;                           // p_0: [S]
    std::unique_ptr<RecursionStep> step_;    // f
    StateOutput output_;                     // U
    std::unique_ptr<NewtonOrbit> newton_;    // none: the loop
};

}    // namespace ordinal
