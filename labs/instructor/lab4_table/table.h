// Lab 4: the table, and row 512. The page, README.md, says what each function is for; ./go lab 4 --for NAME says what
// your conventions are (which rows are reserved, how large the first numbers are).
// INSTRUCTOR-ONLY
#pragma once

#include <cmath>
#include <vector>

#include <ordinal/nn.h>
#include <ordinal/positional/encoding.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

namespace conventions {
constexpr Index first_rows = RULE_first_rows, one_more = RULE_one_more;
constexpr double deviation = RULE_deviation;
}    // namespace conventions

// Some rows of the table belong to no position: the first few, and one more further down. They are your conventions.
// Position k reads the k-th of the other rows (k = 0, 1, ...), so no reserved row is ever read.
inline Index row_of(Index k) {
    const Index row = conventions::first_rows + k;
    return row < conventions::one_more ? row : row + 1;
}

// A fresh table: [rows, D]. Reserved rows are 0, all other numbers normal with mean 0 and your standard deviation.
// rng.normal() draws one number of standard deviation 1.
inline NdArray fresh(Index rows, Index D, Rng& rng) {
    NdArray table = zeros({rows, D});
    for (Index k = 0; row_of(k) < rows; ++k)
        for (Index c = 0; c < D; ++c) table.set({row_of(k), c}, conventions::deviation * rng.normal());
    return table;
}

// The rows of the positions, in their order. Positions hold numbers of any kind: ids[i] is a double.
// PositionOutOfRange, when a position is no whole number >= 0, or its row would be outside the table of `rows` rows.
// The sentence names the position that was asked for and the last one that exists:
//     "table: position 512 does not exist, the last one is 511"
inline std::vector<Index> rows_of(const Positions& ids, Index rows) {
    Index last = -1;
    while (row_of(last + 1) < rows) ++last;
    std::vector<Index> found;
    for (Index i = 0; i < ids.size(); ++i) {
        const double k = ids[i];
        require<PositionOutOfRange>(k == std::floor(k) && 0 <= k && k <= static_cast<double>(last), "table: position ",
                                    k, " does not exist, the last one is ", last);
        found.push_back(row_of(static_cast<Index>(k)));
    }
    return found;
}

// Y[t] = P[rows[t]].     P: [R, D] -> [rows.size(), D]
// With its gradient, by hand: Tensor::from_op takes the name of the operation, its values, its inputs, and a function
// that is given dY, [rows.size(), D], and calls P.accumulate_grad(dP), dP: [R, D]. Rows that nobody read get exactly 0;
// a row that was read twice gets both.
inline Tensor look_up(const Tensor& P, const std::vector<Index>& rows) {
    const Index T = static_cast<Index>(rows.size()), R = P.dim(0), D = P.dim(1);
    NdArray Y = zeros({T, D});
    for (Index t = 0; t < T; ++t) Y.set({t}, P.values()[rows[static_cast<std::size_t>(t)]]);
    return Tensor::from_op("look_up", Y, {P}, [P, rows, T, R, D](const NdArray& dY) {
        NdArray dP = zeros({R, D});
        for (Index t = 0; t < T; ++t) {
            const Index r = rows[static_cast<std::size_t>(t)];
            dP.set({r}, dP[r] + dY[t]);
        }
        P.accumulate_grad(dP);
    });
}

// Of what was asked at each place, the share that was answered right.
// logits: [B, T, V], the answer is the place of the largest; targets: [B, T], the right answer, or -1: not asked
// -> T shares; -1 where nobody was asked.
inline std::vector<double> right_by_position(const NdArray& logits, const IndexArray& targets) {
    const Index B = logits.dim(0), T = logits.dim(1);
    const IndexArray answers = argmax_last(logits);
    std::vector<double> shares;
    for (Index t = 0; t < T; ++t) {
        double asked = 0, right = 0;
        for (Index b = 0; b < B; ++b) {
            const Index target = targets[b * T + t];
            asked += target >= 0;
            right += target >= 0 && answers[b * T + t] == target;
        }
        shares.push_back(asked > 0 ? right / asked : -1);
    }
    return shares;
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
