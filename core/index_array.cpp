#include <ordinal/core/index_array.h>

#include <functional>
#include <numeric>

namespace ordinal {

// Seen as [outer, size of the axis, inner], an entry of the axis is one stretch of `inner` values in each outer row.
IndexArray slice(const IndexArray& ids, Index axis, Slice range) {
    const int which = normalize_axis(axis, ids.shape.ndim(), "slice");
    const auto [first, count] = range.of_axis(ids.shape[which]);
    const Index size = ids.shape[which];
    Shape shape = ids.shape;
    shape[which] = count;
    const Index inner = std::accumulate(shape.begin() + which + 1, shape.end(), Index(1), std::multiplies<>());
    std::vector<Index> values;
    for (Index outer = 0; outer < ids.size(); outer += size * inner)
        for (Index k = 0; k < count; ++k) {
            const auto begin = ids.values.begin() + outer + (first + k * range.step) * inner;
            values.insert(values.end(), begin, begin + inner);
        }
    return {shape, std::move(values)};
}

IndexArray select(const IndexArray& ids, Index axis, Index i) {
    const int which = normalize_axis(axis, ids.shape.ndim(), "select");
    const Index entry = normalize_index(i, ids.shape[which], which, "select");
    std::vector<Index> sizes(ids.shape.begin(), ids.shape.end());
    sizes.erase(sizes.begin() + which);
    return {Shape(std::span<const Index>(sizes)), slice(ids, which, entry, entry + 1).values};
}

}    // namespace ordinal
