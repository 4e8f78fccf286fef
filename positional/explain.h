// What explain() and narrate() are made of: the numbers that the batch has for a position, and the first few of a
// vector in print.
#pragma once

#include <algorithm>
#include <iomanip>
#include <locale>
#include <ostream>
#include <sstream>
#include <vector>

#include <ordinal/positional/encoding.h>

namespace ordinal {

// What the batch computes for position k, in the form of Encoding::explain. A place inside attention comes before the
// input, and scores before queries.
NdArray computed_in_batch(const Encoding& encoding, Index k, const EncodingRequest& sizes);

// Explaining goes step by step, so it has an end whatever the scheme.
inline void require_explainable(const char* who, Index k) {
    require<PositionOutOfRange>(0 <= k && k < most_computed, who, ": positions are explained step by step, from 0 to ",
                                most_computed - 1, ", got ", k);
}

// [+0.0123, -0.5000, +1.0000, -0.2500, ... 64 numbers]
struct FirstNumbers {
    explicit FirstNumbers(std::vector<Scalar> vector) : numbers(std::move(vector)) {}
    explicit FirstNumbers(const NdArray& array) : numbers(array.to_vector()) {}
    std::vector<Scalar> numbers;
};

inline std::ostream& operator<<(std::ostream& out, const FirstNumbers& vector) {
    constexpr std::size_t shown = 4;
    std::ostringstream text;    // of its own: whatever locale and flags `out` has
    text.imbue(std::locale::classic());
    text << std::fixed << std::setprecision(4) << std::showpos << '[';
    for (std::size_t i = 0; i < std::min(vector.numbers.size(), shown); ++i)
        text << (i ? ", " : "") << vector.numbers[i];
    text << std::noshowpos;
    if (vector.numbers.size() > shown) text << ", ... " << vector.numbers.size() << " numbers";
    return out << text.str() << ']';
}

}    // namespace ordinal
