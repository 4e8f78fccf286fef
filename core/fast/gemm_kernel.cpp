// The tile is written once, with GNU vectors (`acc += a * b` on a whole register), and compiled for three instruction
// sets. This file, and the roof over it (core/fast/machine_limits.cpp), are compiled so that a multiplication and an
// addition become one instruction.
#include <ordinal/core/fast/gemm_kernel.h>

#include <algorithm>

#include <ordinal/core/fast/gemm_pack.h>
#include <ordinal/core/fast/instruction_set.h>

namespace ordinal {
namespace {

template <int bytes, int rows>
[[gnu::always_inline]] inline void tile(const TileWork& work) {
    typedef Scalar Vector __attribute__((vector_size(bytes), aligned(alignof(Scalar)), may_alias));
    constexpr int width = 2 * lanes_of(bytes);
    const Scalar *a = work.A.data, *b = work.B;
    const Index a_row = work.A.row_stride, a_column = work.A.column_stride;
    Vector total[rows][2]{};
    for (Index p = 0; p < work.k;) {
        Vector acc[rows][2];
#pragma GCC unroll 8
        for (int i = 0; i < rows; ++i) acc[i][0] = acc[i][1] = Vector{};
        for (const Index stop = std::min(p + GemmKernel::chain, work.k); p < stop; ++p) {
            const Vector b0 = reinterpret_cast<const Vector*>(b)[0], b1 = reinterpret_cast<const Vector*>(b)[1];
#pragma GCC unroll 8
            for (int i = 0; i < rows; ++i) {
                acc[i][0] += a[i * a_row] * b0;
                acc[i][1] += a[i * a_row] * b1;
            }
            a += a_column;
            b += work.b_stride;
        }
#pragma GCC unroll 8
        for (int i = 0; i < rows; ++i) {
            total[i][0] += acc[i][0];
            total[i][1] += acc[i][1];
        }
    }
    // At the right edge of C a tile may be too wide: there it is written to `edge`, and what is wanted of it to C.
    const bool whole = work.columns == width;
    Scalar edge[rows * width];
    Scalar* c = whole ? work.C : edge;
    const Index c_stride = whole ? work.c_stride : width;
    const bool add = whole && work.add_to_c;
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
        Vector* to = reinterpret_cast<Vector*>(c + i * c_stride);
        to[0] = add ? to[0] + total[i][0] : total[i][0];
        to[1] = add ? to[1] + total[i][1] : total[i][1];
    }
    const Scalar* bias = work.bias;
    for (int i = 0; whole && bias != nullptr && i < rows; ++i) {
        Vector* to = reinterpret_cast<Vector*>(c + i * c_stride);
        to[0] += reinterpret_cast<const Vector*>(bias)[0];
        to[1] += reinterpret_cast<const Vector*>(bias)[1];
    }
    if (whole) return;
    for (int i = 0; i < rows; ++i) {
        const Scalar* from = edge + i * width;
        Scalar* to = work.C + i * work.c_stride;
        for (Index j = 0; j < work.columns; ++j) {
            to[j] = work.add_to_c ? to[j] + from[j] : from[j];
            if (bias != nullptr) to[j] += bias[j];
        }
    }
}

// Eight rows of B go by at a time, each read in the order in which it lies: memory likes that, and the sums of a chain
// are fetched and stored eight times less often. The first rows of a chain begin its sums, the last ones end it.
template <int together, bool begins, bool ends>
[[gnu::always_inline]] inline void add_rows(Index n, const Scalar* a, Index a_stride, MatrixView B,
                                            Scalar* __restrict sums, Scalar* __restrict total) {
    Scalar factors[together];
    for (Index i = 0; i < together; ++i) factors[i] = a[i * a_stride];
    for (Index j = 0; j < n; ++j) {
        Scalar sum = begins ? 0 : sums[j];
#pragma GCC unroll 8
        for (Index i = 0; i < together; ++i) sum += factors[i] * B.data[i * B.row_stride + j];
        if constexpr (ends)
            total[j] += sum;
        else
            sums[j] = sum;
    }
}

// One row of A, chain by chain as in a tile: the same bits.
[[gnu::always_inline]] inline void add_row(Index n, Index k, const Scalar* a, Index a_stride, MatrixView B,
                                           Scalar* sums, Scalar* total) {
    constexpr Index together = 8, chain = GemmKernel::chain;
    const auto from = [=](Index p) { return MatrixView{B.data + p * B.row_stride, B.row_stride, 1}; };
    Index p = 0;
    while (p + chain <= k) {
        const Index last = p + chain - together;
        add_rows<together, true, false>(n, a + p * a_stride, a_stride, from(p), sums, total);
        for (p += together; p < last; p += together)
            add_rows<together, false, false>(n, a + p * a_stride, a_stride, from(p), sums, total);
        add_rows<together, false, true>(n, a + p * a_stride, a_stride, from(p), sums, total);
        p += together;
    }
    if (p == k) return;
    std::fill_n(sums, n, Scalar(0));    // a shorter chain at the end
    for (; p + together <= k; p += together)
        add_rows<together, false, false>(n, a + p * a_stride, a_stride, from(p), sums, total);
    for (; p < k; ++p) add_rows<1, false, false>(n, a + p * a_stride, a_stride, from(p), sums, total);
    for (Index j = 0; j < n; ++j) total[j] += sums[j];
}

}    // namespace

// A tile needs two registers for each of its rows, two for B and one for A. There are 32 with AVX-512 and on most
// processors of other makes, and 16 before AVX-512.
const GemmKernel& gemm_kernel() {
    static const GemmKernel narrow{4,
                                   2 * lanes_of(16),
                                   {tile<16, 1>, tile<16, 2>, tile<16, 3>, tile<16, 4>},
                                   detail::pack<lanes_of(16), 4>,
                                   detail::pack<lanes_of(16), 2 * lanes_of(16)>,
                                   add_row};
#if defined(__x86_64__)
    static const GemmKernel middle{6,
                                   2 * lanes_of(32),
                                   {avx2<tile<32, 1>>, avx2<tile<32, 2>>, avx2<tile<32, 3>>, avx2<tile<32, 4>>,
                                    avx2<tile<32, 5>>, avx2<tile<32, 6>>},
                                   avx2<detail::pack<lanes_of(32), 6>>,
                                   avx2<detail::pack<lanes_of(32), 2 * lanes_of(32)>>,
                                   avx2<add_row>};
    static const GemmKernel wide{8,
                                 2 * lanes_of(64),
                                 {avx512<tile<64, 1>>, avx512<tile<64, 2>>, avx512<tile<64, 3>>, avx512<tile<64, 4>>,
                                  avx512<tile<64, 5>>, avx512<tile<64, 6>>, avx512<tile<64, 7>>, avx512<tile<64, 8>>},
                                 avx512<detail::pack<lanes_of(64), 8>>,
                                 avx512<detail::pack<lanes_of(64), 2 * lanes_of(64)>>,
                                 avx512<add_row>};
    if (instruction_set() == InstructionSet::avx512) return wide;
    if (instruction_set() == InstructionSet::avx2) return middle;
#endif
    return narrow;
}

}    // namespace ordinal
