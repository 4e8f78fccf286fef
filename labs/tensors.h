// Between the kit's arrays, which travel on the wire, and Ordinal's. For drivers.
#pragma once

#include <ordinal/core.h>

#include "driver.h"

namespace lab {

inline ordinal::NdArray to_ordinal(const Array& a) {
    ordinal::NdArray values =
        ordinal::zeros(ordinal::Shape(std::vector<ordinal::Index>(a.shape.begin(), a.shape.end())));
    ordinal::Scalar* to = values.mutable_data();
    for (const double value : a.values) *to++ = static_cast<ordinal::Scalar>(value);
    return values;
}

inline std::vector<ordinal::Index> to_indices(const Array& a) {
    std::vector<ordinal::Index> indices;
    for (const double value : a.values) indices.push_back(std::lround(value));
    return indices;
}

inline ordinal::IndexArray to_index_array(const Array& a) { return {to_ordinal(a).shape(), to_indices(a)}; }

inline Array to_wire(const ordinal::NdArray& values) {
    Array a;
    for (int axis = 0; axis < values.ndim(); ++axis) a.shape.push_back(values.dim(axis));
    for (const ordinal::Scalar value : values.to_vector()) a.values.push_back(static_cast<double>(value));
    return a;
}

inline Array to_wire(const ordinal::IndexArray& ids) {
    Array a;
    for (int axis = 0; axis < ids.shape.ndim(); ++axis) a.shape.push_back(ids.shape[axis]);
    a.values.assign(ids.values.begin(), ids.values.end());
    return a;
}

template <class Number>
Array to_wire(const std::vector<Number>& values) {
    return {{static_cast<long>(values.size())}, {values.begin(), values.end()}};
}

}    // namespace lab
