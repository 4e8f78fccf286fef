// Lab 4: the table, and row 512. The page, README.md, says what each function is for; ./go lab 4 --for NAME says what
// your conventions are (which rows are reserved, how large the first numbers are).
#pragma once

#include <cmath>
#include <vector>

#include <ordinal/nn.h>
#include <ordinal/positional/encoding.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

// Some rows of the table belong to no position: the first few, and one more further down. They are your conventions.
// Position k reads the k-th of the other rows (k = 0, 1, ...), so no reserved row is ever read.
inline Index row_of(Index k) { not_yet("row_of"); }

// A fresh table: [rows, D]. Reserved rows are 0, all other numbers normal with mean 0 and your standard deviation.
// rng.normal() draws one number of standard deviation 1.
inline NdArray fresh(Index rows, Index D, Rng& rng) { not_yet("fresh"); }

// The rows of the positions, in their order. Positions hold numbers of any kind: ids[i] is a double.
// PositionOutOfRange, when a position is no whole number >= 0, or its row would be outside the table of `rows` rows.
// The sentence names the position that was asked for and the last one that exists:
//     "table: position 512 does not exist, the last one is 511"
inline std::vector<Index> rows_of(const Positions& ids, Index rows) { not_yet("rows_of"); }

// Y[t] = P[rows[t]].     P: [R, D] -> [rows.size(), D]
// With its gradient, by hand: Tensor::from_op takes the name of the operation, its values, its inputs, and a function
// that is given dY, [rows.size(), D], and calls P.accumulate_grad(dP), dP: [R, D]. Rows that nobody read get exactly 0;
// a row that was read twice gets both.
inline Tensor look_up(const Tensor& P, const std::vector<Index>& rows) { not_yet("look_up"); }

// Of what was asked at each place, the share that was answered right.
// logits: [B, T, V], the answer is the place of the largest; targets: [B, T], the right answer, or -1: not asked
// -> T shares; -1 where nobody was asked.
inline std::vector<double> right_by_position(const NdArray& logits, const IndexArray& targets) {
    not_yet("right_by_position");
}

// Your parts make an encoding that any Transformer of the library takes. Nothing to write here.
class Table : public AdditiveEncoding {
public:
    Table(Index rows, Index D, Rng& rng) : weight_(Tensor::parameter(fresh(rows, D, rng))) {}

    // [T] -> [T, D]
    Tensor vectors(const Positions& ids) const override { return look_up(weight_, rows_of(ids, weight_.dim(0))); }

    Traits traits() const override {
        Index count = 0;
        while (row_of(count) < weight_.dim(0)) ++count;
        return {.max_length = count, .ids = AcceptedIds::whole, .source = "lab 4"};
    }
    Parameters parameters() const override { return {{"weight", weight_}}; }

private:
    Tensor weight_;
};

}    // namespace mine
