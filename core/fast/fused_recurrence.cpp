#include <ordinal/core/ops_recurrence.h>

#include <algorithm>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

// The sequences of a batch do not meet: each thread takes some of them through all steps. At least 4, so that a product
// has rows enough for its registers. One sequence alone stays here, and the products inside use the threads.
constexpr Index sequences_for_a_thread = 4;

// With dA_t the gradient of the argument of tanh:   dA_t = (dH_t + dA_{t+1} W) (1 - h_t^2)
// dZ_t = dA_t,   dW = sum_t dA_t^T h_{t-1},   d start = dA_0 W
Tensor tanh_recurrence(const Tensor& Z, const Tensor& W, const Tensor& start) {
    require(Z.ndim() == 3 && Z.dim(1) > 0 && W.shape() == Shape({Z.dim(2), Z.dim(2)}) &&
                start.shape() == Shape({Z.dim(0), Z.dim(2)}),
            "tanh_recurrence: expected Z [B, T, H] with T > 0, W [H, H] and start [B, H], got ", Z.shape(), ", ",
            W.shape(), " and ", start.shape());
    const Index B = Z.dim(0), T = Z.dim(1), H = Z.dim(2), row = T * H;    // row: from one sequence to the next
    const auto at = [=](Index b, Index t) { return (b * T + t) * H; };    // of a row in [B, T, H]
    const NdArray z = contiguous(Z.values()), across = contiguous(transpose(W.values())),
                  h0 = contiguous(start.values());
    NdArray states = NdArray::uninitialized(Z.shape());
    Scalar* h = states.mutable_data();
    parallel_for(B, sequences_for_a_thread, [&](Index begin, Index end) {
        for (Index t = 0; t < T; ++t) {
            const MatrixView before =
                t == 0 ? MatrixView{h0.data() + begin * H, H, 1} : MatrixView{h + at(begin, t - 1), row, 1};
            gemm(end - begin, H, H, before, {across.data(), H, 1}, h + at(begin, t), row);
            for (Index b = begin; b < end; ++b) {
                Scalar* h_t = h + at(b, t);
                const Scalar* z_t = z.data() + at(b, t);
                for (Index i = 0; i < H; ++i) h_t[i] += z_t[i];
                kernels::tanh(h_t, h_t, H);
            }
        }
    });
    const Tensor result = Tensor::from_op("tanh_recurrence", states, {Z, W, start}, [=](const NdArray& dY) {
        const NdArray dH = contiguous(dY), w = contiguous(W.values());
        const Scalar* states_h = states.data();
        NdArray dZ = NdArray::uninitialized(Z.shape()), d_start = NdArray::uninitialized(start.shape()),
                dW = NdArray::uninitialized(W.shape()), before = NdArray::uninitialized(Z.shape());    // h_{t-1}
        Scalar *da = dZ.mutable_data(), *ds = d_start.mutable_data(), *previous = before.mutable_data();
        parallel_for(B, sequences_for_a_thread, [&](Index begin, Index end) {
            for (Index t = T - 1; t >= 0; --t) {
                const bool last = t == T - 1;
                if (!last)    // dA_{t+1} W, put where dA_t will stand
                    gemm(end - begin, H, H, {da + at(begin, t + 1), row, 1}, {w.data(), H, 1}, da + at(begin, t), row);
                for (Index b = begin; b < end; ++b) {
                    const Scalar *h_t = states_h + at(b, t), *dh_t = dH.data() + at(b, t);
                    Scalar* da_t = da + at(b, t);
                    for (Index i = 0; i < H; ++i)
                        da_t[i] = ((last ? 0 : da_t[i]) + dh_t[i]) * ((1 - h_t[i]) * (1 + h_t[i]));
                }
            }
            gemm(end - begin, H, H, {da + at(begin, 0), row, 1}, {w.data(), H, 1}, ds + begin * H, H);
        });
        for (Index b = 0; b < B; ++b) {
            std::copy_n(h0.data() + b * H, H, previous + at(b, 0));
            std::copy_n(states_h + at(b, 0), (T - 1) * H, previous + at(b, 1));
        }
        gemm(H, H, B * T, {da, 1, H}, {previous, H, 1}, dW.mutable_data(), H);
        Z.accumulate_grad(dZ);
        W.accumulate_grad(dW);
        start.accumulate_grad(d_start);
    });
    result.node()->inner_steps = T;
    return result;
}

}    // namespace ordinal
