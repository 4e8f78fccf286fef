// StateOutput: the learned matrix U between a recurrence's state of S numbers and the model's width D. With S = D there
// is none. A state much smaller than the model is often better: see linear_recurrence.h.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <ordinal/nn/linear.h>
#include <ordinal/positional/narrate.h>
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

    // The end of a story: the code [D] from a state called `name`, number by number.
    NdArray tell(const std::vector<Scalar>& p, const std::string& name, std::ostream& out) const {
        if (!linear_) return NdArray({static_cast<Index>(p.size())}, p);
        const NdArray& U = linear_->weight().values();
        NdArray code = zeros({U.dim(0)});
        Scalar* to = code.mutable_data();
        for (Index d = 0; d < U.dim(0); ++d)
            for (Index s = 0; s < U.dim(1); ++s) to[d] += U.at({d, s}) * p[static_cast<std::size_t>(s)];
        out << "  code = U " << name << " = " << Shown{{to, static_cast<std::size_t>(U.dim(0))}} << "\n";
        return code;
    }

    Parameters parameters() const override {
        Parameters all;
        if (linear_) append(all, "output", *linear_);
        return all;
    }

private:
    std::unique_ptr<Linear> linear_;
};

}    // namespace ordinal
