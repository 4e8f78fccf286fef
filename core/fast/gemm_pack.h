// Copies of a matrix for the product: panels, in exactly the order in which a tile reads them. Written once, with GNU
// vectors, and compiled for three instruction sets in core/fast/gemm_kernel.cpp.
#pragma once

#include <algorithm>
#include <utility>

#include <ordinal/core/fast/gemm_kernel.h>

namespace ordinal::detail {

typedef Scalar Quad __attribute__((vector_size(4 * sizeof(Scalar)), aligned(alignof(Scalar)), may_alias));

// to[width] = from[width], without the call that std::copy_n would be
template <int width>
[[gnu::always_inline]] inline void copy_row(const Scalar* from, Scalar* to) {
    constexpr int quads = width / 4;
#pragma GCC unroll 8
    for (int i = 0; i < quads; ++i) reinterpret_cast<Quad*>(to)[i] = reinterpret_cast<const Quad*>(from)[i];
    for (int i = 4 * quads; i < width; ++i) to[i] = from[i];
}

// out = the numbers a, b, c, d of each four of x and y, where 4 to 7 are y's; `lane` counts the lanes of a vector
template <int a, int b, int c, int d, class Vector, int... lane>
[[gnu::always_inline]] inline void mix(const Vector& x, const Vector& y, Vector& out,
                                       std::integer_sequence<int, lane...>) {
    constexpr int from[4] = {a, b, c, d}, lanes = sizeof...(lane);
    out = __builtin_shufflevector(x, y, (lane / 4 * 4 + from[lane % 4] % 4 + from[lane % 4] / 4 * lanes)...);
}

// out = x and y, one behind the other
template <class Half, class Vector, int... lane>
[[gnu::always_inline]] inline void join(const Half& x, const Half& y, Vector& out,
                                        std::integer_sequence<int, lane...>) {
    out = __builtin_shufflevector(x, y, lane...);
}

// out = four numbers each of the rows 0, 4, 8, ... of `from`
template <int lanes, class Vector>
[[gnu::always_inline]] inline void load_fours(const Scalar* from, Index stride, Vector& out) {
    if constexpr (lanes == 4) {
        out = *reinterpret_cast<const Quad*>(from);
    } else {
        typedef Scalar Half __attribute__((vector_size(lanes / 2 * sizeof(Scalar))));
        Half x, y;
        load_fours<lanes / 2>(from, stride, x);
        load_fours<lanes / 2>(from + lanes / 2 * stride, stride, y);
        join(x, y, out, std::make_integer_sequence<int, lanes>());
    }
}

// to[4, lanes] = from[lanes, 4]^T, in registers: lanes / 4 squares of 4 x 4 numbers side by side
template <int lanes>
[[gnu::always_inline]] inline void transpose(const Scalar* from, Index from_stride, Scalar* to, Index to_stride) {
    typedef Scalar Vector __attribute__((vector_size(lanes * sizeof(Scalar))));
    typedef Scalar Stored __attribute__((vector_size(lanes * sizeof(Scalar)), aligned(alignof(Scalar)), may_alias));
    constexpr auto all = std::make_integer_sequence<int, lanes>();
    Vector row0, row1, row2, row3, low01, low23, high01, high23, column;
    load_fours<lanes>(from, from_stride, row0);
    load_fours<lanes>(from + from_stride, from_stride, row1);
    load_fours<lanes>(from + 2 * from_stride, from_stride, row2);
    load_fours<lanes>(from + 3 * from_stride, from_stride, row3);
    mix<0, 4, 1, 5>(row0, row1, low01, all);
    mix<0, 4, 1, 5>(row2, row3, low23, all);
    mix<2, 6, 3, 7>(row0, row1, high01, all);
    mix<2, 6, 3, 7>(row2, row3, high23, all);
    mix<0, 1, 4, 5>(low01, low23, column, all);
    *reinterpret_cast<Stored*>(to) = column;
    mix<2, 3, 6, 7>(low01, low23, column, all);
    *reinterpret_cast<Stored*>(to + to_stride) = column;
    mix<0, 1, 4, 5>(high01, high23, column, all);
    *reinterpret_cast<Stored*>(to + 2 * to_stride) = column;
    mix<2, 3, 6, 7>(high01, high23, column, all);
    *reinterpret_cast<Stored*>(to + 3 * to_stride) = column;
}

// panels <- B[k, n], cut into panels of `width` columns, each k x width; the last one is filled up with zeros
template <int lanes, int width>
[[gnu::always_inline]] inline void pack(Index k, Index n, MatrixView B, Scalar* panels) {
    constexpr int together = std::min(std::max(lanes, 4), width / 4 * 4);
    const Index whole = n / width * width;
    const auto panel = [&](Index j) { return panels + j / width * panel_size(k, width); };
    const auto pack_columns = [&](Index begin, Index end) {    // one number at a time
        for (Index j = begin; j < end; ++j)
            for (Index p = 0; p < k; ++p)
                panel(j)[p * width + j % width] = B.data[j * B.column_stride + p * B.row_stride];
    };
    if (B.column_stride == 1) {    // along the rows of B: memory is read in the order in which it lies
        for (Index p = 0; p < k; ++p)
            for (Index j = 0; j < whole; j += width)
                copy_row<width>(B.data + p * B.row_stride + j, panel(j) + p * width);
    } else if (B.row_stride == 1) {    // a transposed B: 4 rows of some columns at a time
        for (Index j = 0; j < whole; j += width)
            for (Index next = 0; next < width; next += together) {
                const Index first = std::min<Index>(next, width - together);    // some twice, where it does not fit
                const Scalar* from = B.data + (j + first) * B.column_stride;
                Scalar* to = panel(j) + first;
                Index p = 0;
                for (; p + 4 <= k; p += 4) transpose<together>(from + p, B.column_stride, to + p * width, width);
                for (; p < k; ++p)
                    for (Index i = 0; i < together; ++i) to[p * width + i] = from[i * B.column_stride + p];
            }
    } else {
        pack_columns(0, whole);
    }
    if (whole == n) return;
    std::fill_n(panel(whole), k * width, Scalar(0));
    pack_columns(whole, n);
}

}    // namespace ordinal::detail
