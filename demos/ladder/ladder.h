// What the demo `ladder` climbs and compares.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/core/nd_array.h>

namespace ordinal::demos {

// One matrix product, written again and again, each time with one idea more.
//
// C = A B          A: [m, k]   B: [k, n]   C: [m, n], all row-major and without gaps; what C held before is lost.
using Multiply = void (*)(Index m, Index n, Index k, const Scalar* A, const Scalar* B, Scalar* C);

struct Rung {
    std::string name;
    Multiply multiply;
    double numbers_moved;    // that the innermost loop reads and writes for one multiplication and one addition
    bool all_threads = false;

    // Arithmetic intensity: operations for each byte that moves between the registers and anything behind them.
    double flop_per_byte() const { return 2 / (numbers_moved * sizeof(Scalar)); }
};

// In the order in which they are climbed. The last two are gemm() of core/fast/gemm.h, on one thread and on all.
std::vector<Rung> ladder_rungs();

// Two ways to the same numbers: in the plain form that one reads first, and in the one that the library uses.
struct Pair {
    std::string what;
    std::function<NdArray()> plain, fast;
};

// T: the length of the sequences, which the other sizes follow. The demo takes 1024.
std::vector<Pair> ladder_pairs(Index T);

}    // namespace ordinal::demos
