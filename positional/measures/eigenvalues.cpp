#include <ordinal/positional/measures/eigenvalues.h>

#include <cmath>
#include <limits>

namespace ordinal {
namespace {

struct Tridiagonal {
    std::vector<double> diagonal, off_diagonal;    // off_diagonal[i] stands between diagonal[i] and diagonal[i + 1]
};

// For each column k a Householder reflection H = I - 2 v v^T / (v . v) that leaves one number, alpha, below the
// diagonal; A <- H A H.
Tridiagonal tridiagonal(Matrix& A) {
    const Index n = A.rows;
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < i; ++j) A(j, i) = A(i, j);
    Tridiagonal T;
    for (Index k = 0; k < n; ++k) {
        T.diagonal.push_back(A(k, k));
        if (k + 1 == n) break;
        std::vector<double> v(static_cast<std::size_t>(n), 0.0), q = v;
        const auto at = [](auto& vector, Index i) -> double& { return vector[static_cast<std::size_t>(i)]; };
        double square_sum = 0;
        for (Index i = k + 1; i < n; ++i) square_sum += A(i, k) * A(i, k);
        const double alpha = std::copysign(std::sqrt(square_sum), -A(k + 1, k));    // this sign: no cancellation in v
        double v_v = 0, v_q = 0;
        for (Index i = k + 1; i < n; ++i) {
            at(v, i) = A(i, k) - (i == k + 1 ? alpha : 0);
            v_v += at(v, i) * at(v, i);
        }
        T.off_diagonal.push_back(alpha);
        if (v_v == 0) continue;    // the column is 0 already
        // H A H = A - v q^T - q v^T   with   w = 2 A v / (v . v),  q = w - (v . w) / (v . v) v
        for (Index i = k + 1; i < n; ++i) {
            for (Index j = k + 1; j < n; ++j) at(q, i) += 2 * A(i, j) * at(v, j) / v_v;
            v_q += at(v, i) * at(q, i);
        }
        for (Index i = k + 1; i < n; ++i) at(q, i) -= v_q / v_v * at(v, i);
        for (Index i = k + 1; i < n; ++i)
            for (Index j = k + 1; j < n; ++j) A(i, j) -= at(v, i) * at(q, j) + at(q, i) * at(v, j);
    }
    return T;
}

Index count_below(const Tridiagonal& T, double x) {
    Index count = 0;
    double pivot = 1;
    for (std::size_t i = 0; i < T.diagonal.size(); ++i) {
        pivot = T.diagonal[i] - x - (i > 0 ? T.off_diagonal[i - 1] * T.off_diagonal[i - 1] / pivot : 0);
        if (pivot == 0) pivot = std::numeric_limits<double>::min();    // x is an eigenvalue of a corner: a hair off
        count += pivot < 0 ? 1 : 0;
    }
    return count;
}

}    // namespace

std::vector<double> eigenvalues(Matrix A) {
    require(A.rows == A.columns, "eigenvalues: expected a square matrix, got [", A.rows, ", ", A.columns, "]");
    double lower = 0;    // no comparison with NaN is true: halving would find something all the same
    for (Index i = 0; i < A.rows; ++i)
        for (Index j = 0; j <= i; ++j) lower += A(i, j) - A(i, j);
    if (lower != 0) return std::vector<double>(static_cast<std::size_t>(A.rows), lower);
    const Tridiagonal T = tridiagonal(A);
    double bound = 0;    // no eigenvalue is larger than the largest sum of a row's absolute values
    for (std::size_t i = 0; i < T.diagonal.size(); ++i) {
        const double left = i > 0 ? std::abs(T.off_diagonal[i - 1]) : 0,
                     right = i < T.off_diagonal.size() ? std::abs(T.off_diagonal[i]) : 0;
        bound = std::max(bound, std::abs(T.diagonal[i]) + left + right);
    }
    std::vector<double> found;
    for (Index k = 0; k < A.rows; ++k) {
        double low = -bound, high = bound;
        for (int halving = 0; halving < 60; ++halving) {    // 2^-60 of the bound: all digits that there are
            const double middle = (low + high) / 2;
            (count_below(T, middle) > k ? high : low) = middle;
        }
        found.push_back((low + high) / 2);
    }
    return found;
}

}    // namespace ordinal
