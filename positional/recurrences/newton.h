// Newton's method for a recursion: all codes at once, in rounds. "An RNN has to wait" is not a law.
//
// Source:  Lim et al. 2024, arXiv 2309.12252 (DEER); for the plain tanh RNN also Su 2023, kexue.fm/archives/9783, of
//          whose iterations it is the last; when it is quick: Gonzalez et al. 2025, arXiv 2508.16817
// Formula: p_{k+1} = f(p_k) for all k is one system of T S equations. From a guess of all codes, a round is
//              r_{k+1} = f(p_k) - p_{k+1}                 what is wrong with each step
//              d_{k+1} = J_k d_k + r_{k+1},   d_0 = 0     J_k = df/dp at p_k
//              p <- p + d,                                until no number changes by more than newton_tolerance
//          Gradients, with g_k what the codes' readers say of p_k (one scan, no rounds):
//              l_k = g_k + J_k^T l_{k+1},   l_T = g_T;    d start = l_0, and f at p_k gets l_{k+1}
// Shapes:  p: [T + 1, S], row 0 is the start and exact; r, d: [T, S] for the rows from 1 on; J: [T, S, S]
// Why:     d is an affine recurrence, and that is a scan: ceil(log2 T) compositions a round, where a loop waits for T
//          steps. After round i the first i codes are exact, and near the solution each round doubles the digits. The
//          price: a composition is a product of matrices, S^3 work where a step of the loop has S^2, and how many
//          rounds it takes depends on the weights: few where the recursion forgets a small push, many where it does
//          not.
// Besides: products of many J may leave the range of numbers, in float after some 100 steps. There a place keeps the
// code that it had (DEER's programs put 0), and the next round begins with more exact ones before it. And once the loop
// would have been done, the loop does it, so that nobody waits for more than twice T steps.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <mutex>
#include <string>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/recurrences/recursion_step.h>
#include <ordinal/positional/recurrences/scan.h>

namespace ordinal {

// Where a change is so small that the next one, its square, would be below rounding.
constexpr auto newton_tolerance = static_cast<Scalar>(sizeof(Scalar) == 8 ? 1e-10 : 1e-5);

// How many compositions a scan over T steps waits for.
inline Index scan_rounds(Index T) { return T < 2 ? T : static_cast<Index>(std::bit_width(std::uint64_t(T - 1))); }

// Where the rounds begin.
enum class Guess {
    zeros,    // nothing is known
    last,     // the codes of the call before: in training the weights have moved only a little since
    cycle,    // the loop's first 128 codes, continued: a cycle that training has found is nearly reached by then
};

// What a call has cost. It is not in the graph, but for dependent_steps.
struct NewtonReport {
    Index rounds = 0;              // of Newton's method, each of them a scan
    Index dependent_steps = 0;     // waited for: compositions of scans, and steps of a loop
    std::string fell_back = {};    // why the codes are the loop's; empty: they are Newton's, or there was none to do
};

struct NewtonSolution {
    NdArray codes;    // [T + 1, S]
    Index rounds = 0;
    std::string failure = {};    // empty: solved
};

// `known`, followed by the cycle that it seems to be on: of all earlier rows, the one most like the last is taken for
// it, and what came then comes again.    [n, S] -> [rows, S]
inline NdArray continued(const NdArray& known, Index rows) {
    const Index n = known.dim(0), S = known.dim(1);
    const NdArray all = contiguous(known);
    Index period = 1;
    Scalar least = std::numeric_limits<Scalar>::infinity();
    for (Index back = 1; back < n; ++back) {
        Scalar distance = 0;
        for (Index i = 0; i < S; ++i) {
            const Scalar gap = all.data()[(n - 1) * S + i] - all.data()[(n - 1 - back) * S + i];
            distance += gap * gap;
        }
        if (distance < least) {
            least = distance;
            period = back;
        }
    }
    NdArray longer = NdArray::uninitialized({rows, S});
    Scalar* to = longer.mutable_data();
    std::copy_n(all.data(), std::min(n, rows) * S, to);
    for (Index k = n; k < rows; ++k) std::copy_n(to + (k - period) * S, S, to + k * S);
    return longer;
}

// At most `limit` rounds from a guess p: [T + 1, S]. What is no number never counts as solved.
inline NewtonSolution solve_by_newton(const RecursionStep& step, NdArray p, Index limit) {
    NoGrad guard;
    TraceNan look_away(false);    // one that is on the way is put right below
    const Index T = p.dim(0) - 1;
    const NdArray start = slice(p, 0, 0, 1);
    Scalar box = 1;    // no step of rnn or gru leads out of it
    for (const Scalar number : start.to_vector()) box = std::max(box, std::abs(number));
    for (Index round = 1; round <= limit; ++round) {
        const NdArray before = slice(p, 0, 0, T), after = contiguous(slice(p, 0, 1, T + 1));
        const NdArray r = step.next(Tensor(before)).values() - after;
        NdArray moved = after + affine_scan(step.jacobians(before), r);    // p_{k+1} + d_{k+1}
        Scalar* numbers = moved.mutable_data();
        bool solved = true;
        for (Index i = 0; i < moved.size(); ++i) {
            const Scalar change = std::abs(numbers[i] - after.data()[i]);
            solved = solved && change <= newton_tolerance;    // not of a NaN
            numbers[i] = std::isfinite(change) ? std::clamp(numbers[i], -box, box) : after.data()[i];
        }
        p = concat({start, moved}, 0);
        if (solved) return {p, round};
    }
    return {p, limit, text_of("after ", limit, " rounds of Newton's method the loop would have been done")};
}

// The solution as an operation: gradients go through f at the solution and through one scan from the end.
// start: [1, S]   codes: [T + 1, S]   ->   [T + 1, S]
inline Tensor differentiable(const RecursionStep& step, const Tensor& start, const NdArray& codes) {
    const Index T = codes.dim(0) - 1, S = codes.dim(1);
    const NdArray before = slice(codes, 0, 0, T);
    const Tensor after = step.next(Tensor(before));    // the codes again, recorded with their weights
    if (!after.requires_grad() && !start.requires_grad()) return Tensor(codes);
    const auto reversed = [](const NdArray& a) { return slice(a, 0, {std::nullopt, std::nullopt, -1}); };
    const NdArray back = concat({zeros({1, S, S}), reversed(transpose(step.jacobians(before)))}, 0);    // J_k^T
    return Tensor::from_op("newton", codes, {start, after}, [=](const NdArray& dP) {
        const NdArray l = reversed(affine_scan(back, reversed(dP)));
        start.accumulate_grad(slice(l, 0, 0, 1));
        after.accumulate_grad(slice(l, 0, 1, T + 1));
    });
}

// What RecurrentPositions keeps for parallel=newton: how to guess, the codes of earlier calls, what the last call cost.
class Newton {
public:
    explicit Newton(Guess guess) : guess_(guess) {}

    // p_0 .. p_steps, [steps + 1, S], equal to the loop's up to rounding.
    // weights: a number that changes when weights do. With Guess::last, codes of the same weights are given as they
    // are.
    Tensor orbit(const RecursionStep& step, const Tensor& start, Index steps, Index weights) {
        if (steps == 0) return start;
        const Memory before = remembered();
        const Index head = guess_ == Guess::cycle ? std::min(steps, looped) : 0, compositions = scan_rounds(steps);
        const Index limit = (steps - head) / compositions;    // of rounds: then the loop would have been done
        NewtonSolution solution;
        if (guess_ == Guess::last && weights == before.weights && steps < before.exact)
            solution.codes = slice(before.codes, 0, 0, steps + 1);
        else if (limit > 0)
            solution = solve_by_newton(step, guess(step, start.values(), steps, head, before), limit);

        NewtonReport report{solution.rounds, solution.rounds * compositions, solution.failure};
        if (limit > 0) report.dependent_steps += head;
        Tensor codes;
        if (solution.codes.defined() && solution.failure.empty()) {
            codes = differentiable(step, start, solution.codes);
            codes.node()->inner_steps = report.dependent_steps;
        } else {
            codes = step.orbit(start, steps);
            codes.node()->inner_steps += report.dependent_steps;
            report.dependent_steps += steps;
        }
        remember(before, codes.values(), weights, report);
        return codes;
    }

    NewtonReport report() const {    // of the last call
        const std::lock_guard lock(mutex_);
        return report_;
    }

private:
    static constexpr Index looped = 127;    // steps of Guess::cycle
    struct Memory {
        NdArray codes;      // [n, S], for Guess::last
        Index exact = 0;    // how many of them belong to these weights; the rest is older
        Index weights = -1;
    };

    // [steps + 1, S], beginning with p_0: [1, S]
    NdArray guess(const RecursionStep& step, const NdArray& p_0, Index steps, Index head, const Memory& before) const {
        NoGrad guard;
        if (guess_ == Guess::cycle) return continued(step.orbit(Tensor(p_0), head).values(), steps + 1);
        if (guess_ == Guess::last && before.codes.defined())
            return continued(concat({p_0, slice(before.codes, 0, 1, before.codes.dim(0))}, 0), steps + 1);
        return concat({p_0, zeros({steps, p_0.dim(1)})}, 0);
    }

    Memory remembered() const {
        const std::lock_guard lock(mutex_);
        return memory_;
    }
    void remember(const Memory& before, const NdArray& codes, Index weights, const NewtonReport& report) {
        const Index n = codes.dim(0), older = before.codes.defined() ? before.codes.dim(0) : 0;
        const std::lock_guard lock(mutex_);
        report_ = report;
        if (guess_ != Guess::last || (weights == before.weights && n <= before.exact)) return;
        const NdArray rest = older > n ? slice(before.codes, 0, n, older) : slice(codes, 0, n, n);
        memory_ = {concat({codes, rest}, 0), n, weights};
    }

    Guess guess_;
    mutable std::mutex mutex_;    // a scheme may be used by several threads
    NewtonReport report_;
    Memory memory_;
};

}    // namespace ordinal
