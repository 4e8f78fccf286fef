// The number type of the whole library.
//
// Everything is written once for Scalar. The normal build uses float, as deep learning does. The double build
// (CMake option ORDINAL_DOUBLE) compiles the same code with double, so that gradient checks, which need about
// 15 digits, test exactly the kernels that ship.
#pragma once

#include <cstdint>
#include <type_traits>

namespace ordinal {

#ifdef ORDINAL_DOUBLE
using Scalar = double;
#else
using Scalar = float;
#endif

using Index = std::int64_t;    // sizes, positions, token ids: signed, so that i - 1 means what it says

// A number of any type as an argument, converted to Scalar once: x * 2, x * 0.1 and x * x.dim(0) all mean what they
// say.
class Number {
public:
    template <class T>
    requires std::is_arithmetic_v<T> Number(T value) : value_(static_cast<Scalar>(value)) {}
    operator Scalar() const { return value_; }

private:
    Scalar value_;
};

}    // namespace ordinal
