// How the fast product works (the blocking follows Goto and van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication", ACM TOMS 2008):
//
//   1. C is cut into tiles of a few rows by two vectors. A tile lives in registers while k runs.
//   2. For that, B is first copied into panels, one tile wide, in exactly the order in which the tile reads them.
//   3. k is cut into blocks, so that a panel stays in the first-level cache while all rows of A pass by.
//   4. Threads get disjoint slices of C and never meet.
//
// The tile is written once, with GNU vectors (`acc += a * b` on a whole register), and compiled for three
// instruction sets; the best one that the processor has is chosen when the program starts.
#include "core/gemm.h"

#include <algorithm>
#include <vector>

#include "core/parallel.h"

namespace ordinal {

void naive_gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride) {
    for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < n; ++j) {
            Scalar sum = 0;
            for (Index p = 0; p < k; ++p)
                sum += A.data[i * A.row_stride + p * A.column_stride] * B.data[p * B.row_stride + j * B.column_stride];
            C[i * c_stride + j] = sum;
        }
}

namespace {

constexpr Index max_tile_rows = 8;
constexpr Index k_block = 256;     // a panel of 256 x 32 floats is 32 KB: it stays in the first-level cache
constexpr Index n_block = 1024;    // the packed block of B, 256 x 1024 floats = 1 MB, stays in the second level

// One tile:  C[rows, width] (+)= A[rows, k] panel[k, width], width = 2 vectors of `lanes` numbers
template <int lanes, int rows>
[[gnu::always_inline]] inline void tile(Index k, MatrixView A, const Scalar* panel, Scalar* C, Index c_stride,
                                        Index columns, bool add_to_c) {
    typedef Scalar Vector __attribute__((vector_size(lanes * sizeof(Scalar)), aligned(alignof(Scalar)), may_alias));
    constexpr int width = 2 * lanes;
    Vector acc[rows][2] = {};
    for (Index p = 0; p < k; ++p) {
        const Vector* b = reinterpret_cast<const Vector*>(panel + p * width);
        const Vector b0 = b[0], b1 = b[1];
#pragma GCC unroll 8
        for (int i = 0; i < rows; ++i) {
            const Scalar a = A.data[i * A.row_stride + p * A.column_stride];
            acc[i][0] += a * b0;
            acc[i][1] += a * b1;
        }
    }
    for (int i = 0; i < rows; ++i) {
        const auto* sums = reinterpret_cast<const Scalar*>(acc[i]);
        Scalar* c = C + i * c_stride;
        if (columns == width && !add_to_c) {
            for (int j = 0; j < width; ++j) c[j] = sums[j];
        } else {
            for (Index j = 0; j < columns; ++j) c[j] = add_to_c ? c[j] + sums[j] : sums[j];
        }
    }
}

using Tile = void (*)(Index k, MatrixView A, const Scalar* panel, Scalar* C, Index c_stride, Index columns, bool add);

struct Kernel {
    Index width;                  // columns of a tile
    Tile tiles[max_tile_rows];    // tiles[r - 1] has r rows: a matrix of 3 rows wastes nothing
};

constexpr int lanes_of(int bytes) { return bytes / static_cast<int>(sizeof(Scalar)); }

#define ORDINAL_TILES(name) {name<1>, name<2>, name<3>, name<4>, name<5>, name<6>, name<7>, name<8>}

template <int rows>
void baseline(Index k, MatrixView A, const Scalar* panel, Scalar* C, Index c_stride, Index columns, bool add) {
    tile<lanes_of(16), rows>(k, A, panel, C, c_stride, columns, add);
}

#if defined(__x86_64__)
template <int rows>
[[gnu::target("avx2,fma")]] void avx2(Index k, MatrixView A, const Scalar* panel, Scalar* C, Index c_stride,
                                      Index columns, bool add) {
    tile<lanes_of(32), rows>(k, A, panel, C, c_stride, columns, add);
}

template <int rows>
[[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]] void avx512(Index k, MatrixView A, const Scalar* panel,
                                                                           Scalar* C, Index c_stride, Index columns,
                                                                           bool add) {
    tile<lanes_of(64), rows>(k, A, panel, C, c_stride, columns, add);
}
#endif

const Kernel& best_kernel() {
    static const Kernel chosen = [] {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
            return Kernel{2 * lanes_of(64), ORDINAL_TILES(avx512)};
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
            return Kernel{2 * lanes_of(32), ORDINAL_TILES(avx2)};
#endif
        return Kernel{2 * lanes_of(16), ORDINAL_TILES(baseline)};
    }();
    return chosen;
}

// panels <- B[k, n], cut into panels of `width` columns; the last one is filled up with zeros
void pack(Index k, Index n, MatrixView B, Index width, Scalar* panels) {
    for (Index first = 0; first < n; first += width, panels += k * width) {
        const Index columns = std::min(width, n - first);
        const Scalar* source = B.data + first * B.column_stride;
        if (columns < width) std::fill_n(panels, k * width, Scalar(0));
        if (B.column_stride == 1) {
            for (Index p = 0; p < k; ++p) std::copy_n(source + p * B.row_stride, columns, panels + p * width);
        } else {    // a transposed B: walk along its own rows
            for (Index j = 0; j < columns; ++j)
                for (Index p = 0; p < k; ++p)
                    panels[p * width + j] = source[p * B.row_stride + j * B.column_stride];
        }
    }
}

void serial_gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride) {
    const Kernel& kernel = best_kernel();
    thread_local std::vector<Scalar> panels;
    for (Index j = 0; j < n; j += n_block) {
        const Index columns = std::min(n_block, n - j);
        const Index padded = (columns + kernel.width - 1) / kernel.width * kernel.width;
        for (Index p = 0; p < k; p += k_block) {
            const Index depth = std::min(k_block, k - p);
            panels.resize(static_cast<std::size_t>(padded * depth));
            pack(depth, columns, {B.data + p * B.row_stride + j * B.column_stride, B.row_stride, B.column_stride},
                 kernel.width, panels.data());
            for (Index panel = 0; panel < columns; panel += kernel.width)
                for (Index i = 0; i < m; i += max_tile_rows) {
                    const Index rows = std::min(max_tile_rows, m - i);
                    kernel.tiles[rows - 1](
                        depth, {A.data + i * A.row_stride + p * A.column_stride, A.row_stride, A.column_stride},
                        panels.data() + panel * depth, C + i * c_stride + j + panel, c_stride,
                        std::min(kernel.width, columns - panel), p > 0);
                }
        }
    }
}

}    // namespace

void gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride) {
    if (k == 0) {    // an empty sum
        for (Index i = 0; i < m; ++i) std::fill_n(C + i * c_stride, n, Scalar(0));
        return;
    }
    constexpr Index work_for_a_thread = 500'000;    // multiplications: about 10 microseconds
    if (m >= n) {    // each thread computes a band of rows, or of columns, whichever side is longer
        parallel_for(m, std::max<Index>(work_for_a_thread / std::max<Index>(n * k, 1), 1), [&](Index begin, Index end) {
            serial_gemm(end - begin, n, k, {A.data + begin * A.row_stride, A.row_stride, A.column_stride}, B,
                        C + begin * c_stride, c_stride);
        });
    } else {
        parallel_for(n, std::max<Index>(work_for_a_thread / std::max<Index>(m * k, 1), 1), [&](Index begin, Index end) {
            serial_gemm(m, end - begin, k, A, {B.data + begin * B.column_stride, B.row_stride, B.column_stride},
                        C + begin, c_stride);
        });
    }
}

}    // namespace ordinal
