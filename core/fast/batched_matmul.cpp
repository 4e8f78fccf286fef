// The product of arrays, matmul (core/nd_math.h): one gemm for each pair of matrices.
#include <algorithm>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/fast/row_cursor.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

static MatrixView last_two_axes(const NdArray& a, Index offset) {
    return {a.data() + offset, a.strides()[a.ndim() - 2], a.strides()[a.ndim() - 1]};
}

static Shape batch_axes(const NdArray& a) { return Shape(std::span(a.shape().begin(), a.shape().end() - 2)); }

static Shape with_matrix(const Shape& batch, Index rows, Index columns) {
    return batch.with(batch.ndim(), rows).with(batch.ndim() + 1, columns);
}

NdArray matmul(const NdArray& a, const NdArray& b) {
    require(a.ndim() >= 2 && b.ndim() >= 2 && a.dim(-1) == b.dim(-2),
            "matmul: expected A [..., m, k] and B [..., k, n], got A ", a.shape(), " and B ", b.shape());
    const Index m = a.dim(-2), k = a.dim(-1), n = b.dim(-1);
    const Shape batch = broadcast_shapes(batch_axes(a), batch_axes(b), "matmul");
    NdArray out = NdArray::uninitialized(with_matrix(batch, m, n));
    Scalar* to = out.mutable_data();
    const NdArray wide_a = broadcast_to(a, with_matrix(batch, m, k)),
                  wide_b = broadcast_to(b, with_matrix(batch, k, n));

    // The offset of matrix i of a batch is that of "row" i of the batch axes with one axis of size 1 behind them.
    const Shape matrices = with_matrix(batch, 1, 1);
    const Index grain = std::max<Index>(200'000 / std::max<Index>(m * n * k, 1), 1);    // products, about 5 us
    parallel_for(batch.size(), batch.size() > 1 ? grain : 2, [&](Index begin, Index end) {
        RowCursor cursor_a(matrices, wide_a.strides(), begin), cursor_b(matrices, wide_b.strides(), begin);
        for (Index i = begin; i < end; ++i, cursor_a.next(), cursor_b.next())
            gemm(m, n, k, last_two_axes(wide_a, cursor_a.offset()), last_two_axes(wide_b, cursor_b.offset()),
                 to + i * m * n, n);
    });
    return out;
}

}    // namespace ordinal
