// The backward pass of layer_norm (core/ops_reduce.h): one walk over the rows for all three gradients, on all threads.
#include <algorithm>
#include <vector>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/instruction_set.h>
#include <ordinal/core/fast/kernels.h>

namespace ordinal::kernels {

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

void layer_norm_backward(Index rows, Index D, const Scalar* x, const Scalar* dy, const Scalar* gamma,
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
            center(x + row * D, normal, D);
            vectorized([=]() ORDINAL_INLINE {
                for (Index i = 0; i < D; ++i) {
                    normal[i] *= inverse;
                    to[i] = dy_row[i] * gamma[i];
                    dg[i] += static_cast<double>(dy_row[i] * normal[i]);
                    db[i] += static_cast<double>(dy_row[i]);
                }
            });
            center(to, to, D);
            const auto mean_cn = static_cast<Scalar>(dot(to, normal, D) / static_cast<double>(D));
            for (Index i = 0; i < D; ++i) to[i] = (to[i] - normal[i] * mean_cn) * inverse;
        }
    });
    add_groups(d_gammas, D, d_gamma);
    add_groups(d_betas, D, d_beta);
}

}    // namespace ordinal::kernels
