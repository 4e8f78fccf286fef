// NewtonOrbit: newton.h as RecurrentPositions uses it: where the rounds begin, and when the loop is called for help.
//
// Once the loop would have been done, the loop does it, so that nobody waits for more than twice T steps.
#pragma once

#include <algorithm>
#include <limits>
#include <mutex>
#include <string>

#include <ordinal/positional/recurrences/newton.h>

namespace ordinal {

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

// What RecurrentPositions keeps for parallel=newton: how to guess, the codes of earlier calls, what the last call cost.
class NewtonOrbit {
public:
    explicit NewtonOrbit(Guess guess) : guess_(guess) {}

    // p_0 .. p_steps, [steps + 1, S], equal to the loop's up to rounding.
    // weights: a number that changes when weights do; Guess::last keeps the codes and gives them again while it stays.
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
        Index exact = 0;    // how many of them solve the recursion of these weights; the rest is older
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
        memory_ = {concat({codes, rest}, 0), report.fell_back.empty() ? n : 0, weights};
    }

    Guess guess_;
    mutable std::mutex mutex_;    // a scheme may be used by several threads
    NewtonReport report_;
    Memory memory_;
};

}    // namespace ordinal
