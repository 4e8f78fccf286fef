// Recurrences, one step after the other, with plain numbers.
#include <cmath>

#include <ordinal/positional/examples.h>
#include <ordinal/positional/explain.h>
#include <ordinal/positional/recurrences/gated_recurrence.h>
#include <ordinal/positional/recurrences/linear_recurrence.h>
#include <ordinal/positional/recurrences/ode_step.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/recurrences/rnn_over_inputs.h>

namespace ordinal {

std::vector<Scalar> RecursionStep::narrate(const std::vector<Scalar>& p, Index, std::ostream&) const {
    NoGrad guard;
    return next(Tensor(NdArray({1, static_cast<Index>(p.size())}, p))).values().to_vector();
}

// W p + b
static std::vector<Scalar> mapped(const Linear& map, const std::vector<Scalar>& p) {
    const NdArray &W = map.weight().values(), &b = map.bias().values();
    std::vector<Scalar> sums;
    for (Index i = 0; i < W.dim(0); ++i) {
        Scalar sum = b.at({i});
        for (Index j = 0; j < W.dim(1); ++j) sum += W.at({i, j}) * p[static_cast<std::size_t>(j)];
        sums.push_back(sum);
    }
    return sums;
}

std::vector<Scalar> TanhStep::narrate(const std::vector<Scalar>& p, Index k, std::ostream& out) const {
    std::vector<Scalar> state = mapped(linear_, p);
    out << "  p_" << k + 1 << "[0] = tanh(b[0] + sum_j W[0, j] p_" << k << "[j]) = tanh(" << state[0] << ") = ";
    for (Scalar& number : state) number = std::tanh(number);
    out << state[0] << "\n";
    return state;
}

std::vector<Scalar> VectorField::at(const std::vector<Scalar>& p) const {
    std::vector<Scalar> hidden = mapped(in_, p);
    for (Scalar& number : hidden) number = std::tanh(number);
    return mapped(out_, hidden);
}

std::vector<Scalar> OdeStep::narrate(const std::vector<Scalar>& p, Index k, std::ostream& out) const {
    const auto moved = [](std::vector<Scalar> from, const std::vector<Scalar>& slope, Scalar amount) {
        for (std::size_t i = 0; i < from.size(); ++i) from[i] += amount * slope[i];
        return from;
    };
    std::vector<Scalar> state = p;
    for (Index i = 0; i < solver_steps_; ++i) {
        const std::vector<Scalar> k1 = field_.at(state);
        if (i == 0) out << "  at p(" << k << ")[0] = " << p[0] << " the direction is k1 = " << k1[0];
        if (method_ == OdeMethod::euler) {
            state = moved(state, k1, size_);
        } else {
            const std::vector<Scalar> k2 = field_.at(moved(state, k1, size_ / 2));
            const std::vector<Scalar> k3 = field_.at(moved(state, k2, size_ / 2));
            const std::vector<Scalar> k4 = field_.at(moved(state, k3, size_));
            if (i == 0) out << ", half way k2 = " << k2[0] << ", again k3 = " << k3[0] << ", at the end k4 = " << k4[0];
            for (std::size_t n = 0; n < p.size(); ++n) state[n] += size_ / 6 * (k1[n] + 2 * k2[n] + 2 * k3[n] + k4[n]);
        }
    }
    out << "; p(" << k + 1 << ")[0] = " << state[0] << "\n";
    return state;
}

NdArray StateOutput::narrate(const std::vector<Scalar>& p, const std::string& name, std::ostream& out) const {
    if (!linear_) return NdArray({static_cast<Index>(p.size())}, p);
    const NdArray& U = linear_->weight().values();
    NdArray code = zeros({U.dim(0)});
    Scalar* to = code.mutable_data();
    for (Index d = 0; d < U.dim(0); ++d)
        for (Index s = 0; s < U.dim(1); ++s) to[d] += U.at({d, s}) * p[static_cast<std::size_t>(s)];
    out << "  code = U " << name << " = " << FirstNumbers(code) << "\n";
    return code;
}

NdArray RecurrentPositions::narrate(Index k, std::ostream& out) const {
    require_explainable("RecurrentPositions", k);
    NoGrad guard;
    std::ostream nowhere(nullptr);    // most steps are not printed
    std::vector<Scalar> p = start_.values().to_vector();
    out << "Position " << k << " by recurrence, p_{k+1} = " << step_->formula() << ", state of " << state_
        << " numbers:\n  p_0 = " << FirstNumbers(p) << "  (learned)\n";
    for (Index step = 1; step <= k; ++step) {
        const bool printed = step <= 2 || step == k;
        p = step_->narrate(p, step - 1, printed ? out : nowhere);
        if (printed) out << "  p_" << step << " = " << FirstNumbers(p) << "\n";
        if (step == 2 && k > 3) out << "  ... and so on: no step can start before the one above is done ...\n";
    }
    const NdArray code = output_.narrate(p, text_of("p_", k), out);
    out << "  " << k << " dependent steps; position " << k + 1 << " is one more\n";
    return code;
}

// The slow way: k rotations, one after the other.
NdArray LinearRecurrence::narrate(Index k, std::ostream& out) const {
    require_explainable("LinearRecurrence", k);
    NoGrad guard;
    out << "Position " << k << " by a linear recurrence, p_{k+1} = A p_k, state of " << state_
        << " numbers: " << state_ / 2 << (state_ == 2 ? " plane that rotates" : " planes that rotate") << "\n";
    NdArray p = start_.values();
    const auto plane = [&](Index j) { return FirstNumbers(slice(p, 0, 2 * j, 2 * j + 2)); };
    for (Index j = 0; j < state_ / 2; ++j) {
        const double theta = static_cast<double>(angle_.values().at({j}));
        const double rho = decay_.defined() ? 1 / (1 + std::exp(-static_cast<double>(decay_.values().at({j})))) : 1;
        Scalar* at = p.mutable_data() + 2 * j;
        double x = static_cast<double>(at[0]), y = static_cast<double>(at[1]);
        if (j < 3) out << "  plane " << j << " rotates by theta_" << j << " = " << theta << " a step";
        if (j < 3 && decay_.defined()) out << " and shrinks by rho_" << j << " = " << rho;
        if (j < 3) out << ": from " << plane(j);
        for (Index step = 0; step < k; ++step) {
            const double x_next = rho * (std::cos(theta) * x - std::sin(theta) * y);
            y = rho * (std::sin(theta) * x + std::cos(theta) * y);
            x = x_next;
        }
        at[0] = static_cast<Scalar>(x);
        at[1] = static_cast<Scalar>(y);
        if (j < 3) out << " to " << plane(j) << " in " << k << " steps\n";
    }
    out << "  p_" << k << " = " << FirstNumbers(p) << "  (one step for any k: A^k rotates by k theta)\n";
    return output_.narrate(p.to_vector(), text_of("p_", k), out);
}

NdArray RnnOverInputs::narrate(Index k, std::ostream& out) const {
    require_explainable("RnnOverInputs", k);
    NoGrad guard;
    const NdArray x = example_tokens(k + 1, start_.dim(0));    // its position needs tokens
    NdArray s = reshape(start_.values(), {1, start_.dim(0)});
    out << "Position " << k << " by an RNN over the tokens, s_k = cell(x_k, s_{k-1}); s_{-1} = " << FirstNumbers(s)
        << " (learned)\n";
    for (Index t = 0; t <= k; ++t) {
        const NdArray x_t = reshape(slice(x, 1, t, t + 1), s.shape());
        s = cell_->forward(Tensor(x_t), Tensor(s)).values();
        if (t < 2 || t == k)
            out << "  token " << t << " = " << FirstNumbers(x_t) << "  ->  s_" << t << " = " << FirstNumbers(s) << "\n";
        else if (t == 2)
            out << "  ... one token after the other ...\n";
    }
    const NdArray x_k = reshape(slice(x, 1, k, k + 1), s.shape());
    const NdArray y = output_ == RnnOutput::add ? x_k + s : s;
    out << "  the Transformer gets " << (output_ == RnnOutput::add ? "x_k + s_k = " : "s_k = ") << FirstNumbers(y)
        << "; other tokens would give another code\n";
    return reshape(y, {start_.dim(0)});
}

// One token after the other, number by number.
NdArray GatedRecurrence::narrate(Index k, std::ostream& out) const {
    require_explainable("GatedRecurrence", k);
    const Index D = start_.dim(0);
    const NdArray x = example_tokens(k + 1, D);    // its position needs tokens
    std::vector<Scalar> h = start_.values().to_vector(), y;
    out << "Position " << k << " by a gated recurrence, h_k = (1 - z_k) h_{k-1} + z_k c_k; h_{-1} = " << FirstNumbers(h)
        << " (learned)\n";
    for (Index t = 0; t <= k; ++t) {
        const bool printed = t < 2 || t == k;
        const std::vector<Scalar> x_t = slice(x, 1, t, t + 1).to_vector();
        const std::vector<Scalar> gates = mapped(gate_, x_t), candidates = mapped(candidate_, x_t);
        y = x_t;
        for (std::size_t i = 0; i < y.size(); ++i) {
            const Scalar z = 1 / (1 + std::exp(-gates[i])), c = candidates[i], before = h[i];
            h[i] = (1 - z) * before + z * c;
            y[i] = output_ == GatedOutput::add ? x_t[i] + h[i] : h[i];
            if (printed && i == 0)
                out << "  token " << t << ": z[0] = " << z << ", c[0] = " << c << ", h[0] = " << 1 - z << " * "
                    << before << " + " << z << " * " << c << " = " << h[0] << "\n";
        }
        if (printed) out << "  h_" << t << " = " << FirstNumbers(h) << "\n";
        if (t == 2 && k > 2) out << "  ... the gates of all tokens are known at once; only the sums wait ...\n";
    }
    out << "  the Transformer gets " << (output_ == GatedOutput::add ? "x_k + h_k = " : "h_k = ") << FirstNumbers(y)
        << "; other tokens would give another code\n";
    return NdArray({D}, y);
}

}    // namespace ordinal
