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
// code that it had (DEER's programs put 0), and the next round begins with more exact ones before it.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/recurrences/recursion_step.h>
#include <ordinal/positional/recurrences/scan.h>

namespace ordinal {

// Where a change is so small that the next one, its square, would be below rounding.
constexpr auto newton_tolerance = static_cast<Scalar>(sizeof(Scalar) == 8 ? 1e-10 : 1e-5);

// How many compositions a scan over T steps waits for.
inline Index scan_rounds(Index T) { return T < 2 ? T : static_cast<Index>(std::bit_width(std::uint64_t(T - 1))); }

struct NewtonSolution {
    NdArray codes;    // [T + 1, S]
    Index rounds = 0;
    std::string failure = {};    // empty: solved
};

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
    return {p, limit, text_of("not solved after ", limit, " rounds of Newton's method")};
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

}    // namespace ordinal
