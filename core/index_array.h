// IndexArray: whole numbers in a shape. Token ids [B, T], targets, row numbers. They have no gradient.
#pragma once

#include <iosfwd>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/nested_list.h>
#include <ordinal/core/shape.h>

namespace ordinal {

struct IndexArray {
    Shape shape;
    std::vector<Index> values;    // row-major

    IndexArray() : shape{0} {}
    IndexArray(std::initializer_list<NestedList<Index>> rows) {    // {3, 1} -> [2], {{3}, {1}} -> [2, 1]
        const NestedList<Index> list(rows);
        shape = list.shape;
        values = list.values;
    }
    IndexArray(const Shape& s, std::vector<Index> v) : shape(s), values(std::move(v)) {
        require(shape.size() == static_cast<Index>(values.size()), "IndexArray: shape ", shape, " needs ", shape.size(),
                " values, got ", values.size());
    }
    Index size() const { return static_cast<Index>(values.size()); }
    // The i-th value in row-major order, whatever the shape; a row of [B, T] is select(ids, 0, b).
    Index operator[](Index i) const {
        return values[static_cast<std::size_t>(normalize_index(i, size(), 0, "IndexArray"))];
    }
    bool operator==(const IndexArray& other) const = default;
};

IndexArray slice(const IndexArray& ids, Index axis, Slice range);    // entries of an axis, as in Python; a copy
IndexArray select(const IndexArray& ids, Index axis, Index i);       // entry i of an axis, which goes

std::ostream& operator<<(std::ostream& out, const IndexArray& ids);    // as NumPy prints whole numbers

}    // namespace ordinal
