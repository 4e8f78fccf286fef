// Lab 5: the recurrence. The page, README.md, says what each function is for; ./go lab 5 --for NAME says what your
// conventions are (the period, where it starts, which way it goes, how many steps position 0 has behind it).
// INSTRUCTOR-ONLY
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <ordinal/nn.h>
#include <ordinal/positional/encoding.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

namespace conventions {
constexpr Index period = RULE_period, place = RULE_place, steps_before = RULE_steps_before;
const Index direction = std::string(RULE_direction) == "up" ? 1 : -1;
}    // namespace conventions

// p_{k+1} = tanh(W p_k + b).     start: [S], W: [S, S], b: [S] -> the codes p_0 .. p_{count-1}, [count, S]
// Position 0 has some steps behind it already (your convention, `steps before`): with 2 of them p_0 is what two steps
// make of the start. Made of operations of the library, so that the gradient comes by itself.
inline Tensor orbit(const Tensor& start, const Tensor& W, const Tensor& b, Index count) {
    const Index S = start.dim(0);
    Tensor p = reshape(start, {S, 1});
    std::vector<Tensor> codes;
    for (Index step = 0; step < conventions::steps_before + count; ++step) {
        if (step >= conventions::steps_before) codes.push_back(reshape(p, {S}));
        p = tanh(matmul(W, p) + reshape(b, {S, 1}));
    }
    return stack(codes, 0);
}

// A recurrence that counts: S = m numbers, m is your period. From the start on, one number of the state is large and
// positive (above 0.5) and all others are large and negative (below -0.5), and with every step the large one moves on by one place (up or down,
// round the corner; your convention). The start itself has it at your place. Nothing fades: a state that is pushed a
// little finds back.
struct Counter {
    NdArray start, W, b;    // [m], [m, m], [m]
};
inline Counter counter() {
    const Index m = conventions::period;
    const double gain = 2;
    Counter c{full({m}, -0.95), zeros({m, m}), zeros({m})};
    c.start.set({conventions::place}, 0.95);
    for (Index i = 0; i < m; ++i) c.W.set({(i + conventions::direction + m) % m, i}, gain);
    return c;
}

// Which fate? After how many steps is the state back where it was at `from`?     P: [T, S], the states
// The least lag >= 1 for which every number of P[from + lag] is within `within` of that of P[from]; 0: it does not come
// back before the states end. 1 is a fixed point.
inline Index returns_after(const NdArray& P, Index from, double within) {
    for (Index lag = 1; from + lag < P.dim(0); ++lag)
        if (static_cast<double>(max_abs_difference(P[from + lag], P[from])) <= within) return lag;
    return 0;
}

// Through time, by hand. The loss sees the last state only: d_last = d loss / d P[T-1], [S]. What is d loss / d P[k],
// for every k? P: [T, S], states with P[k+1] = tanh(W P[k] + b); W: [S, S] -> [T, S] No Tensors here, only arrays. The
// derivative of tanh(z) is 1 - tanh(z)^2.
inline NdArray back_through_time(const NdArray& P, const NdArray& W, const NdArray& d_last) {
    const Index T = P.dim(0), S = P.dim(1);
    NdArray dP = zeros({T, S});
    dP.set({T - 1}, d_last);
    for (Index k = T - 2; k >= 0; --k) {
        const NdArray dz = dP[k + 1] * (1 - P[k + 1] * P[k + 1]);    // through the tanh
        dP.set({k}, reshape(matmul(transpose(W), reshape(dz, {S, 1})), {S}));
    }
    return dP;
}

// Your orbit as an encoding that any Transformer of the library takes. Nothing to write here.
// p: the state, of S numbers; the token gets U p, with a learned U: [D, S].
class Recurrence : public AdditiveEncoding {
public:
    Recurrence(const Counter& first, Index D, Rng& rng)
        : start_(Tensor::parameter(first.start)),
          W_(Tensor::parameter(first.W)),
          b_(Tensor::parameter(first.b)),
          U_(normal_parameter({D, first.start.dim(0)}, 0.1, rng)) {}

    // [T] -> [T, D]: all states up to the last position that is asked for, then those that are asked for
    Tensor vectors(const Positions& ids) const override {
        std::vector<Index> rows;
        Index last = 0;
        for (Index i = 0; i < ids.size(); ++i) {
            rows.push_back(ids.whole(i, "Recurrence"));
            require_computable("Recurrence", rows.back());
            last = std::max(last, rows.back());
        }
        return matmul(gather_rows(orbit(start_, W_, b_, last + 1), {{ids.size()}, rows}), transpose(U_));
    }

    Traits traits() const override {
        return {
            .computable_up_to = most_computed, .depth = Depth::linear, .ids = AcceptedIds::whole, .source = "lab 5"};
    }
    Parameters parameters() const override { return {{"start", start_}, {"weight", W_}, {"bias", b_}, {"output", U_}}; }

private:
    Tensor start_, W_, b_, U_;
};

}    // namespace mine
