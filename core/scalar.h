// The number type of the whole library.
//
// Everything is written once for Scalar. The normal build uses float, as deep learning does. The double build
// (CMake option ORDINAL_DOUBLE) compiles the same code with double, so that gradient checks, which need about
// 15 digits, test exactly the kernels that ship.
#pragma once

#include <cstdint>

namespace ordinal {

#ifdef ORDINAL_DOUBLE
using Scalar = double;
#else
using Scalar = float;
#endif

using Index = std::int64_t;    // sizes, positions, token ids: signed, so that i - 1 means what it says

}    // namespace ordinal
