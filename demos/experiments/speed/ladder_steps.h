// One matrix product, written again and again, each time with one idea more: the rungs of the demo `ladder`.
//
// C = A B          A: [m, k]   B: [k, n]   C: [m, n], all row-major and without gaps; what C held before is lost.
#pragma once

#include <string>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal {

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

}    // namespace ordinal
