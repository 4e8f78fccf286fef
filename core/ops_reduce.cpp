#include <ordinal/core/ops_reduce.h>

#include <algorithm>
#include <cmath>

#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/fast/vector_math.h>
#include <ordinal/core/nd_math.h>

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

// Y_i = e^(X_i - m) / sum_j e^(X_j - m),  m = max X          dX_i = Y_i (dY_i - sum_j dY_j Y_j)
Tensor softmax(const Tensor& X) {
    const NdArray Y = map_rows(X.values(), [](Index, const Scalar* x, Scalar* y, Index n) {
        Scalar largest;
        const Scalar total = kernels::exp_minus_max(x, y, n, &largest);
        vectorized_for(n, [=](Index i) ORDINAL_INLINE { y[i] /= total; });
    });
    return Tensor::from_op("softmax", Y, {X}, [X, Y](const NdArray& dY) {
        const Scalar* probabilities = Y.data();
        X.accumulate_grad(map_rows(dY, [=](Index row, const Scalar* dy, Scalar* dx, Index n) {
            const Scalar* y = probabilities + row * n;
            const auto dot = static_cast<Scalar>(kernels::dot(dy, y, n));
            vectorized_for(n, [=](Index i) ORDINAL_INLINE { dx[i] = y[i] * (dy[i] - dot); });
        }));
    });
}

// Y_i = X_i - m - ln sum_j e^(X_j - m)          dX_i = dY_i - e^(Y_i) sum_j dY_j
Tensor log_softmax(const Tensor& X) {
    const NdArray Y = map_rows(X.values(), [](Index, const Scalar* x, Scalar* y, Index n) {
        Scalar largest;
        kernels::exp_minus_max(x, y, n, &largest);
        const Index top = std::find(x, x + n, largest) - x;
        const auto log_total = static_cast<Scalar>(std::log1p(kernels::sum_of_others(y, top, n)));
        // In this order: the largest may be huge.
        vectorized_for(n, [=](Index i) ORDINAL_INLINE { y[i] = x[i] - largest - log_total; });
    });
    return Tensor::from_op("log_softmax", Y, {X}, [X, Y](const NdArray& dY) {
        const Scalar* log_probabilities = Y.data();
        X.accumulate_grad(map_rows(dY, [=](Index row, const Scalar* dy, Scalar* dx, Index n) {
            const Scalar* y = log_probabilities + row * n;
            const auto total = static_cast<Scalar>(kernels::sum(dy, n));
            vectorized_for(n, [=](Index i) ORDINAL_INLINE { dx[i] = dy[i] - exp_of(y[i]) * total; });
            // The same where Y is the largest: there e^Y may be 1 but for what a Scalar cannot tell.
            const Index top = kernels::place_of_largest(y, n);
            const double log_p = static_cast<double>(y[top]), others = kernels::sum_of_others(dy, top, n);
            dx[top] = static_cast<Scalar>(-std::expm1(log_p) * static_cast<double>(dy[top]) - std::exp(log_p) * others);
        }));
    });
}

}    // namespace ordinal
