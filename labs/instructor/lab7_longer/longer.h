// Lab 7: longer tables. The page, README.md, says what each function is for; ./go lab 7 --for NAME says what your
// conventions are (how many rows are kept alone, alpha, the turn of the ring).
// INSTRUCTOR-ONLY
#pragma once

#include <algorithm>
#include <vector>

#include <ordinal/core.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

namespace conventions {
constexpr Index kept = RULE_kept, turn = RULE_turn;
constexpr double alpha = RULE_alpha;
}    // namespace conventions

// A table P of n rows becomes one of m rows, Q = W P. Each function gives W, [m, n]: row k of W is the recipe of row k
// of Q. The first rows, `kept` of them (your convention), are kept alone: each stays where it is and takes no part in
// any row of another position.     0 <= kept < n - 1, m > n

// Repeated: the first n rows as they are, then the rows behind the kept ones again and again, in their order.
inline NdArray copied(Index n, Index m) {
    const Index kept = conventions::kept;
    NdArray W = zeros({m, n});
    for (Index k = 0; k < m; ++k) W.set({k, k < kept ? k : kept + (k - kept) % (n - kept)}, 1);
    return W;
}

// Stretched: the rows behind the kept ones lie on a line at equal distances, the first new row behind the kept ones at
// the first of them and the last new row at the last. What falls between two old rows is a mixture of these two.
inline NdArray stretched(Index n, Index m) {
    const Index kept = conventions::kept;
    NdArray W = zeros({m, n});
    for (Index k = 0; k < m; ++k) {
        if (k < kept) {
            W.set({k, k}, 1);
            continue;
        }
        const double step = static_cast<double>(n - 1 - kept) / static_cast<double>(m - 1 - kept);
        const double at = static_cast<double>(kept) + static_cast<double>(k - kept) * step;
        const Index r = std::min(static_cast<Index>(at), n - 2);
        const double f = at - static_cast<double>(r);
        W.set({k, r}, 1 - f);
        W.set({k, r + 1}, f);
    }
    return W;
}

// Two digits (Su 2020): k = i n + j,  q_k = P_j + beta (P_i - P_0),  beta = alpha / (1 - alpha). alpha is your
// convention; the kept rows play no part here. m <= n n
inline NdArray two_digits(Index n, Index m) {
    const double beta = conventions::alpha / (1 - conventions::alpha);
    NdArray W = zeros({m, n});
    for (Index k = 0; k < m; ++k) {
        const Index i = k / n, j = k % n;
        W.set({k, j}, static_cast<double>(W.at({k, j})) + 1);
        W.set({k, i}, static_cast<double>(W.at({k, i})) + beta);
        W.set({k, 0}, static_cast<double>(W.at({k, 0})) - beta);
    }
    return W;
}

// A ring has no end: position k reads row (k + turn) mod n of P, for every whole k, also a negative one.
// P: [n, D], positions: [T] -> [T, D]. turn is your convention. gather_rows(P, {{T}, rows}) looks rows up, with its
// gradient.
inline Tensor ring(const Tensor& P, const std::vector<Index>& positions) {
    const Index n = P.dim(0);
    std::vector<Index> rows;
    for (const Index k : positions) rows.push_back(((k + conventions::turn) % n + n) % n);
    return gather_rows(P, {{static_cast<Index>(rows.size())}, rows});
}

}    // namespace mine
