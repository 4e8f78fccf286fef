// What one thread of this processor can do at most, to be measured: the roof over every kernel.
#pragma once

#include <ordinal/core/scalar.h>

namespace ordinal {

// Multiplications and additions on registers alone, in chains that are independent of each other. Returns their number.
double multiply_and_add(Index steps);

// Reads n numbers `times` times, and does nothing else worth mentioning. Returns the number of bytes.
double read_numbers(const Scalar* x, Index n, Index times);

}    // namespace ordinal
