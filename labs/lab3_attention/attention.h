// Lab 3: attention by hand. The page, README.md, says what each function is for; ./go lab 3 --for NAME says what your
// conventions are (the scale, the window, the columns of a head).
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

// How well does each query fit each key?     Q, K: [T, d] -> [T, T],   S[i][j] = (Q[i] . K[j]) / scale
// The scale is one of your conventions.
inline Tensor scores(const Tensor& Q, const Tensor& K) { not_yet("scores"); }

// Each row becomes shares of 1:     S: [T, T] -> [T, T],   w[i][j] = e^S[i][j] / sum over n of e^S[i][n]
// A score of 1000 is no reason for an infinity, and a score of -infinity has the share 0. Write it with exp, sum and /;
// max(S, axis) keeps the axis with size 1. In every row at least one score is finite.
inline Tensor weights(const Tensor& S) { not_yet("weights"); }

// Token i sees the tokens i - back .. i + ahead, where they exist; of the others the score becomes -infinity.
// S: [T, T] -> [T, T]. back and ahead are your conventions.
inline Tensor hide(const Tensor& S) { not_yet("hide"); }

// The whole, from your parts: this line is the formula.     Q, K, V: [T, d] -> [T, d]
inline Tensor attention(const Tensor& Q, const Tensor& K, const Tensor& V) {
    return matmul(weights(hide(scores(Q, K))), V);
}

// Several heads look at the same tokens, each at its own columns.     X: [T, D] -> [T, D],   D = H d
// Head h takes its d columns out of X (which ones, and in which order: your convention), `head` makes [T, d] of [T, d]
// (it is told h), and its columns go back to where they came from.
using Head = std::function<Tensor(const Tensor& X_h, Index h)>;
inline Tensor heads(const Tensor& X, Index H, const Head& head) { not_yet("heads"); }

// What the library does for you when you call backward(), once by hand: the gradient of `weights`.
// w: [T, T], what weights(S) gave; dw: [T, T], d loss / d w -> [T, T], d loss / d S.
// No Tensors here, only arrays: there is no graph that could do it for you.
inline NdArray back_through_weights(const NdArray& w, const NdArray& dw) { not_yet("back_through_weights"); }

}    // namespace mine
