#include <ordinal/core/fast/row_cursor.h>
#include <ordinal/core/nd_array.h>

namespace ordinal {

NdArray contiguous(const NdArray& a) {
    if (a.is_contiguous()) return a;
    NdArray out = NdArray::uninitialized(a.shape());
    Scalar* to = out.mutable_data();
    const Index columns = a.shape().last(), step = RowCursor::step(a.shape(), a.strides());
    RowCursor cursor(a.shape(), a.strides());
    for (Index row = 0; row < RowCursor::rows(a.shape()); ++row, cursor.next()) {
        const Scalar* from = a.data() + cursor.offset();
        for (Index j = 0; j < columns; ++j) *to++ = from[j * step];
    }
    return out;
}

}    // namespace ordinal
