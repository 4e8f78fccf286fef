#include <ordinal/core/ops_training.h>

#include <ordinal/core/ops_elementwise.h>

namespace ordinal {

Tensor dropout(const Tensor& X, double probability, Rng& rng) {
    require<OptionError>(0 <= probability && probability < 1, "dropout: expected 0 <= probability < 1, got ",
                         probability);
    if (probability == 0) return X;
    NdArray keep = NdArray::uninitialized(X.shape());
    Scalar* factor = keep.mutable_data();
    for (Index i = 0; i < keep.size(); ++i)
        factor[i] = rng.chance(probability) ? 0 : static_cast<Scalar>(1 / (1 - probability));
    return mul(X, Tensor(keep));
}

}    // namespace ordinal
