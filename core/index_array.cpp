#include <ordinal/core/index_array.h>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/row_cursor.h>
#include <ordinal/core/nd_array.h>

namespace ordinal {

// The ids at the places that a view of an array of their shape shows.
template <class View>
static IndexArray ids_of(const IndexArray& ids, const char* who, View view) {
    const NdArray places = NdArray::uninitialized(ids.shape), shown = view(places);
    const Index columns = shown.shape().last(), step = RowCursor::step(shown.shape(), shown.strides());
    std::vector<Index> values = room_for<Index>(shown.size(), who);
    RowCursor row(shown.shape(), shown.strides());
    for (auto to = values.begin(); to != values.end(); row.next())
        for (Index j = 0; j < columns; ++j) *to++ = ids[shown.data() - places.data() + row.offset() + j * step];
    return {shown.shape(), std::move(values)};
}

IndexArray slice(const IndexArray& ids, Index axis, Slice range) {
    return ids_of(ids, "slice", [&](const NdArray& a) { return slice(a, axis, range); });
}

IndexArray select(const IndexArray& ids, Index axis, Index i) {
    return ids_of(ids, "select", [&](const NdArray& a) { return select(a, axis, i); });
}

}    // namespace ordinal
