// Lab 5: the recurrence. The page, README.md, says what each function is for; ./go lab 5 --for NAME says what your
// conventions are (the period, where it starts, which way it goes, how many steps position 0 has behind it).
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <ordinal/nn.h>
#include <ordinal/positional/encoding.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

// p_{k+1} = tanh(W p_k + b).     start: [S], W: [S, S], b: [S] -> the codes p_0 .. p_{count-1}, [count, S]
// Position 0 has some steps behind it already (your convention, `steps before`): with 2 of them p_0 is what two steps
// make of the start. Made of operations of the library, so that the gradient comes by itself.
inline Tensor orbit(const Tensor& start, const Tensor& W, const Tensor& b, Index count) { not_yet("orbit"); }

// A recurrence that counts: S = m numbers, m is your period. From the start on, one number of the state is large and
// positive (above 0.5) and all others are large and negative (below -0.5), and with every step the large one moves on by one place (up or down,
// round the corner; your convention). The start itself has it at your place. Nothing fades: a state that is pushed a
// little finds back.
struct Counter {
    NdArray start, W, b;    // [m], [m, m], [m]
};
inline Counter counter() { not_yet("counter"); }

// Which fate? After how many steps is the state back where it was at `from`?     P: [T, S], the states
// The least lag >= 1 for which every number of P[from + lag] is within `within` of that of P[from]; 0: it does not come
// back before the states end. 1 is a fixed point.
inline Index returns_after(const NdArray& P, Index from, double within) { not_yet("returns_after"); }

// Through time, by hand. The loss sees the last state only: d_last = d loss / d P[T-1], [S]. What is d loss / d P[k],
// for every k? P: [T, S], states with P[k+1] = tanh(W P[k] + b); W: [S, S] -> [T, S] No Tensors here, only arrays. The
// derivative of tanh(z) is 1 - tanh(z)^2.
inline NdArray back_through_time(const NdArray& P, const NdArray& W, const NdArray& d_last) {
    not_yet("back_through_time");
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
