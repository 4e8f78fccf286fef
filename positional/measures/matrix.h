// A small dense matrix in double, for figures that float would spoil.
#pragma once

#include <algorithm>
#include <vector>

#include <ordinal/core/nd_array.h>

namespace ordinal {

struct Matrix {
    Matrix(Index row_count, Index column_count)
        : rows(row_count), columns(column_count), values(static_cast<std::size_t>(rows * columns)) {}
    explicit Matrix(const NdArray& a) : Matrix(a.dim(0), a.dim(1)) {
        const std::vector<Scalar> from = a.to_vector();
        std::copy(from.begin(), from.end(), values.begin());
    }
    double& operator()(Index i, Index j) { return values[static_cast<std::size_t>(i * columns + j)]; }
    double operator()(Index i, Index j) const { return values[static_cast<std::size_t>(i * columns + j)]; }

    Index rows, columns;
    std::vector<double> values;
};

// Row i of a times row j of b.
inline double dot(const Matrix& a, Index i, const Matrix& b, Index j) {
    double sum = 0;
    for (Index c = 0; c < a.columns; ++c) sum += a(i, c) * b(j, c);
    return sum;
}

}    // namespace ordinal
