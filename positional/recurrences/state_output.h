// StateOutput: the learned matrix U between a recurrence's state of S numbers and the model's width D. With S = D there
// is none. A state much smaller than the model is often better: see linear_recurrence.h.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include <ordinal/nn/linear.h>
#include <ordinal/positional/room.h>

namespace ordinal {

// The S of a recurrence: what is asked for, or d_model where 0 is.
inline Index state_size(const char* who, Index state, Index d_model) {
    require<OptionError>(state >= 0 && d_model > 0, who,
                         ": expected a state of 0 (as wide as the model) or more and a ", "d_model > 0, got ", state,
                         " and ", d_model);
    const Index S = state > 0 ? state : d_model;
    if (S != d_model) require_room(who, "the output's matrix", {d_model, S}, "choose a smaller state");
    return S;
}

class StateOutput : public Module {
public:
    StateOutput() = default;
    StateOutput(Index state, Index d_model, Rng& rng) {
        if (state == d_model) return;
        linear_ = std::make_unique<Linear>(state, d_model, rng, false);
        linear_->weight().set_values(random_normal({d_model, state}, 1 / std::sqrt(static_cast<double>(state)), rng));
    }

    bool is_identity() const { return linear_ == nullptr; }

    // [N, S] -> [N, D]
    Tensor forward(const Tensor& p) const { return linear_ ? linear_->forward(p) : p; }

    // For explain(): the code [D] from a state called `name`, number by number.
    NdArray narrate(const std::vector<Scalar>& p, const std::string& name, std::ostream& out) const;

    Parameters parameters() const override {
        Parameters all;
        if (linear_) append(all, "output", *linear_);
        return all;
    }

private:
    std::unique_ptr<Linear> linear_;
};

}    // namespace ordinal
