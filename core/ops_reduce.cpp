#include "core/ops_reduce.h"

#include <cmath>

#include "core/elementwise.h"
#include "core/kernels.h"
#include "core/nd_math.h"
#include "core/ops_elementwise.h"
#include "core/vector_math.h"

namespace ordinal {

// Y = sum X          dX = dY, repeated
static Tensor summed(const Tensor& X, const NdArray& Y) {
    return Tensor::from_op("sum", Y, {X}, [X](const NdArray& dY) { X.accumulate_grad(broadcast_to(dY, X.shape())); });
}

Tensor sum(const Tensor& X) { return summed(X, sum_to_shape(X.values(), Shape{})); }

Tensor sum(const Tensor& X, Index axis) { return summed(X, sum(X.values(), axis)); }

Tensor mean(const Tensor& X) {
    require(X.size() > 0, "mean: ", X.shape(), " has no elements");
    return scale(sum(X), 1 / static_cast<Scalar>(X.size()));
}

Tensor mean(const Tensor& X, Index axis) {
    require(X.dim(axis) > 0, "mean: axis ", axis, " of ", X.shape(), " is empty");
    return scale(sum(X, axis), 1 / static_cast<Scalar>(X.dim(axis)));
}

// Y = max X          dX = dY at the maximum (shared where several are equal), 0 elsewhere
Tensor max(const Tensor& X, Index axis) {
    const NdArray Y = max(X.values(), axis);
    return Tensor::from_op("max", Y, {X}, [X, Y, axis](const NdArray& dY) {
        const NdArray is_max = zip("max", X.values(), Y, [](Scalar x, Scalar y) { return Scalar(x == y); });
        X.accumulate_grad(is_max * (dY / sum(is_max, axis)));
    });
}

// out row = f(row): calls row_kernel(from, to, D) for every row of a contiguous copy
template <class Kernel>
static NdArray map_rows(const NdArray& a, Kernel row_kernel) {
    const NdArray rows = contiguous(a);
    NdArray out = NdArray::uninitialized(a.shape());
    const Scalar* from = rows.data();
    Scalar* to = out.mutable_data();
    const Index columns = a.shape().last();
    for_rows(a.shape(), [&](Index begin, Index end) {
        for (Index row = begin; row < end; ++row) row_kernel(row, from + row * columns, to + row * columns, columns);
    });
    return out;
}

// Y_i = e^(X_i - m) / sum_j e^(X_j - m),  m = max X          dX_i = Y_i (dY_i - sum_j dY_j Y_j)
Tensor softmax(const Tensor& X) {
    const NdArray Y = map_rows(X.values(), [](Index, const Scalar* x, Scalar* y, Index n) {
        Scalar largest;
        const Scalar total = kernels::exp_minus_max(x, y, n, &largest);
        for (Index i = 0; i < n; ++i) y[i] /= total;
    });
    return Tensor::from_op("softmax", Y, {X}, [X, Y](const NdArray& dY) {
        const Scalar* probabilities = Y.data();
        X.accumulate_grad(map_rows(dY, [=](Index row, const Scalar* dy, Scalar* dx, Index n) {
            const Scalar* y = probabilities + row * n;
            const Scalar dot = kernels::dot(dy, y, n);
            for (Index i = 0; i < n; ++i) dx[i] = y[i] * (dy[i] - dot);
        }));
    });
}

// Y_i = X_i - m - ln sum_j e^(X_j - m)          dX_i = dY_i - e^(Y_i) sum_j dY_j
Tensor log_softmax(const Tensor& X) {
    const NdArray Y = map_rows(X.values(), [](Index, const Scalar* x, Scalar* y, Index n) {
        Scalar largest;
        const Scalar log_total = std::log(kernels::exp_minus_max(x, y, n, &largest));
        for (Index i = 0; i < n; ++i) y[i] = x[i] - largest - log_total;    // in this order: the largest may be huge
    });
    return Tensor::from_op("log_softmax", Y, {X}, [X, Y](const NdArray& dY) {
        const Scalar* log_probabilities = Y.data();
        X.accumulate_grad(map_rows(dY, [=](Index row, const Scalar* dy, Scalar* dx, Index n) {
            const Scalar* y = log_probabilities + row * n;
            const Scalar total = kernels::sum(dy, n);
            for (Index i = 0; i < n; ++i) dx[i] = dy[i] - exp_of(y[i]) * total;
        }));
    });
}

// N = (X - mean) / s,  s = sqrt(variance + eps),  Y = N gamma + beta          Ba, Kiros and Hinton 2016, arXiv
// 1607.06450 With G = dY gamma:  dX = (G - mean(G) - N mean(G N)) / s,  d gamma = sum dY N,  d beta = sum dY
Tensor layer_norm(const Tensor& X, const Tensor& gamma, const Tensor& beta, double eps) {
    require(X.ndim() >= 1 && X.dim(-1) > 0 && gamma.shape() == Shape{X.dim(-1)} && beta.shape() == gamma.shape(),
            "layer_norm: expected X [..., D] with D > 0, gamma [D] and beta [D], got X ", X.shape(), ", gamma ",
            gamma.shape(), " and beta ", beta.shape());
    NdArray inverse_deviations = NdArray::uninitialized({RowCursor::rows(X.shape())});
    Scalar* inverse_s = inverse_deviations.mutable_data();
    const NdArray N = map_rows(X.values(), [=](Index row, const Scalar* x, Scalar* normal, Index n) {
        const Scalar mean = kernels::sum(x, n) / static_cast<Scalar>(n);
        for (Index i = 0; i < n; ++i) normal[i] = x[i] - mean;
        const Scalar variance = kernels::dot(normal, normal, n) / static_cast<Scalar>(n);
        inverse_s[row] = 1 / std::sqrt(variance + static_cast<Scalar>(eps));
        for (Index i = 0; i < n; ++i) normal[i] *= inverse_s[row];
    });
    const NdArray Y = N * gamma.values() + beta.values();
    return Tensor::from_op("layer_norm", Y, {X, gamma, beta}, [=](const NdArray& dY) {
        gamma.accumulate_grad(sum_to_shape(dY * N, gamma.shape()));
        beta.accumulate_grad(sum_to_shape(dY, beta.shape()));
        if (!X.requires_grad()) return;
        const Scalar *normals = N.data(), *inverse = inverse_deviations.data();
        X.accumulate_grad(map_rows(dY * gamma.values(), [=](Index row, const Scalar* g, Scalar* dx, Index n) {
            const Scalar* normal = normals + row * n;
            const Scalar mean_g = kernels::sum(g, n) / static_cast<Scalar>(n);
            const Scalar mean_gn = kernels::dot(g, normal, n) / static_cast<Scalar>(n);
            for (Index i = 0; i < n; ++i) dx[i] = (g[i] - mean_g - normal[i] * mean_gn) * inverse[row];
        }));
    });
}

}    // namespace ordinal
