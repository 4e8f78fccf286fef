#include <ordinal/core/ops_training.h>

#include <ordinal/core/nd_math.h>

namespace ordinal {

// Y = X F,  F = 0 with the probability p, else 1 / (1 - p)          dX = dY F
Tensor dropout(const Tensor& X, double probability, Rng& rng) {
    require<OptionError>(0 <= probability && probability < 1, "dropout: expected 0 <= probability < 1, got ",
                         probability);
    if (probability == 0) return X;
    NdArray F = NdArray::uninitialized(X.shape());
    for (Scalar& factor : std::span(F.mutable_data(), static_cast<std::size_t>(F.size())))
        factor = rng.chance(probability) ? 0 : static_cast<Scalar>(1 / (1 - probability));
    return Tensor::from_op("dropout", X.values() * F, {X}, [X, F](const NdArray& dY) { X.accumulate_grad(dY * F); });
}

}    // namespace ordinal
