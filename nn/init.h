// How parameters start.
#pragma once

#include <cmath>

#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/random.h>
#include <ordinal/core/tensor.h>

namespace ordinal {

// U(-1/sqrt(fan_in), 1/sqrt(fan_in)): what PyTorch's Linear and recurrent layers start from.
inline Tensor uniform_parameter(const Shape& shape, Index fan_in, Rng& rng) {
    require<OptionError>(fan_in > 0, "uniform_parameter: expected a fan-in of at least 1, got ", fan_in);
    const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
    return Tensor::parameter(random_uniform(shape, -bound, bound, rng));
}

inline Tensor normal_parameter(const Shape& shape, double standard_deviation, Rng& rng) {
    return Tensor::parameter(random_normal(shape, standard_deviation, rng));
}

inline Tensor constant_parameter(const Shape& shape, Scalar value) { return Tensor::parameter(NdArray(shape, value)); }

// A random orthogonal matrix [n, n] (W W^T = I): Gram-Schmidt on the rows of a normal matrix. It neither lengthens
// nor shortens what it is applied to. Saxe, McClelland and Ganguli 2014, arXiv 1312.6120
inline NdArray random_orthogonal(Index n, Rng& rng) {
    NdArray matrix = random_normal({n, n}, 1, rng);
    Scalar* w = matrix.mutable_data();
    for (Index i = 0; i < n; ++i) {
        Scalar* row = w + i * n;
        for (int pass = 0; pass < 2; ++pass)    // the second pass removes the rounding errors of the first
            for (Index j = 0; j < i; ++j) {
                const Scalar* other = w + j * n;
                const auto dot = static_cast<Scalar>(kernels::dot(row, other, n));
                for (Index c = 0; c < n; ++c) row[c] -= dot * other[c];
            }
        const auto norm = static_cast<Scalar>(std::sqrt(kernels::dot(row, row, n)));
        for (Index c = 0; c < n; ++c) row[c] /= norm;
    }
    return matrix;
}

}    // namespace ordinal
