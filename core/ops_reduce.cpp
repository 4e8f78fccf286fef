#include <ordinal/core/ops_reduce.h>

#include <cmath>

#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/fast/vector_math.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_elementwise.h>

namespace ordinal {

// Y = sum X / n          dX = dY / n, repeated.     Divided, not multiplied by a rounded 1 / n: the mean of ones is 1.
static Tensor summed(const char* op, const Tensor& X, const Shape& shape, Index n) {
    return Tensor::from_op(op, sum_to_shape(X.values(), shape, static_cast<double>(n)), {X}, [X, n](const NdArray& dY) {
        if (n == 1) return X.accumulate_grad(broadcast_to(dY, X.shape()));
        X.accumulate_grad(broadcast_to(map(dY, [n](Scalar dy) { return dy / static_cast<Scalar>(n); }), X.shape()));
    });
}

Tensor sum(const Tensor& X) { return summed("sum", X, Shape{}, 1); }

Tensor sum(const Tensor& X, std::initializer_list<Index> axes) {
    return summed("sum", X, with_size_1(X.shape(), axes, "sum"), 1);
}

Tensor mean(const Tensor& X) {
    require(X.size() > 0, "mean: ", X.shape(), " has no elements");
    return summed("mean", X, Shape{}, X.size());
}

Tensor mean(const Tensor& X, std::initializer_list<Index> axes) {
    const Shape kept = with_size_1(X.shape(), axes, "mean");
    Index n = 1;
    for (Index axis : axes) {
        require(X.dim(axis) > 0, "mean: axis ", axis, " of ", X.shape(), " is empty");
        n *= X.dim(axis);
    }
    return summed("mean", X, kept, n);
}

// Y = max X          dX = dY at the maximum (shared where several are equal), 0 elsewhere
Tensor max(const Tensor& X, Index axis) {
    const NdArray Y = max(X.values(), axis);
    return Tensor::from_op("max", Y, {X}, [X, Y, axis](const NdArray& dY) {
        const NdArray is_max =
            zip("max", X.values(), Y, [](Scalar x, Scalar y) { return Scalar(x == y || (x != x && y != y)); });
        X.accumulate_grad(
            zip("max", is_max, dY / sum(is_max, axis), [](Scalar is, Scalar share) { return is != 0 ? share : 0; }));
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
            const auto dot = static_cast<Scalar>(kernels::dot(dy, y, n));
            for (Index i = 0; i < n; ++i) dx[i] = y[i] * (dy[i] - dot);
        }));
    });
}

// Y_i = X_i - m - ln sum_j e^(X_j - m)          dX_i = dY_i - e^(Y_i) sum_j dY_j
Tensor log_softmax(const Tensor& X) {
    const NdArray Y = map_rows(X.values(), [](Index, const Scalar* x, Scalar* y, Index n) {
        Scalar largest;
        const Scalar total = kernels::exp_minus_max(x, y, n, &largest);
        const auto log_total = static_cast<Scalar>(std::log(static_cast<double>(total)));
        for (Index i = 0; i < n; ++i) y[i] = x[i] - largest - log_total;    // in this order: the largest may be huge
    });
    return Tensor::from_op("log_softmax", Y, {X}, [X, Y](const NdArray& dY) {
        const Scalar* log_probabilities = Y.data();
        X.accumulate_grad(map_rows(dY, [=](Index row, const Scalar* dy, Scalar* dx, Index n) {
            const Scalar* y = log_probabilities + row * n;
            const auto total = static_cast<Scalar>(kernels::sum(dy, n));
            for (Index i = 0; i < n; ++i) dx[i] = dy[i] - exp_of(y[i]) * total;
        }));
    });
}

// N = (X - mean(X)) / s,  s = sqrt(variance + eps),  Y = N gamma + beta
// With G = dY gamma and C = G - mean(G):  dX = (C - N mean(C N)) / s,  d gamma = sum dY N,  d beta = sum dY
// Ba, Kiros and Hinton 2016, arXiv 1607.06450
Tensor layer_norm(const Tensor& X, const Tensor& gamma, const Tensor& beta, double eps) {
    require(X.ndim() >= 1 && X.dim(-1) > 0 && gamma.shape() == Shape{X.dim(-1)} && beta.shape() == gamma.shape(),
            "layer_norm: expected X [..., D] with D > 0, gamma [D] and beta [D], got X ", X.shape(), ", gamma ",
            gamma.shape(), " and beta ", beta.shape());
    require<OptionError>(eps >= 0 && std::isfinite(eps), "layer_norm: expected a finite eps of 0 or more, got ", eps);
    const Index rows = RowCursor::rows(X.shape()), D = X.dim(-1);
    const NdArray x = contiguous(X.values()), scale = contiguous(gamma.values()), offset = contiguous(beta.values());
    NdArray inverses = NdArray::uninitialized({rows});    // of s
    Scalar* inverse = inverses.mutable_data();
    const NdArray Y = map_rows(x, [&](Index row, const Scalar* x_row, Scalar* y, Index n) {
        const Scalar *g = scale.data(), *b = offset.data();
        kernels::center(x_row, y, n);
        const double variance = kernels::dot(y, y, n) / static_cast<double>(n);
        const Scalar inverse_s = inverse[row] = static_cast<Scalar>(1 / std::sqrt(variance + eps));
        for (Index i = 0; i < n; ++i) y[i] = y[i] * inverse_s * g[i] + b[i];
    });
    return Tensor::from_op("layer_norm", Y, {X, gamma, beta}, [=](const NdArray& d_output) {
        const NdArray dY = contiguous(d_output);
        NdArray dX = NdArray::uninitialized(X.shape()), d_gamma = NdArray::uninitialized({D}),
                d_beta = NdArray::uninitialized({D});
        kernels::layer_norm_backward(rows, D, x.data(), dY.data(), scale.data(), inverses.data(), dX.mutable_data(),
                                     d_gamma.mutable_data(), d_beta.mutable_data());
        X.accumulate_grad(dX);
        gamma.accumulate_grad(d_gamma);
        beta.accumulate_grad(d_beta);
    });
}

}    // namespace ordinal
