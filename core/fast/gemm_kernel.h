// The part of the product that belongs to a machine: a tile of C in registers, and the copies of A and B that it reads.
#pragma once

#include <ordinal/core/fast/gemm.h>

namespace ordinal {

// What a tile computes:  C[rows, columns] (+)= A[rows, k] B[k, columns] (+ bias[columns])
struct TileWork {
    Index k;
    MatrixView A;
    const Scalar* B;    // rows b_stride apart; all columns of the tile may be read, also where fewer are wanted
    Index b_stride;
    Scalar* C;
    Index c_stride, columns;
    bool add_to_c;
    const Scalar* bias;    // or none
};

// The tiles of one instruction set.
struct GemmKernel {
    static constexpr Index most_rows = 8;
    static constexpr Index chain = 64;    // so many products are added up at once: longer ones lose digits

    Index rows, columns;                          // of a tile: as many as registers can hold
    void (*tiles[most_rows])(const TileWork&);    // tiles[r - 1] has r rows: a matrix of 3 rows wastes nothing
    void (*pack_a)(Index k, Index m, MatrixView A_transposed, Scalar* panels);    // see gemm_pack.h
    void (*pack_b)(Index k, Index n, MatrixView B, Scalar* panels);
    // total += a B for one row a [k], whose numbers are a_stride apart; B [k, n] with rows in one piece; sums: room [n]
    void (*add_row)(Index n, Index k, const Scalar* a, Index a_stride, MatrixView B, Scalar* sums, Scalar* total);
};
const GemmKernel& gemm_kernel();    // of the instruction set in use

// Numbers from one packed panel to the next. Panels stand one cache line further apart than they need: else, with k a
// power of two, they would fight for the same places in the cache while they are written.
inline Index panel_size(Index k, Index width) { return k * width + 64 / static_cast<Index>(sizeof(Scalar)); }

}    // namespace ordinal
