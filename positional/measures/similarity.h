// Similarity of position codes: the pictures of this project, as numbers.
#pragma once

#include <ordinal/core/nd_array.h>

namespace ordinal {

// S[i, j] = p_i . p_j                                   codes: [T, D] -> [T, T]
NdArray dot_similarity(const NdArray& codes);

// C[i, j] = p_i . p_j / (|p_i| |p_j|), between -1 and 1; a zero vector is similar to nothing, itself included (0).
NdArray cosine_similarity(const NdArray& codes);

// mean_by_lag[lag] = the mean of C[i, i + lag] over all i.       [T, T] -> [T]
NdArray mean_by_lag(const NdArray& similarity);

// Does the similarity come back every `period` positions?
//     score     = (mean C where |i - j| is a multiple of the period, but not 0) - (mean C at all other i != j)
//     harmonics = the share of the power of mean_by_lag (lags 1 .. T - period, whole periods, mean removed) that a
//                 discrete Fourier transform finds at multiples of 1 / period
// No rhythm: score 0. A perfect one: harmonics 1.
struct PeriodScore {
    double score;
    double harmonics;
};
PeriodScore period_score(const NdArray& similarity, Index period);

}    // namespace ordinal
