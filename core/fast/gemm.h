// GEMM, the general matrix product: the one hot kernel. Everything a Transformer spends its time on ends here.
#pragma once

#include <memory>

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

// B [k, n] for several products: as the kernel reads it, copied once; or, without panels, where it lies.
struct SharedMatrix {
    Index k, n;
    MatrixView view;
    std::shared_ptr<Scalar[]> panels = nullptr;
};
SharedMatrix packed(Index k, Index n, MatrixView B);

// C = A B for the first k rows and n columns of B: the same bits as above.
void shared_gemm(Index m, Index n, Index k, MatrixView A, const SharedMatrix& B, Scalar* C, Index c_stride);

}    // namespace ordinal
