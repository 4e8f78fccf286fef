// Lab R: a real BERT. The page, README.md, says what each function is for; ./go lab R --for NAME says what your
// conventions are (which row padding reads, how many rows are trusted).
// INSTRUCTOR-ONLY
#pragma once

#include <algorithm>
#include <vector>

#include <ordinal/core.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

namespace conventions {
constexpr Index pad_row = RULE_pad_row, trusted = RULE_trusted;
}    // namespace conventions

// What enters the encoder: of each token its word's vector, the vector of the segment, and the row that it reads.
// words: [V, D], segments: [2, D], row 0 of them is the first sentence's, and we have no second one; rows: [n, D], the
// table of positions; ids: [B, T], places: [B, T], a row of the table for each token -> [B, T, D].
// gather_rows(table, ids) looks rows up, with its gradient; segments[0] is row 0.
inline Tensor look_up(const Tensor& words, const Tensor& segments, const Tensor& rows, const IndexArray& ids,
                      const IndexArray& places) {
    return gather_rows(words, ids) + segments[0] + gather_rows(rows, places);
}

// Which row each token reads, if text b begins at starts[b]: [B, T], T the longest text's length. Token 0 is [CLS] and
// stays at row 0; token t of text b is told that it stands at row starts[b] + t; the padding behind a text reads one
// row for all (your convention). n: the rows that there are. A token that would read another row is an OptionError that
// names the row and n. Padding is never one.
inline IndexArray places(const std::vector<Index>& lengths, const std::vector<Index>& starts, Index n) {
    const Index B = std::ssize(lengths), T = *std::ranges::max_element(lengths);
    std::vector<Index> rows;
    for (std::size_t b = 0; b < lengths.size(); ++b)
        for (Index t = 0; t < T; ++t) {
            Index row;
            if (t == 0)
                row = 0;
            else if (t >= lengths[b])
                row = conventions::pad_row;
            else {
                row = starts[b] + t;
                require<OptionError>(row < n, "places: text ", b, " begins at ", starts[b], ", and ",
                                     "there is no row ", row, " in a table of ", n, " rows");
            }
            rows.push_back(row);
        }
    return {{B, T}, rows};
}

// Your own extension, Q = W P, W: [m, n]. Rows 0 to `trusted` (your convention) of Q are those of P. What comes behind
// them is yours: mixtures of rows 1 to `trusted`, that add up to 1.     trusted < n, trusted < m
inline NdArray longer(Index n, Index m) {
    NdArray W = zeros({m, n});
    for (Index k = 0; k < m; ++k) W.set({k, k == 0 ? 0 : 1 + (k - 1) % conventions::trusted}, 1);    // again and again
    return W;
}

}    // namespace mine
