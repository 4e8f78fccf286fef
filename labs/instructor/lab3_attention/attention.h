// Lab 3: attention by hand. The page, README.md, says what each function is for; ./go lab 3 --for NAME says what your
// conventions are (the scale, the window, the columns of a head).
// INSTRUCTOR-ONLY
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <ordinal/core.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

namespace conventions {
const std::string scale = RULE_scale, columns = RULE_columns;
constexpr Index back = RULE_back, ahead = RULE_ahead;
}    // namespace conventions

// How well does each query fit each key?     Q, K: [T, d] -> [T, T],   S[i][j] = (Q[i] . K[j]) / scale
// The scale is one of your conventions.
inline Tensor scores(const Tensor& Q, const Tensor& K) {
    const double d = static_cast<double>(Q.dim(1));
    const double scale = conventions::scale == "d"             ? d
                         : conventions::scale == "2 sqrt(d)"   ? 2 * std::sqrt(d)
                         : conventions::scale == "sqrt(2 d)"   ? std::sqrt(2 * d)
                         : conventions::scale == "sqrt(d) / 2" ? std::sqrt(d) / 2
                                                               : std::sqrt(d);
    return matmul(Q, transpose(K)) * (1 / scale);
}

// Each row becomes shares of 1:     S: [T, T] -> [T, T],   w[i][j] = e^S[i][j] / sum over n of e^S[i][n]
// A score of 1000 is no reason for an infinity, and a score of -infinity has the share 0. Write it with exp, sum and /;
// max(S, axis) keeps the axis with size 1. In every row at least one score is finite.
inline Tensor weights(const Tensor& S) {
    const Tensor E = exp(S - max(S, 1).detach());
    return E / sum(E, 1);
}

// Token i sees the tokens i - back .. i + ahead, where they exist; of the others the score becomes -infinity.
// S: [T, T] -> [T, T]. back and ahead are your conventions.
inline Tensor hide(const Tensor& S) {
    const Index T = S.dim(0);
    NdArray hidden = zeros({T, T});
    for (Index i = 0; i < T; ++i)
        for (Index j = 0; j < T; ++j)
            if (j < i - conventions::back || j > i + conventions::ahead) hidden.set({i, j}, 1);
    return masked_fill(S, hidden, -std::numeric_limits<Scalar>::infinity());
}

// The whole, from your parts: this line is the formula.     Q, K, V: [T, d] -> [T, d]
inline Tensor attention(const Tensor& Q, const Tensor& K, const Tensor& V) {
    return matmul(weights(hide(scores(Q, K))), V);
}

// Several heads look at the same tokens, each at its own columns.     X: [T, D] -> [T, D],   D = H d
// Head h takes its d columns out of X (which ones, and in which order: your convention), `head` makes [T, d] of [T, d]
// (it is told h), and its columns go back to where they came from.
using Head = std::function<Tensor(const Tensor& X_h, Index h)>;
inline Tensor heads(const Tensor& X, Index H, const Head& head) {
    const Index D = X.dim(1), d = D / H;
    std::vector<Tensor> from = unstack(X, 1), to(from.size());
    const auto column = [&](Index h, Index c) {    // where column c of head h is in X
        const bool interleaved = conventions::columns == "interleaved", blocks = conventions::columns == "in blocks";
        return static_cast<std::size_t>(interleaved ? c * H + h : blocks ? h * d + c : (H - 1 - h) * d + c);
    };
    for (Index h = 0; h < H; ++h) {
        std::vector<Tensor> columns;
        for (Index c = 0; c < d; ++c) columns.push_back(from[column(h, c)]);
        const std::vector<Tensor> out = unstack(head(stack(columns, 1), h), 1);
        for (Index c = 0; c < d; ++c) to[column(h, c)] = out[static_cast<std::size_t>(c)];
    }
    return stack(to, 1);
}

// What the library does for you when you call backward(), once by hand: the gradient of `weights`.
// w: [T, T], what weights(S) gave; dw: [T, T], d loss / d w -> [T, T], d loss / d S.
// No Tensors here, only arrays: there is no graph that could do it for you.
inline NdArray back_through_weights(const NdArray& w, const NdArray& dw) { return w * (dw - sum(w * dw, 1)); }

}    // namespace mine
