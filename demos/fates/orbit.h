// The orbit p_0, p_1, p_2, ... of a recursion: how far is each code from the others, and does it come back?
#pragma once

#include <ordinal/core/nd_array.h>

namespace ordinal::demos {

struct Orbit {
    NdArray distances;    // [n, n]: |p_i - p_j| divided by the mean length of a code

    double distance(Index i, Index j) const;
    double nearest_earlier(Index k) const;    // from p_k to the nearest of p_0 .. p_{k-1}; k = 0: infinity
    double nearest_two(Index count) const;    // the smallest distance between two of the first `count`
    // The first lag at which p_400 is back to within 0.001; 1 = a fixed point; 0: none up to 100.
    Index period() const;
};

Orbit orbit_of(const NdArray& codes);    // codes: [n, D], n > 500

}    // namespace ordinal::demos
