// How the fast product works (the blocking follows Goto and van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication", ACM TOMS 2008):
//
//   1. C is cut into tiles of a few rows by two vectors. A tile lives in registers while k runs.
//   2. For that, B is first copied into panels, one tile wide, in exactly the order in which the tile reads them.
//   3. k is cut into blocks, so that a panel stays in the first-level cache while all rows of A pass by.
//      Where there are many, C is emptied into sums in double from time to time: a float would lose digits.
//   4. Threads get disjoint slices of C and never meet.
//
// Tiles are in core/fast/gemm_kernel.cpp, panels in core/fast/gemm_pack.h.
#include <ordinal/core/fast/gemm.h>

#include <algorithm>
#include <new>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/gemm_kernel.h>
#include <ordinal/core/fast/parallel.h>

namespace ordinal {

void naive_gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride, bool add,
                const Scalar* bias) {
    for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < n; ++j) {
            Scalar sum = 0;
            for (Index p = 0; p < k; ++p)
                sum += A.data[i * A.row_stride + p * A.column_stride] * B.data[p * B.row_stride + j * B.column_stride];
            C[i * c_stride + j] = (add ? C[i * c_stride + j] : bias != nullptr ? bias[j] : 0) + sum;
        }
}

namespace {

constexpr Index k_block = 256;     // a panel of 256 x 32 floats is 32 KB: it stays in the first-level cache
constexpr Index m_block = 240;     // 240 x 256 floats of A = 240 KB stay in the second level while all panels pass
constexpr Index n_block = 1024;    // the packed block of B, 1 MB
constexpr Index k_chunk = 4 * k_block, long_k = 4 * k_chunk;    // with long_k or less, C is never emptied

// Memory that a thread keeps for its next product. It has no destructor: a static object's own may multiply after
// main(), when those of the main thread's variables have run.
struct Room {
    static constexpr std::size_t line = 64;
    void* memory = nullptr;
    std::size_t bytes = 0;

    void release() {
        ::operator delete (memory, std::align_val_t{line});
        *this = Room();
    }

    // `count` numbers with arbitrary values, at a multiple of 64 bytes: there no register is loaded from two lines of
    // the cache.
    template <class T>
    T* numbers(Index count) {
        const std::size_t needed = (static_cast<std::size_t>(count) * sizeof(T) + line - 1) / line * line;
        if (bytes < needed) {
            release();
            const auto allocate = [&] {
                memory = ::operator new (needed, std::align_val_t{line});
                bytes = needed;
            };
            with_memory(allocate, "gemm: there is no memory for ", count, " numbers");
        }
        return static_cast<T*>(memory);
    }
};

struct Rooms {
    Room for_a, for_b, for_row, for_sums;
};
constinit thread_local Rooms kept;

// Made at a thread's first product, it gives back at the thread's end.
struct ReleasedAtTheEnd {
    ~ReleasedAtTheEnd() {
        for (Room* room : {&kept.for_a, &kept.for_b, &kept.for_row, &kept.for_sums}) room->release();
    }
};

Rooms& rooms_of_this_thread() {
    thread_local const ReleasedAtTheEnd at_the_end;
    static_cast<void>(at_the_end);
    return kept;
}

// A block of a matrix, copied into panels: `width` columns each, depth x width numbers.
struct Panels {
    const Scalar* data;
    Index depth, width;
    const Scalar* at(Index column) const { return data + column / width * panel_size(depth, width); }
};

// Copies B [depth, columns] by `pack`.
Panels packed_block(void (*pack)(Index, Index, MatrixView, Scalar*), Index depth, Index columns, Index width,
                    MatrixView B, Room& room) {
    auto* panels = room.numbers<Scalar>((columns + width - 1) / width * panel_size(depth, width));
    pack(depth, columns, B, panels);
    return {panels, depth, width};
}

MatrixView part(MatrixView matrix, Index row, Index column) {
    return {matrix.data + row * matrix.row_stride + column * matrix.column_stride, matrix.row_stride,
            matrix.column_stride};
}
// The blocks of a shared matrix lie one after the other, all as far apart as the first one is long.
Index room_for_block(const SharedMatrix& B) {
    const Index width = gemm_kernel().columns, columns = std::min(B.n, n_block);
    return (columns + width - 1) / width * panel_size(std::min(B.k, k_block), width);
}
Panels block_of(const SharedMatrix& B, Index row, Index column) {
    const Index before = column / n_block * ((B.k + k_block - 1) / k_block) + row / k_block;
    return {B.panels.get() + before * room_for_block(B), std::min(k_block, B.k - row), gemm_kernel().columns};
}

MatrixView transposed(MatrixView matrix) { return {matrix.data, matrix.column_stride, matrix.row_stride}; }

void serial_gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride, bool add,
                 const Scalar* bias, const SharedMatrix* shared = nullptr) {
    const GemmKernel& kernel = gemm_kernel();
    Rooms& rooms = rooms_of_this_thread();
    Panels a_panels{}, b_panels{};
    // One row uses every number of B once: nothing to pack, nothing to keep.
    const bool one_row = m == 1 && B.column_stride == 1;
    // Rows that are a multiple of 4 KB apart fight for the same places in the cache when some of them are read
    // together.
    const auto collide = [](Index stride) { return stride * static_cast<Index>(sizeof(Scalar)) % 4096 == 0; };
    // Packing costs a pass over the matrix. B is left where it lies when few rows would use the copy; A is copied only
    // when it lies transposed, or when its rows collide.
    const Index few = collide(B.row_stride) ? 2 * kernel.rows : 64;
    const bool pack_b = !shared && !one_row && (B.column_stride != 1 || n % kernel.columns != 0 || m > few);
    // A panel by which only a tile or two pass is read while it is still near.
    const Index n_step = one_row ? n : pack_b && m <= 2 * kernel.rows ? kernel.columns : n_block;
    const bool pack_a =
        (A.column_stride != 1 || collide(A.row_stride)) && std::min(n, n_step) > 2 * kernel.columns && !one_row;
    const bool is_long = k > long_k;
    const Index chunk = is_long ? k_chunk : k;    // of k, after which C is emptied
    for (Index j = 0; j < n; j += n_step) {
        const Index columns = std::min(n_step, n - j);
        double* const all_sums = is_long ? rooms.for_sums.numbers<double>(m * columns) : nullptr;
        if (is_long) std::fill_n(all_sums, m * columns, 0.0);
        for (Index p = 0; p < k; p += k_block) {
            const Index depth = std::min(k_block, k - p);
            const bool add_to_c = p % chunk != 0 || (add && p == 0), last = p + depth == k;
            if (shared) b_panels = block_of(*shared, p, j);
            if (pack_b)
                b_panels = packed_block(kernel.pack_b, depth, columns, kernel.columns, part(B, p, j), rooms.for_b);
            for (Index block = 0; block < m; block += m_block) {
                const Index rows = std::min(m_block, m - block);
                const MatrixView block_of_a = part(A, block, p);
                if (pack_a)
                    a_panels =
                        packed_block(kernel.pack_a, depth, rows, kernel.rows, transposed(block_of_a), rooms.for_a);
                Scalar* block_of_c = C + block * c_stride + j;
                const auto for_block = [=](auto f) {
                    for (Index i = 0; i < rows; ++i)
                        for (Index column = 0; column < columns; ++column)
                            f(block_of_c[i * c_stride + column], i, column);
                };
                if (one_row) {
                    Scalar *total = rooms.for_row.numbers<Scalar>(2 * columns), *sums = total + columns;
                    std::fill_n(total, columns, Scalar(0));
                    kernel.add_row(columns, depth, block_of_a.data, A.column_stride, part(B, p, j), sums, total);
                    for_block([=](Scalar& c, Index, Index column) { c = (add_to_c ? c : 0) + total[column]; });
                }
                for (Index panel = 0; panel < columns && !one_row; panel += kernel.columns)
                    for (Index i = 0; i < rows; i += kernel.rows)
                        kernel.tiles[std::min(kernel.rows, rows - i) - 1](
                            {.k = depth,
                             .A = pack_a ? MatrixView{a_panels.at(i), 1, kernel.rows} : part(block_of_a, i, 0),
                             .B = shared || pack_b ? b_panels.at(panel) : part(B, p, j + panel).data,
                             .b_stride = shared || pack_b ? kernel.columns : B.row_stride,
                             .C = block_of_c + i * c_stride + panel,
                             .c_stride = c_stride,
                             .columns = std::min(kernel.columns, columns - panel),
                             .add_to_c = add_to_c,
                             .bias = bias != nullptr && last && !is_long ? bias + j + panel : nullptr});
                if (is_long && (last || (p + depth) % chunk == 0))
                    for_block([=](Scalar& c, Index i, Index column) {
                        double& sum = all_sums[(block + i) * columns + column];
                        c = static_cast<Scalar>(sum += static_cast<double>(c));
                    });
                if (bias != nullptr && last && (one_row || is_long))
                    for_block([=](Scalar& c, Index, Index column) { c += bias[j + column]; });
            }
        }
    }
}

// How many rows (or columns) of C are worth a thread. They are also more than a few: past the border of a slice, caches
// fetch some rows in advance that another thread is writing, and with a small k that takes longer than the products.
Index grain(Index other, Index k) {
    constexpr Index work_for_a_thread = 250'000, sums_for_a_border = 4096;    // multiplications
    return std::max<Index>({work_for_a_thread / std::max<Index>(other * k, 1), sums_for_a_border / k, 1});
}

}    // namespace

void gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride, bool add,
          const Scalar* bias) {
    if (k == 0) return naive_gemm(m, n, k, A, B, C, c_stride, add, bias);    // an empty sum
    if (n == 1 && m > 1 && c_stride == 1 && bias == nullptr)    // a column is the row of the transposed product
        return gemm(1, m, k, transposed(B), transposed(A), C, m, add);
    if (m >= n)    // each thread computes a band of rows, or of columns, whichever side is longer
        parallel_for(m, grain(n, k), [&](Index begin, Index end) {
            serial_gemm(end - begin, n, k, part(A, begin, 0), B, C + begin * c_stride, c_stride, add, bias);
        });
    else
        parallel_for(n, grain(m, k), [&](Index begin, Index end) {
            serial_gemm(m, end - begin, k, A, part(B, 0, begin), C + begin, c_stride, add,
                        bias == nullptr ? nullptr : bias + begin);
        });
}

SharedMatrix packed(Index k, Index n, MatrixView B) {
    SharedMatrix shared{k, n, B};
    const Index blocks = ((k + k_block - 1) / k_block) * ((n + n_block - 1) / n_block);
    shared.panels = make_buffer(blocks * room_for_block(shared));
    for (Index j = 0; j < n; j += n_block)
        for (Index p = 0; p < k; p += k_block)
            gemm_kernel().pack_b(std::min(k_block, k - p), std::min(n_block, n - j), part(B, p, j),
                                 const_cast<Scalar*>(block_of(shared, p, j).data));
    return shared;
}

void shared_gemm(Index m, Index n, Index k, MatrixView A, const SharedMatrix& B, Scalar* C, Index c_stride) {
    if (k == 0 || B.panels == nullptr) return gemm(m, n, k, A, B.view, C, c_stride);
    parallel_for(m, grain(n, k), [&](Index begin, Index end) {
        serial_gemm(end - begin, n, k, part(A, begin, 0), B.view, C + begin * c_stride, c_stride, false, nullptr, &B);
    });
}

}    // namespace ordinal
