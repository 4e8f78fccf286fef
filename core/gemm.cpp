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

void naive_gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride, bool add) {
    for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < n; ++j) {
            Scalar sum = 0;
            for (Index p = 0; p < k; ++p)
                sum += A.data[i * A.row_stride + p * A.column_stride] * B.data[p * B.row_stride + j * B.column_stride];
            C[i * c_stride + j] = add ? C[i * c_stride + j] + sum : sum;
        }
}

namespace {

constexpr Index max_tile_rows = 8;
constexpr Index k_block = 256;     // a panel of 256 x 32 floats is 32 KB: it stays in the first-level cache
constexpr Index m_block = 256;     // 256 x 256 floats of A = 256 KB stay in the second level while all panels pass
constexpr Index n_block = 1024;    // the packed block of B, 1 MB

// What a tile computes:  C[rows, columns] (+)= A[rows, k] B[k, columns]
struct TileWork {
    Index k;
    MatrixView A;
    const Scalar* B;    // rows b_stride apart; `width` columns may be read, also where fewer are wanted
    Index b_stride;
    Scalar* C;
    Index c_stride;
    Index columns;
    bool add_to_c;
};

template <int lanes, int rows>
[[gnu::always_inline]] inline void tile(const TileWork& work) {
    typedef Scalar Vector __attribute__((vector_size(lanes * sizeof(Scalar)), aligned(alignof(Scalar)), may_alias));
    constexpr int width = 2 * lanes;
    const Scalar* a = work.A.data;
    const Index a_row = work.A.row_stride, a_column = work.A.column_stride;
    for (int i = 0; i < rows; ++i) {    // C is wanted at the end: ask for it now
        __builtin_prefetch(work.C + i * work.c_stride, 1);
        __builtin_prefetch(work.C + i * work.c_stride + lanes, 1);
    }
    Vector acc[rows][2] = {};
    for (Index p = 0; p < work.k; ++p) {
        const Vector* b = reinterpret_cast<const Vector*>(work.B + p * work.b_stride);
        const Vector b0 = b[0], b1 = b[1];
#pragma GCC unroll 8
        for (int i = 0; i < rows; ++i) {
            acc[i][0] += a[i * a_row] * b0;
            acc[i][1] += a[i * a_row] * b1;
        }
        a += a_column;
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
        Scalar* c = work.C + i * work.c_stride;
        if (work.columns == width) {
            Vector* whole = reinterpret_cast<Vector*>(c);
            whole[0] = work.add_to_c ? whole[0] + acc[i][0] : acc[i][0];
            whole[1] = work.add_to_c ? whole[1] + acc[i][1] : acc[i][1];
        } else {
            const Scalar* sums = reinterpret_cast<const Scalar*>(acc[i]);
            for (Index j = 0; j < work.columns; ++j) c[j] = work.add_to_c ? c[j] + sums[j] : sums[j];
        }
    }
}
using Tile = void (*)(const TileWork&);

struct Kernel {
    Index width;                  // columns of a tile
    Tile tiles[max_tile_rows];    // tiles[r - 1] has r rows: a matrix of 3 rows wastes nothing
};

constexpr int lanes_of(int bytes) { return bytes / static_cast<int>(sizeof(Scalar)); }

#define ORDINAL_TILES(name) \
    { name<1>, name<2>, name<3>, name<4>, name<5>, name<6>, name<7>, name<8> }

template <int rows>
void baseline(const TileWork& work) {
    tile<lanes_of(16), rows>(work);
}

#if defined(__x86_64__)
template <int rows>
[[gnu::target("avx2,fma")]] void avx2(const TileWork& work) {
    tile<lanes_of(32), rows>(work);
}

template <int rows>
[[gnu::target("avx512f,avx2,fma")]] void avx512(const TileWork& work) {
    tile<lanes_of(64), rows>(work);
}
#endif

const Kernel& best_kernel() {
    static const Kernel chosen = [] {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx512f")) return Kernel{2 * lanes_of(64), ORDINAL_TILES(avx512)};
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
            return Kernel{2 * lanes_of(32), ORDINAL_TILES(avx2)};
#endif
        return Kernel{2 * lanes_of(16), ORDINAL_TILES(baseline)};
    }();
    return chosen;
}

// to[4, 4] = from[4, 4]^T, in registers
void transpose_4x4(const Scalar* from, Index from_stride, Scalar* to, Index to_stride) {
    typedef Scalar Quad __attribute__((vector_size(4 * sizeof(Scalar)), aligned(alignof(Scalar)), may_alias));
    const Quad* rows[4];
    for (Index i = 0; i < 4; ++i) rows[i] = reinterpret_cast<const Quad*>(from + i * from_stride);
    const Quad low01 = __builtin_shufflevector(*rows[0], *rows[1], 0, 4, 1, 5);
    const Quad low23 = __builtin_shufflevector(*rows[2], *rows[3], 0, 4, 1, 5);
    const Quad high01 = __builtin_shufflevector(*rows[0], *rows[1], 2, 6, 3, 7);
    const Quad high23 = __builtin_shufflevector(*rows[2], *rows[3], 2, 6, 3, 7);
    *reinterpret_cast<Quad*>(to) = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
    *reinterpret_cast<Quad*>(to + to_stride) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
    *reinterpret_cast<Quad*>(to + 2 * to_stride) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
    *reinterpret_cast<Quad*>(to + 3 * to_stride) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

// panels <- B[k, n], cut into panels of `width` columns, each k x width; the last one is filled up with zeros
void pack(Index k, Index n, MatrixView B, Index width, Scalar* panels) {
    constexpr Index strip = 32;    // columns of B that are read together: two cache lines of each row
    for (Index first = 0; first < n; first += strip) {
        const Index columns = std::min(strip, n - first);
        const Scalar* source = B.data + first * B.column_stride;
        const auto column = [&](Index j) {    // where B[0, first + j] goes; B[p, first + j] stands p * width behind it
            return panels + (first + j - j % width) * k + j % width;
        };
        if (columns % width != 0) std::fill_n(column(columns - columns % width), k * width, Scalar(0));
        if (B.column_stride == 1) {
            for (Index p = 0; p < k; ++p)
                for (Index j = 0; j < columns; j += width)
                    std::copy_n(source + p * B.row_stride + j, std::min(width, columns - j),
                                panels + (first + j) * k + p * width);
            continue;
        }
        Index j = 0;
        if (B.row_stride == 1)    // a transposed B: 4 x 4 numbers at a time
            for (; j + 4 <= columns; j += 4) {
                Scalar* to = column(j);    // widths are multiples of 4: the four columns are neighbours there, too
                Index p = 0;
                for (; p + 4 <= k; p += 4)
                    transpose_4x4(source + j * B.column_stride + p, B.column_stride, to + p * width, width);
                for (; p < k; ++p)
                    for (Index i = 0; i < 4; ++i) to[p * width + i] = source[(j + i) * B.column_stride + p];
            }
        for (; j < columns; ++j)
            for (Index p = 0; p < k; ++p) column(j)[p * width] = source[j * B.column_stride + p * B.row_stride];
    }
}

// Room for `count` numbers at a multiple of 64 bytes: there, a vector register is never loaded from two cache lines.
Scalar* aligned_room(std::vector<Scalar>& room, Index count) {
    constexpr std::size_t line = 64;
    room.resize(static_cast<std::size_t>(count) + line / sizeof(Scalar));
    const auto behind_line = reinterpret_cast<std::uintptr_t>(room.data()) % line;
    return room.data() + (line - behind_line) % line / sizeof(Scalar);
}

MatrixView part(MatrixView matrix, Index row, Index column) {
    return {matrix.data + row * matrix.row_stride + column * matrix.column_stride, matrix.row_stride,
            matrix.column_stride};
}

void serial_gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride, bool add) {
    const Kernel& kernel = best_kernel();
    thread_local std::vector<Scalar> room_for_b, room_for_a;
    Scalar *b_panels = nullptr, *a_panels = nullptr;
    // Packing costs a pass over the matrix. B is left where it lies when few rows would use the copy; A is copied only
    // when it lies transposed, or when its rows are a multiple of 4 KB apart: then the numbers that a tile reads
    // together fight for the same places in the cache.
    const bool pack_b = B.column_stride != 1 || n % kernel.width != 0 || m > 64;
    const bool rows_collide = A.row_stride * static_cast<Index>(sizeof(Scalar)) % 4096 == 0;
    const bool pack_a = (A.column_stride != 1 || rows_collide) && n > 2 * kernel.width;
    for (Index j = 0; j < n; j += n_block) {
        const Index columns = std::min(n_block, n - j);
        for (Index p = 0; p < k; p += k_block) {
            const Index depth = std::min(k_block, k - p);
            if (pack_b) {
                const Index padded = (columns + kernel.width - 1) / kernel.width * kernel.width;
                b_panels = aligned_room(room_for_b, padded * depth);
                pack(depth, columns, part(B, p, j), kernel.width, b_panels);
            }
            for (Index block = 0; block < m; block += m_block) {
                const Index block_rows = std::min(m_block, m - block);
                const MatrixView block_of_a = part(A, block, p);
                if (pack_a) {    // A^T [depth, rows] in panels of 8 columns: the same copy as for B
                    a_panels = aligned_room(room_for_a, (block_rows + max_tile_rows) * depth);
                    pack(depth, block_rows, {block_of_a.data, A.column_stride, A.row_stride}, max_tile_rows, a_panels);
                }
                for (Index panel = 0; panel < columns; panel += kernel.width)
                    for (Index i = 0; i < block_rows; i += max_tile_rows) {
                        const Index rows = std::min(max_tile_rows, block_rows - i);
                        kernel.tiles[rows - 1](
                            {.k = depth,
                             .A = pack_a ? MatrixView{a_panels + i * depth, 1, max_tile_rows} : part(block_of_a, i, 0),
                             .B = pack_b ? b_panels + panel * depth : part(B, p, j + panel).data,
                             .b_stride = pack_b ? kernel.width : B.row_stride,
                             .C = C + (block + i) * c_stride + j + panel,
                             .c_stride = c_stride,
                             .columns = std::min(kernel.width, columns - panel),
                             .add_to_c = add || p > 0});
                    }
            }
        }
    }
}

}    // namespace

void gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride, bool add) {
    if (k == 0) {    // an empty sum
        if (add) return;
        for (Index i = 0; i < m; ++i) std::fill_n(C + i * c_stride, n, Scalar(0));
        return;
    }
    constexpr Index work_for_a_thread = 200'000;    // multiplications: about 4 microseconds
    const auto grain = [&](Index other) {
        return std::max<Index>(work_for_a_thread / std::max<Index>(other * k, 1), 1);
    };
    if (m >= n)    // each thread computes a band of rows, or of columns, whichever side is longer
        parallel_for(m, grain(n), [&](Index begin, Index end) {
            serial_gemm(end - begin, n, k, part(A, begin, 0), B, C + begin * c_stride, c_stride, add);
        });
    else
        parallel_for(n, grain(m), [&](Index begin, Index end) {
            serial_gemm(m, end - begin, k, A, part(B, 0, begin), C + begin, c_stride, add);
        });
}

}    // namespace ordinal
