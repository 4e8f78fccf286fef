// GEMM, the general matrix product: the one hot kernel. Everything a Transformer spends its time on ends here.
#pragma once

#include <ordinal/core/scalar.h>

namespace ordinal {

// A matrix where it lies: element (i, j) is data[i * row_stride + j * column_stride].
// A transposed matrix is the same data with the strides exchanged, so a transpose costs nothing.
struct MatrixView {
    const Scalar* data;
    Index row_stride;
    Index column_stride;
};

// C = A B, or C += A B if add, or C = A B + bias: each row          A: [m, k]   B: [k, n]   C: [m, n], rows c_stride
// apart   bias: [n], or none.   The specification, as one writes it on paper. Slow; the tests hold gemm() against it.
void naive_gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride, bool add = false,
                const Scalar* bias = nullptr);

// The same product, blocked for the caches, in vector registers, on several threads. For an element of C the order of
// the additions depends on k alone: not on threads, nor on how many rows there are or how the matrices lie. Long sums
// do not lose digits: beyond a few thousand products they are kept in double. A bias is added last.
void gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride, bool add = false,
          const Scalar* bias = nullptr);

}    // namespace ordinal
