// The orbit p_0, p_1, p_2, ... of a recursion: how far is each code from the next ones, and from the nearest earlier
// one?
#pragma once

#include <vector>

#include <ordinal/core/nd_array.h>

namespace ordinal::demos {

// Distances are |p_i - p_j| divided by the mean length of a code.
struct Orbit {
    NdArray distances;              // [n, n]
    std::vector<double> step;       // [k]: from p_k to p_{k+1}
    std::vector<double> back;       // [k]: from p_k to p_{k+5}. 0 = a cycle whose period divides 5
    std::vector<double> nearest;    // [k]: from p_k to the nearest of the earlier p_0 .. p_{k-1}; k = 0: NaN

    double least_of(Index count) const;    // the smallest distance between two of the first `count`
    // The first lag at which p_400 is back to within 0.001; 1 = a fixed point; 0: none up to 100.
    Index period() const;
};

Orbit orbit_of(const NdArray& codes);    // codes: [n, D], n > 500

// The largest |eigenvalue| of W [n, n]: the n-th root of |W^n|, n = 2^16 (Gelfand's formula).
double spectral_radius(const NdArray& W);

// p_{k+1} = tanh(W p_k + b), 64 numbers, W drawn and scaled to this spectral radius: after how many steps is
// |p_{k+1} - p_k| / |p_k| below 2^-23, the last digit of a float? From there on positions look alike. 5000: not yet.
constexpr Index most_distinct = 5000;
Index distinct_positions(double radius, std::uint64_t seed);

}    // namespace ordinal::demos
