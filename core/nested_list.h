// Numbers in braces: {1, 2, 3} or {{1, 2}, {3, 4}}. Braces are values, always: {2, 3} is the row 2, 3 and no shape.
#pragma once

#include <initializer_list>
#include <type_traits>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/shape.h>

namespace ordinal {

// A number, or a list of lists of equal shapes.   T: Scalar, or Index, which takes whole numbers only
template <class T>
struct NestedList {
    Shape shape;
    std::vector<T> values;    // row-major

    template <class U>
    requires(std::is_integral_v<U> || (std::is_floating_point_v<U> && std::is_floating_point_v<T>)) NestedList(U number)
        : values{static_cast<T>(number)} {}

    NestedList(std::initializer_list<NestedList> rows) {
        const Shape first = rows.size() > 0 ? rows.begin()->shape : Shape{};
        for (const NestedList& row : rows) {
            require(row.shape == first, "values in braces: expected rows of one shape, got ", first, " and ",
                    row.shape);
            values.insert(values.end(), row.values.begin(), row.values.end());
        }
        shape = first.with(0, static_cast<Index>(rows.size()));
    }
};

}    // namespace ordinal
