#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/instruction_set.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/ops_reduce.h>

namespace ordinal {

// Sums over rows are taken by groups of 64 rows, whatever the number of threads.
constexpr Index group_rows = 64;

// sums: [groups, D], out: [D]
static void add_groups(const std::vector<double>& sums, Index D, Scalar* out) {
    for (Index i = 0; i < D; ++i) {
        double total = 0;
        for (auto at = static_cast<std::size_t>(i); at < sums.size(); at += static_cast<std::size_t>(D))
            total += sums[at];
        out[i] = static_cast<Scalar>(total);
    }
}

// The three gradients in one walk over the rows.   x, dy, dx: [rows, D];   inverse_s: 1 / s of each row
static void gradients(Index rows, Index D, const Scalar* x, const Scalar* dy, const Scalar* gamma,
                      const Scalar* inverse_s, Scalar* dx, Scalar* d_gamma, Scalar* d_beta) {
    const Index groups = (rows + group_rows - 1) / group_rows;
    const auto room_for_sums = [&] {
        return with_memory([&] { return std::vector<double>(static_cast<std::size_t>(groups * D)); },
                           "layer_norm: there is no memory for ", groups * D, " sums");
    };
    std::vector<double> d_gammas = room_for_sums(), d_betas = room_for_sums();
    parallel_for(groups, elements_for_a_thread / (group_rows * D) + 1, [&](Index first, Index last) {
        NdArray room = NdArray::uninitialized({D});
        Scalar* normal = room.mutable_data();    // N, computed again
        for (Index row = first * group_rows; row < std::min(last * group_rows, rows); ++row) {
            const Scalar *dy_row = dy + row * D, inverse = inverse_s[row];
            Scalar* to = dx + row * D;
            double *dg = d_gammas.data() + row / group_rows * D, *db = d_betas.data() + row / group_rows * D;
            kernels::center(x + row * D, normal, D);
            vectorized([=]() ORDINAL_INLINE {
                for (Index i = 0; i < D; ++i) {
                    normal[i] *= inverse;
                    to[i] = dy_row[i] * gamma[i];
                    dg[i] += static_cast<double>(dy_row[i] * normal[i]);
                    db[i] += static_cast<double>(dy_row[i]);
                }
            });
            kernels::center(to, to, D);
            const auto mean_cn = static_cast<Scalar>(kernels::dot(to, normal, D) / static_cast<double>(D));
            vectorized_for(D, [=](Index i) ORDINAL_INLINE { to[i] = (to[i] - normal[i] * mean_cn) * inverse; });
        }
    });
    add_groups(d_gammas, D, d_gamma);
    add_groups(d_betas, D, d_beta);
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
        const double largest = std::numeric_limits<Scalar>::max();    // a constant row without an eps: beta, no 0 x inf
        const Scalar inverse_s = inverse[row] = static_cast<Scalar>(std::min(1 / std::sqrt(variance + eps), largest));
        vectorized_for(n, [=](Index i) ORDINAL_INLINE { y[i] = y[i] * inverse_s * g[i] + b[i]; });
    });
    return Tensor::from_op("layer_norm", Y, {X, gamma, beta}, [=](const NdArray& d_output) {
        const NdArray dY = contiguous(d_output);
        NdArray dX = NdArray::uninitialized(X.shape()), d_gamma = NdArray::uninitialized({D}),
                d_beta = NdArray::uninitialized({D});
        gradients(rows, D, x.data(), dY.data(), scale.data(), inverses.data(), dX.mutable_data(),
                  d_gamma.mutable_data(), d_beta.mutable_data());
        X.accumulate_grad(dX);
        gamma.accumulate_grad(d_gamma);
        beta.accumulate_grad(d_beta);
    });
}

}    // namespace ordinal
