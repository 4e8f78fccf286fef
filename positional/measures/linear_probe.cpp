#include <ordinal/positional/measures/linear_probe.h>

#include <cmath>
#include <limits>
#include <numeric>

#include <ordinal/core/random.h>
#include <ordinal/positional/measures/matrix.h>

namespace ordinal {
namespace {

Matrix matrix_of(const NdArray& a, const char* who) {
    require(a.ndim() == 2 && a.size() > 0, who, ": expected codes [T, D], got ", a.shape());
    return Matrix(a);
}

// Solves A x = y for a positive definite A: A = L L^T, then two triangles.
std::vector<double> solve(Matrix A, std::vector<double> y) {
    const auto at = [&y](Index i) -> double& { return y[static_cast<std::size_t>(i)]; };
    for (Index j = 0; j < A.rows; ++j)
        for (Index i = j; i < A.rows; ++i) {
            double sum = A(i, j);
            for (Index c = 0; c < j; ++c) sum -= A(i, c) * A(j, c);
            A(i, j) = i == j ? std::sqrt(sum) : sum / A(j, j);
        }
    for (Index i = 0; i < A.rows; ++i) {
        for (Index c = 0; c < i; ++c) at(i) -= A(i, c) * at(c);
        at(i) /= A(i, i);
    }
    for (Index i = A.rows - 1; i >= 0; --i) {
        for (Index c = i + 1; c < A.rows; ++c) at(i) -= A(c, i) * at(c);
        at(i) /= A(i, i);
    }
    return y;
}

// The positions of the rows in `held_out`, read by a map that has seen the rows in `seen`. With G[r, s] = p_r . p_s and
// weights w = sum_s a_s p_s the ridge's answer is (G + ridge I) a = y: as many unknowns as rows, however wide a code.
void read_part(const Matrix& G, const std::vector<Index>& seen, const std::vector<Index>& held_out, double ridge,
               std::vector<double>& readings) {
    const auto n = static_cast<Index>(seen.size());
    const auto row = [&](Index i) { return seen[static_cast<std::size_t>(i)]; };
    const double middle = static_cast<double>(G.rows - 1) / 2;
    Matrix A(n, n);
    std::vector<double> y;
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j) A(i, j) = G(row(i), row(j)) + (i == j ? ridge : 0);
        y.push_back(static_cast<double>(row(i)) - middle);
    }
    const std::vector<double> a = solve(std::move(A), std::move(y));
    for (const Index k : held_out) {
        double prediction = middle;
        for (Index i = 0; i < n; ++i) prediction += a[static_cast<std::size_t>(i)] * G(k, row(i));
        readings[static_cast<std::size_t>(k)] = prediction;
    }
}

// Every row, read by a map that has not seen it; none where there are fewer than ten.
std::vector<double> readings_of(const Matrix& P, double ridge) {
    require<OptionError>(ridge > 0, "probe_errors: expected a ridge > 0, got ", ridge);
    constexpr Index parts = 5;
    if (P.rows < 2 * parts) return {};

    double mean_square = 0;
    for (Index k = 0; k < P.rows; ++k) mean_square += dot(P, k, P, k) / static_cast<double>(P.rows);
    Matrix G(P.rows, P.rows);    // of the codes at a common scale, each with one more number: 1, for the constant term
    for (Index k = 0; k < P.rows; ++k)
        for (Index l = 0; l <= k; ++l) G(k, l) = G(l, k) = 1 + (mean_square > 0 ? dot(P, k, P, l) / mean_square : 0);

    std::vector<Index> order(static_cast<std::size_t>(P.rows));
    std::iota(order.begin(), order.end(), Index{0});
    Rng rng(5);    // which rows are held out together: always the same, so that equal codes get equal numbers
    rng.shuffle(std::span(order));
    std::vector<double> readings(order.size());
    for (Index part = 0; part < parts; ++part) {
        std::vector<Index> seen, held_out;
        for (std::size_t i = 0; i < order.size(); ++i)
            (static_cast<Index>(i) % parts == part ? held_out : seen).push_back(order[i]);
        read_part(G, seen, held_out, ridge, readings);
    }
    return readings;
}

}    // namespace

ProbeErrors probe_errors(const NdArray& codes, double ridge) {
    const std::vector<double> readings = readings_of(matrix_of(codes, "probe_errors"), ridge);
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (readings.empty()) return {none, none};
    double off = 0, wrong = 0, pairs = 0;
    for (std::size_t l = 0; l < readings.size(); ++l) {
        off += std::abs(readings[l] - static_cast<double>(l));
        for (std::size_t k = 0; k < l; ++k, ++pairs) wrong += readings[k] < readings[l] ? 0 : 1;
    }
    if (!std::isfinite(off)) return {none, none};
    return {off / static_cast<double>(readings.size()), wrong / pairs};
}

double shift_error(const NdArray& codes) {
    const Matrix P = matrix_of(codes, "shift_error");
    const Index n = P.rows - 1, D = P.columns;
    if (n <= D) return std::numeric_limits<double>::quiet_NaN();
    // The columns of p_1 .. p_n should be combinations of those of p_0 .. p_{n-1}: make the latter orthonormal
    // (Gram-Schmidt, twice against rounding) and see what is left of the former. Rows here are those columns.
    Matrix before(D, n), after(D, n);
    for (Index c = 0; c < D; ++c)
        for (Index k = 0; k < n; ++k) {
            before(c, k) = P(k, c);
            after(c, k) = P(k + 1, c);
        }
    const auto take_off = [n](Matrix& from, Index row, const Matrix& unit, Index direction) {
        const double length = dot(from, row, unit, direction);
        for (Index k = 0; k < n; ++k) from(row, k) -= length * unit(direction, k);
    };
    std::vector<Index> directions;
    for (Index c = 0; c < D; ++c) {
        const double size = std::sqrt(dot(before, c, before, c));
        for (int twice = 0; twice < 2; ++twice)
            for (const Index direction : directions) take_off(before, c, before, direction);
        const double rest = std::sqrt(dot(before, c, before, c));
        constexpr double rounding = 1e-6;    // a column that is this near to the others adds only the noise of Scalar
        if (!(rest > rounding * size)) continue;
        for (Index k = 0; k < n; ++k) before(c, k) /= rest;
        directions.push_back(c);
    }
    double all = 0, left = 0;
    for (Index c = 0; c < D; ++c) {
        all += dot(after, c, after, c);
        for (const Index direction : directions) take_off(after, c, before, direction);
        left += dot(after, c, after, c);
    }
    return all > 0 ? left / all : std::numeric_limits<double>::quiet_NaN();
}

}    // namespace ordinal
