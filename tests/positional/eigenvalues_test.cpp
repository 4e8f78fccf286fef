#include <ordinal/positional/measures/eigenvalues.h>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include <ordinal/core/random.h>

using namespace ordinal;

namespace {

void check_eigenvalues(const Matrix& A, const std::vector<double>& expected) {
    const std::vector<double> got = eigenvalues(A);
    REQUIRE(got.size() == expected.size());
    double size = 1;
    for (const double value : expected) size = std::max(size, std::abs(value));
    for (std::size_t i = 0; i < got.size(); ++i) {
        CAPTURE(i);
        CHECK(std::abs(got[i] - expected[i]) <= 1e-12 * size);
    }
}

Matrix matrix(Index n, const std::vector<double>& values) {
    Matrix A(n, n);
    A.values = values;
    return A;
}

}    // namespace

TEST_CASE("eigenvalues of small matrices by hand") {
    check_eigenvalues(matrix(1, {-3}), {-3});
    check_eigenvalues(matrix(2, {2, 1, 1, 2}), {1, 3});
    check_eigenvalues(matrix(3, {4, 0, 0, 0, -1, 0, 0, 0, 2}), {-1, 2, 4});
    check_eigenvalues(matrix(3, {1, 1, 1, 1, 1, 1, 1, 1, 1}), {0, 0, 3});
    check_eigenvalues(matrix(3, {0, 1, 1, 1, 0, 1, 1, 1, 0}), {-1, -1, 2});
    check_eigenvalues(Matrix(4, 4), {0, 0, 0, 0});
    CHECK(eigenvalues(Matrix(0, 0)).empty());
}

TEST_CASE("eigenvalues of the path graph's Laplacian are 2 - 2 cos(pi j over n)") {
    const Index n = 20;
    Matrix L(n, n);
    std::vector<double> expected;
    for (Index i = 0; i < n; ++i) {
        L(i, i) = (i > 0) + (i + 1 < n);
        if (i > 0) L(i, i - 1) = L(i - 1, i) = -1;
        expected.push_back(2 - 2 * std::cos(std::numbers::pi * static_cast<double>(i) / static_cast<double>(n)));
    }
    check_eigenvalues(L, expected);
}

TEST_CASE("eigenvalues of a full matrix have its trace and its sum of squares") {
    const Index n = 15;
    Rng rng(1);
    Matrix A(n, n);
    double trace = 0, squares = 0;
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j <= i; ++j) A(i, j) = A(j, i) = rng.normal();
    for (Index i = 0; i < n; ++i) {
        trace += A(i, i);
        squares += dot(A, i, A, i);
    }
    for (const double value : eigenvalues(A)) {
        trace -= value;
        squares -= value * value;
    }
    CHECK(std::abs(trace) <= 1e-12 * n);
    CHECK(std::abs(squares) <= 1e-11 * n);
}

TEST_CASE("eigenvalues looks at the lower triangle only") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    check_eigenvalues(matrix(2, {2, nan, 1, 2}), {1, 3});
    check_eigenvalues(matrix(3, {0, nan, nan, 1, 0, nan, 1, 1, 0}), {-1, -1, 2});
}

TEST_CASE("eigenvalues wants a square matrix") {
    CHECK_THROWS_WITH_AS(eigenvalues(Matrix(2, 3)), "eigenvalues: expected a square matrix, got [2, 3]", ShapeError);
}

TEST_CASE("a matrix with a number that is none has no eigenvalues") {
    constexpr double endless = std::numeric_limits<double>::infinity();
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), endless, -endless})
        for (const double value : eigenvalues(matrix(2, {1, 0, bad, 1}))) CHECK(std::isnan(value));
}
