// The sum over any axes, for all sums of the library: sum_to_shape (core/nd_math.h).
#include <algorithm>

#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

NdArray sum_to_shape(const NdArray& whole, const Shape& shape, double divisor) {
    if (whole.shape() == shape && divisor == 1) return whole;
    require(broadcast_shapes(shape, whole.shape(), "sum_to_shape") == whole.shape(), "sum_to_shape: ", shape,
            " does not broadcast to ", whole.shape());
    NdArray out(shape);
    if (whole.size() == 0) return out;                 // empty sums
    if (out.size() == 1 && whole.is_contiguous()) {    // as below, without the way there: small graphs end in a sum
        *out.mutable_data() = static_cast<Scalar>(kernels::sum(whole.data(), whole.size()) / divisor);
        return out;
    }
    // An axis of `whole` is summed where the result stands still, and kept where it moves. Output row i is row i of
    // `kept`, the rows of `summed` are what is added up for it, and both stand at the same strides.
    const JoinedAxes axes(whole.shape(), row_major_strides(whole.shape()), broadcast_to(out, whole.shape()).strides());
    Shape kept = axes.shape, summed = axes.shape;
    for (int axis = 0; axis < kept.ndim(); ++axis) (axes.b[axis] == 0 ? kept : summed)[axis] = 1;
    const NdArray a = reshape(whole, axes.shape);
    Scalar* to = out.mutable_data();
    const Index rows = RowCursor::rows(kept), columns = kept.last(), terms = a.size() / out.size(),
                rows_of_terms = RowCursor::rows(summed);

    // Threads take disjoint outputs and add up all terms of each in one fixed order.
    const auto sum_block = [&](const Scalar* from, Scalar* sums, Index n) {
        constexpr Index most = 4096;
        double totals[most];    // in the first-level cache while the rows stream by
        for (Index begin = 0; begin < n; begin += most) {
            const Index width = std::min(most, n - begin);
            std::fill_n(totals, width, 0.0);
            RowCursor term(summed, a.strides());
            for (Index row = 0; row < rows_of_terms; ++row, term.next())
                if (summed.last() == 1)    // a row is added to a row
                    kernels::add_to(from + term.offset() + begin, totals, width);
                else    // a row becomes one number
                    totals[0] += kernels::sum(from + term.offset(), summed.last());
            for (Index j = 0; j < width; ++j) sums[begin + j] = static_cast<Scalar>(totals[j] / divisor);
        }
    };
    for_blocks(rows, columns, elements_for_a_thread / terms, [&](Index first, Index last, Index begin, Index end) {
        RowCursor row(kept, a.strides(), first);
        for (Index i = first; i < last; ++i, row.next())
            sum_block(a.data() + row.offset() + begin, to + i * columns + begin, end - begin);
    });
    return out;
}

}    // namespace ordinal
