// What the tests of schemes that add to the input share: their vectors, as plain arrays.
#pragma once

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/tables/extend_table.h>

namespace ordinal::testing {

// One row for each position.                                                                     [T, D]
inline NdArray codes(const Encoding& encoding, const Positions& positions) {
    NoGrad guard;
    return encoding.vectors(positions).values();
}
inline NdArray codes(const Encoding& encoding, Index length) { return codes(encoding, Positions::arange(length)); }

// What the first layer sees of the tokens x.                                                     [B, T, D]
inline NdArray input_of(const Encoding& encoding, const NdArray& x) {
    return encoding.apply_to_input(Tensor(x), Positions::arange(x.dim(1)), Mode::evaluation()).values();
}

inline NdArray extended(const NdArray& P, Index length, const Extension& extension) {
    Rng rng(5);
    return extend_table(Tensor(P), length, extension, rng).values();
}

}    // namespace ordinal::testing
