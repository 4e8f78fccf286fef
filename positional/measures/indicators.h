// Indicators: what one sees in the picture of a scheme, as numbers that can be compared.
//
// The properties are those of Wang et al. 2021 (openreview onxoVA9FxMw): nearer positions are more alike, only the
// distance counts, both sides look the same. The numbers that measure them are ours. What a linear map can do with the
// codes stands in positional/measures/linear_probe.h.
//
// Each is computed in double. One that has nothing to look at is NaN.
#pragma once

#include <limits>

#include <ordinal/core/nd_array.h>

namespace ordinal {

// Of a kernel S: [T, T], such as attention_kernel's or a cosine similarity. A hidden score (NaN) takes no part.

// 1 - (what varies along the diagonals) / (what varies at all), from 0 to 1.  1: S[i, j] depends on i - j only.
//     1 - sum_lag sum_i (S[i, i+lag] - mean_lag)^2 / sum_ij (S[i, j] - mean)^2
double translation_invariance(const NdArray& kernel);

// The share of the steps away from the diagonal, the first `window` on each side, at which S falls.
// window 8 asks: does a position know its neighbours? window T - 1: does it know who is farther away, everywhere?
double monotonicity(const NdArray& kernel, Index window);

// 1 - sum_im |S[i, i+m] - S[i, i-m]| / sum_im (|S[i, i+m]| + |S[i, i-m]|).  1: left and right look the same.
double symmetry(const NdArray& kernel);

// Of codes P: [T, D].

// How many directions the codes really use: the effective rank of C = cosine_similarity(P). Roy and Vetterli ("The
// effective rank", EUSIPCO 2007) define that of a matrix by its own singular values, and C's are its eigenvalues:
// exp(-sum_j s_j log s_j), s_j the eigenvalues of C divided by their sum. (That of P itself would be another number.)
// T equal codes: 1; T orthogonal ones: T. The codes at length 1 have the same eigenvalues as columns ([D, D]) as they
// have as rows ([T, T]), so the smaller one is taken.
double effective_rank(const NdArray& codes);

// How many positions differ from each of the others by more than epsilon times the longest code.
Index distinct_positions(const NdArray& codes, double epsilon = 1e-3);

struct Indicators {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    double translation_invariance = none, monotonicity_8 = none, monotonicity = none, symmetry = none;
    double effective_rank = none, distinct = none, probe_error = none, shift_error = none;
    double order_error = none;    // these five only where codes are
};

Indicators indicators_of(const NdArray& kernel);                          // of a scheme without codes of its own
Indicators indicators_of(const NdArray& kernel, const NdArray& codes);    // all

}    // namespace ordinal
