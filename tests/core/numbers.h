// Numbers and arrays that many tests name.
#pragma once

#include <initializer_list>
#include <limits>

#include <ordinal/core/tensor.h>

namespace ordinal::testing {

constexpr bool is_double = sizeof(Scalar) == 8;
constexpr double epsilon = std::numeric_limits<Scalar>::epsilon();
constexpr Scalar infinity = std::numeric_limits<Scalar>::infinity();
constexpr Scalar not_a_number = std::numeric_limits<Scalar>::quiet_NaN();
constexpr Scalar untouched = 12345;    // what stands where nothing may be written

// A tolerance for each build.
constexpr double tolerance(double in_float, double in_double) { return is_double ? in_double : in_float; }

constexpr double wide(Scalar x) { return static_cast<double>(x); }

inline const NdArray counting_2_3({2, 3}, {0, 1, 2, 3, 4, 5});

inline Tensor parameter(std::initializer_list<Scalar> values) {
    return Tensor::parameter(NdArray({static_cast<Index>(values.size())}, values));
}

}    // namespace ordinal::testing
