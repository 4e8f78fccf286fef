// Printing for explain(): the first few numbers of a vector.
#pragma once

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <span>

#include <ordinal/core/scalar.h>

namespace ordinal {

constexpr Index numbers_shown = 4;

// [+0.0123, -0.5000, +1.0000, -0.2500, ... 64 numbers]
struct Shown {
    std::span<const Scalar> numbers;
};

inline std::ostream& operator<<(std::ostream& out, const Shown& vector) {
    const auto flags = out.flags();
    const auto precision = out.precision(4);
    out << std::fixed << '[';
    const auto count = static_cast<Index>(vector.numbers.size());
    for (Index i = 0; i < std::min(count, numbers_shown); ++i)
        out << (i ? ", " : "") << std::showpos << vector.numbers[static_cast<std::size_t>(i)] << std::noshowpos;
    if (count > numbers_shown) out << ", ... " << count << " numbers";
    out << ']';
    out.flags(flags);
    out.precision(precision);
    return out;
}

}    // namespace ordinal
