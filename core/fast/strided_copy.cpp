#include <algorithm>

#include <ordinal/core/fast/elementwise.h>

namespace ordinal {

NdArray contiguous(const NdArray& a) {
    if (a.is_contiguous()) return a;
    NdArray out = NdArray::uninitialized(a.shape());
    Scalar* to = out.mutable_data();
    const Index columns = a.shape().last(), step = RowCursor::step(a.shape(), a.strides());
    for_rows(a.shape(), [&](Index begin, Index end) {
        RowCursor cursor(a.shape(), a.strides(), begin);
        for (Index row = begin; row < end; ++row, cursor.next()) {
            const Scalar* from = a.data() + cursor.offset();
            Scalar* row_of_copy = to + row * columns;
            if (step == 1)
                std::copy_n(from, columns, row_of_copy);
            else if (step == 0)
                std::fill_n(row_of_copy, columns, *from);
            else
                for (Index j = 0; j < columns; ++j) row_of_copy[j] = from[j * step];
        }
    });
    return out;
}

}    // namespace ordinal
