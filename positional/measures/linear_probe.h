// What a linear map can do with position codes P [T, D]: name the position, or step to the next one.
//
// Source: the probe is that of Wang & Chen 2020, arXiv 2010.04903, with a ridge; the step is ours. Both in double.
#pragma once

#include <ordinal/core/nd_array.h>

namespace ordinal {

// Can a linear map read k off p_k? It reads rows that it has not seen (five parts take turns).
struct ProbeErrors {
    double position;    // the mean |reading - k|. Always saying "the middle" errs by T / 4
    double order;       // of all pairs k < l, the share in which k is not read as the smaller one. A coin: 1/2
};

// Both are NaN below ten rows.
// Why a ridge: of BERT's 512 rows 410 are seen, and a code has 768 numbers. Least squares has then many answers, all
// without error on what was seen. The penalty on large weights, `ridge` times the mean square of a code, picks one, and
// keeps it from reading k off the rounding.
ProbeErrors probe_errors(const NdArray& codes, double ridge = 1e-3);

// How badly the best linear step fails: min_A sum_k |p_{k+1} - A p_k|^2 / sum_k |p_{k+1}|^2, from 0 to 1.
// 0: the codes are a linear recurrence, as a sinusoid's are. NaN when T - 1 <= D: then some A fits anything.
double shift_error(const NdArray& codes);

}    // namespace ordinal
