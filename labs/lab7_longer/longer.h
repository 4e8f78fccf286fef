// Lab 7: longer tables. The page, README.md, says what each function is for; ./go lab 7 --for NAME says what your
// conventions are (how many rows are kept alone, alpha, the turn of the ring).
#pragma once

#include <algorithm>
#include <vector>

#include <ordinal/core.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

// A table P of n rows becomes one of m rows, Q = W P. Each function gives W, [m, n]: row k of W is the recipe of row k
// of Q. The first rows, `kept` of them (your convention), are kept alone: each stays where it is and takes no part in
// any row of another position.     0 <= kept < n - 1, m > n

// Repeated: the first n rows as they are, then the rows behind the kept ones again and again, in their order.
inline NdArray copied(Index n, Index m) { not_yet("copied"); }

// Stretched: the rows behind the kept ones lie on a line at equal distances, the first new row behind the kept ones at
// the first of them and the last new row at the last. What falls between two old rows is a mixture of these two.
inline NdArray stretched(Index n, Index m) { not_yet("stretched"); }

// Two digits (Su 2020): k = i n + j,  q_k = P_j + beta (P_i - P_0),  beta = alpha / (1 - alpha). alpha is your
// convention; the kept rows play no part here. m <= n n
inline NdArray two_digits(Index n, Index m) { not_yet("two_digits"); }

// A ring has no end: position k reads row (k + turn) mod n of P, for every whole k, also a negative one.
// P: [n, D], positions: [T] -> [T, D]. turn is your convention. gather_rows(P, {{T}, rows}) looks rows up, with its
// gradient.
inline Tensor ring(const Tensor& P, const std::vector<Index>& positions) { not_yet("ring"); }

}    // namespace mine
