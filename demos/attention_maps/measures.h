// What can be said about a head in a number or two.
#pragma once

#include <vector>

#include <ordinal/core/nd_array.h>

namespace ordinal::demos {

// The lag at which a head looks most: the mean of A[i, i + lag] over the queries i that have such a key. Only lags that
// at least half of the queries have are candidates.    A: [T, T]
struct BestLag {
    Index lag = 0;    // -3: three back
    double share = 0;
};
BestLag best_lag(const NdArray& attention);

// How much of these queries' attention goes to these keys, mean over the queries.    A: [T, T]
double share_on(const NdArray& attention, const std::vector<Index>& queries, const std::vector<Index>& keys);

// How far do codes P follow a rule of the distance? 1 - (variance inside a diagonal) / (variance of all), of
// cos(p_i, p_j), i != j.  NaN where there are no codes (all zeros).    P: [T, D]
double code_invariance(const NdArray& codes);

// How far do scores follow a rule of the distance? The closest M[i, j] = r_i + t(j - i) by least squares. The r_i are
// free because the softmax does not see them.    M: [T, T]
struct LagRule {
    // 1 - |M - r - t|^2 / |M - row means|^2.  1: the distance decides everything, that is translation invariance.
    double invariance = 0;
    // |odd part of t| / (|odd part| + |even part|), without its mean.  0: "3 back" and "3 ahead" are the same to it.
    double asymmetry = 0;
};
LagRule lag_rule(const NdArray& scores);

}    // namespace ordinal::demos
