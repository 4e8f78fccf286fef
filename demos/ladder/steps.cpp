#include "demos/ladder/ladder.h"

#include <algorithm>
#include <cstring>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/parallel.h>

// g++ compiles such a function once for each listed instruction set and picks one at start-up, so that every rung may
// use the widest registers. Sanitizers do not stand that, clang 14 does not know it: they get the plain function.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define ORDINAL_CLONES [[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#else
#define ORDINAL_CLONES
#endif

namespace ordinal::demos {

// As on paper: row i times column j. p walks down a column of B, n numbers at every step.
static void naive(Index m, Index n, Index k, const Scalar* A, const Scalar* B, Scalar* C) {
    for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < n; ++j) {
            Scalar sum = 0;
            for (Index p = 0; p < k; ++p) sum += A[i * k + p] * B[p * n + j];
            C[i * n + j] = sum;
        }
}

// c[0 .. n) += a b[0 .. n).  __restrict promises that b and c do not overlap: the compiler may take many at once.
[[gnu::always_inline]] static inline void add_multiple(Index n, Scalar a, const Scalar* __restrict b,
                                                       Scalar* __restrict c) {
    for (Index j = 0; j < n; ++j) c[j] += a * b[j];
}

// The same additions with j innermost: row i of C += A[i, p] times row p of B. Every step goes to the next number.
ORDINAL_CLONES static void loop_order(Index m, Index n, Index k, const Scalar* A, const Scalar* B, Scalar* C) {
    std::fill_n(C, m * n, Scalar(0));
    for (Index i = 0; i < m; ++i)
        for (Index p = 0; p < k; ++p) add_multiple(n, A[i * k + p], B + p * n, C + i * n);
}

constexpr Index block_rows = 32, block_columns = 256;    // of B: 32 KB of floats stay in the first-level cache

// The same loops over one block of B at a time: all rows of A pass by while it is in the cache.
ORDINAL_CLONES static void blocking(Index m, Index n, Index k, const Scalar* A, const Scalar* B, Scalar* C) {
    std::fill_n(C, m * n, Scalar(0));
    for (Index j = 0; j < n; j += block_columns)
        for (Index p0 = 0; p0 < k; p0 += block_rows) {
            const Index columns = std::min(block_columns, n - j), p1 = std::min(p0 + block_rows, k);
            for (Index i = 0; i < m; ++i)
                for (Index p = p0; p < p1; ++p) add_multiple(columns, A[i * k + p], B + p * n + j, C + i * n + j);
        }
}

// to[rows, width] <- B[rows, columns] with rows n apart; columns that B does not have are left as they are
static void pack(Index rows, Index columns, const Scalar* B, Index n, Index width, Scalar* to) {
    for (Index p = 0; p < rows; ++p) std::copy_n(B + p * n, columns, to + p * width);
}

// The block is copied first, row behind row: no gaps to jump over, no two rows that want the same place in the cache.
ORDINAL_CLONES static void packing(Index m, Index n, Index k, const Scalar* A, const Scalar* B, Scalar* C) {
    std::vector<Scalar> block(block_rows * block_columns);
    std::fill_n(C, m * n, Scalar(0));
    for (Index j = 0; j < n; j += block_columns)
        for (Index p0 = 0; p0 < k; p0 += block_rows) {
            const Index columns = std::min(block_columns, n - j), p1 = std::min(p0 + block_rows, k);
            pack(p1 - p0, columns, B + p0 * n + j, n, block_columns, block.data());
            for (Index i = 0; i < m; ++i)
                for (Index p = p0; p < p1; ++p)
                    add_multiple(columns, A[i * k + p], block.data() + (p - p0) * block_columns, C + i * n + j);
        }
}

// One tile of C: 8 rows by a panel's width, two registers.
struct TileWork {
    Index rows, columns, depth;    // rows <= 8; columns: those that C has
    const Scalar* A;               // rows k apart
    Index k;
    const Scalar* panel;    // [depth, width], packed
    Scalar* C;              // rows n apart
    Index n;
};

// C[rows, columns] += A[rows, depth] panel[depth, width].  The sums stay in 16 registers while p runs: 8 numbers of A
// and 2 registers of B are read for 16 multiplications and additions of whole registers, and nothing is written.
template <int lanes>
[[gnu::always_inline]] static inline void tile(const TileWork& work) {
    typedef Scalar Vector __attribute__((vector_size(lanes * sizeof(Scalar)), aligned(alignof(Scalar)), may_alias));
    const Scalar* a[8];
    for (Index i = 0; i < 8; ++i)
        a[i] = work.A + std::min(i, work.rows - 1) * work.k;    // past the end: the last row again
    Vector sums[8][2] = {};
    for (Index p = 0; p < work.depth; ++p) {
        const Vector* b = reinterpret_cast<const Vector*>(work.panel + p * 2 * lanes);
#pragma GCC unroll 8
        for (int i = 0; i < 8; ++i) {
            sums[i][0] += a[i][p] * b[0];    // one number times a register of numbers
            sums[i][1] += a[i][p] * b[1];
        }
    }
    Scalar done[8][2 * lanes];
    std::memcpy(done, sums, sizeof done);
    for (Index i = 0; i < work.rows; ++i)
        for (Index j = 0; j < work.columns; ++j) work.C[i * work.n + j] += done[i][j];
}

struct Tile {
    int lanes;    // numbers in a register
    void (*run)(const TileWork&);
};

constexpr int lanes_of(int bytes) { return bytes / static_cast<int>(sizeof(Scalar)); }

static void tile_16(const TileWork& work) { tile<lanes_of(16)>(work); }
#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] static void tile_32(const TileWork& work) { tile<lanes_of(32)>(work); }
[[gnu::target("avx512f,avx2,fma")]] static void tile_64(const TileWork& work) { tile<lanes_of(64)>(work); }
#endif

static Tile widest_tile() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return {lanes_of(64), tile_64};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {lanes_of(32), tile_32};
#endif
    return {lanes_of(16), tile_16};
}

// B goes by in packed panels, each as wide as a tile; the tile's sums leave the registers once a panel.
static void registers(Index m, Index n, Index k, const Scalar* A, const Scalar* B, Scalar* C) {
    constexpr Index panel_rows = 256;
    const Tile tile = widest_tile();
    const Index width = 2 * tile.lanes;
    std::vector<Scalar> panel(static_cast<std::size_t>(panel_rows * width));
    std::fill_n(C, m * n, Scalar(0));
    for (Index p = 0; p < k; p += panel_rows)
        for (Index j = 0; j < n; j += width) {
            const Index depth = std::min(panel_rows, k - p), columns = std::min(width, n - j);
            pack(depth, columns, B + p * n + j, n, width, panel.data());
            for (Index i = 0; i < m; i += 8)
                tile.run({std::min<Index>(8, m - i), columns, depth, A + i * k + p, k, panel.data(), C + i * n + j, n});
        }
}

static void all_threads(Index m, Index n, Index k, const Scalar* A, const Scalar* B, Scalar* C) {
    gemm(m, n, k, {A, k, 1}, {B, n, 1}, C, n);
}

static void one_thread(Index m, Index n, Index k, const Scalar* A, const Scalar* B, Scalar* C) {
    const SerialScope on_this_thread;
    all_threads(m, n, k, A, B, C);
}

std::vector<Rung> ladder_rungs() {
    const double lanes = widest_tile().lanes, in_tile = (8 + 2 * lanes) / (16 * lanes);
    return {{"naive", naive, 2},              // reads A and B; the sum is in a register
            {"loop order", loop_order, 3},    // reads b and c, writes c
            {"blocking", blocking, 3},
            {"packing", packing, 3},
            {"registers", registers, in_tile},
            {"gemm, 1 thread", one_thread, in_tile},    // its tile is the same
            {"gemm, " + std::to_string(num_threads()) + " threads", all_threads, in_tile, true}};
}

}    // namespace ordinal::demos
