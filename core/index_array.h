// IndexArray: whole numbers in a shape. Token ids [B, T], targets, row numbers. They have no gradient.
#pragma once

#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/shape.h>

namespace ordinal {

struct IndexArray {
    Shape shape;
    std::vector<Index> values;    // row-major

    IndexArray() : shape{0} {}
    IndexArray(const Shape& s, std::vector<Index> v) : shape(s), values(std::move(v)) {
        require(shape.size() == static_cast<Index>(values.size()), "IndexArray: shape ", shape, " needs ", shape.size(),
                " values, got ", values.size());
    }
    Index size() const { return static_cast<Index>(values.size()); }
    Index operator[](Index i) const { return values[static_cast<std::size_t>(i)]; }
};

}    // namespace ordinal
