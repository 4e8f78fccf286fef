// sin and cos of k w, and decays e^(k l), where a position k may be large and the frequency w may be learned.
//
// The product is a double: as a float an angle would drift from k = 10^4 on, and tell nothing from k = 10^7 on.
#pragma once

#include <cmath>
#include <vector>

#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/tensor.h>
#include <ordinal/nn/positions.h>
#include <ordinal/positional/room.h>

namespace ordinal {

// Y[t, j] = (sin, cos) of k_t w_j, interleaved          w: [P] -> [T, P, 2]
// dw_j = sum over t of  k_t (cos(k_t w_j) dY[t, j, 0] - sin(k_t w_j) dY[t, j, 1])
inline Tensor sin_cos_at(const Positions& k, const Tensor& w) {
    const std::vector<Scalar> learned = w.values().to_vector();
    const std::vector<double> frequencies(learned.begin(), learned.end());
    const Index P = w.size();
    NdArray Y = NdArray::uninitialized({k.size(), P, 2});
    Scalar* y = Y.mutable_data();
    for (Index t = 0; t < k.size(); ++t) kernels::sin_cos(k[t], frequencies.data(), y + 2 * t * P, P);
    return Tensor::from_op("sin_cos_at", Y, {w}, [=](const NdArray& dY) {
        const NdArray d = contiguous(dY);
        std::vector<double> sums(frequencies.size(), 0);
        for (Index t = 0; t < k.size(); ++t)
            for (Index j = 0; j < P; ++j) {
                const Index at = 2 * (t * P + j);
                const double sine = static_cast<double>(Y.data()[at]), cosine = static_cast<double>(Y.data()[at + 1]);
                sums[static_cast<std::size_t>(j)] +=
                    k[t] * (cosine * static_cast<double>(d.data()[at]) - sine * static_cast<double>(d.data()[at + 1]));
            }
        NdArray dw = zeros({P});
        for (Index j = 0; j < P; ++j) dw.mutable_data()[j] = static_cast<Scalar>(sums[static_cast<std::size_t>(j)]);
        w.accumulate_grad(dw);
    });
}

// Y[t, j] = e^(k_t l_j): powers of a decay, l its logarithm          l: [P] -> [T, P]
// dl_j = sum over t of  k_t Y[t, j] dY[t, j]
inline Tensor powers_at(const char* who, const Positions& k, const Tensor& l) {
    const std::vector<Scalar> logs = l.values().to_vector();
    const Index P = l.size();
    NdArray Y = NdArray::uninitialized({k.size(), P});
    for (Index t = 0; t < k.size(); ++t)
        for (Index j = 0; j < P; ++j) {
            const double power = std::exp(k[t] * static_cast<double>(logs[static_cast<std::size_t>(j)]));
            require<PositionOutOfRange>(
                fits(power) || power != power, who, ": at position ", k[t],
                " a decay to this power is too large for a number of this build; choose a position nearer to 0");
            Y.mutable_data()[t * P + j] = static_cast<Scalar>(power);
        }
    return Tensor::from_op("powers_at", Y, {l}, [=](const NdArray& dY) {
        const NdArray d = contiguous(dY);
        NdArray dl = zeros({P});
        for (Index j = 0; j < P; ++j) {
            double sum = 0;
            for (Index t = 0; t < k.size(); ++t)
                sum += k[t] * static_cast<double>(Y.data()[t * P + j]) * static_cast<double>(d.data()[t * P + j]);
            dl.mutable_data()[j] = static_cast<Scalar>(sum);
        }
        l.accumulate_grad(dl);
    });
}

}    // namespace ordinal
