// The sum over any axes, for all sums of the library: sum_to_shape (core/nd_math.h).
#include <algorithm>
#include <utility>
#include <vector>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

// Neighbouring axes with one fate, to be summed or to be kept, are one axis. Then output row i is row i of `kept`, the
// rows of `summed` are what is added up for it, and both stand at the same strides.
struct Reduction {
    std::vector<Index> kept, summed;    // one of the two is 1 at each axis
    Reduction(const Shape& from, const Shape& to) {
        for (int axis = 0; axis < from.ndim(); ++axis) {
            const Index size = from[axis];
            if (size == 1) continue;
            const int own = axis - from.ndim() + to.ndim();    // shapes are aligned at the right
            const bool keep = own >= 0 && to[own] == size;
            if (kept.empty() || (keep ? summed : kept).back() != 1) {
                kept.push_back(1);
                summed.push_back(1);
            }
            (keep ? kept : summed).back() *= size;
        }
    }
};

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
    const Reduction reduction(whole.shape(), shape);
    const Shape kept(reduction.kept), summed(reduction.summed);
    const NdArray a = reshape(whole, broadcast_shapes(kept, summed, "sum_to_shape"));
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
    const auto grain = [&](Index other) { return elements_for_a_thread / (other * terms) + 1; };
    if (rows >= columns)
        parallel_for(rows, grain(columns), [&](Index begin, Index end) {
            RowCursor row(kept, a.strides(), begin);
            for (Index i = begin; i < end; ++i, row.next())
                sum_block(a.data() + row.offset(), to + i * columns, columns);
        });
    else
        parallel_for(columns, std::max<Index>(grain(rows), 64), [&](Index begin, Index end) {
            RowCursor row(kept, a.strides());
            for (Index i = 0; i < rows; ++i, row.next())
                sum_block(a.data() + row.offset() + begin, to + i * columns + begin, end - begin);
        });
    return out;
}

}    // namespace ordinal
