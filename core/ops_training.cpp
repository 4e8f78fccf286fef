#include "core/ops_training.h"

#include <algorithm>
#include <cmath>

#include "core/nd_math.h"
#include "core/ops_elementwise.h"

namespace ordinal {

// loss = -1/n sum_i ln P[i, target_i],  P = softmax(logits)          d logits[i, v] = (P[i, v] - [v = target_i]) / n
Tensor cross_entropy(const Tensor& logits, const IndexArray& targets, Index ignore_index) {
    require(logits.ndim() == targets.shape.ndim() + 1 &&
                std::equal(targets.shape.begin(), targets.shape.end(), logits.shape().begin()),
            "cross_entropy: expected logits [..., V] and targets [...], got logits ", logits.shape(), " and targets ",
            targets.shape);
    const Index rows = targets.size(), classes = logits.dim(-1);
    NdArray probabilities = NdArray::uninitialized(logits.shape());    // rows of ignored targets become 0
    const NdArray x = contiguous(logits.values());
    Scalar* P = probabilities.mutable_data();
    double loss = 0;
    Index counted = 0;
    for (Index i = 0; i < rows; ++i) {
        const Index target = targets[i];
        const Scalar* row = x.data() + i * classes;
        Scalar* p = P + i * classes;
        if (target == ignore_index) {
            std::fill_n(p, classes, Scalar(0));
            continue;
        }
        require<IndexError>(0 <= target && target < classes, "cross_entropy: target ", target, " is outside ", classes,
                            " classes");
        const Scalar largest = *std::max_element(row, row + classes);
        Scalar total = 0;
        for (Index v = 0; v < classes; ++v) total += p[v] = std::exp(row[v] - largest);
        for (Index v = 0; v < classes; ++v) p[v] /= total;
        loss += static_cast<double>(largest - row[target]) + std::log(static_cast<double>(total));
        ++counted;
    }
    require(counted > 0, "cross_entropy: every target is ignored, so there is nothing to average");
    const Scalar n = static_cast<Scalar>(counted);
    return Tensor::from_op("cross_entropy", NdArray(Shape{}, static_cast<Scalar>(loss) / n), {logits},
                           [=](const NdArray& d_loss) {
                               NdArray d_logits = probabilities * (d_loss.item() / n);
                               Scalar* d = d_logits.mutable_data();
                               for (Index i = 0; i < rows; ++i)
                                   if (targets[i] != ignore_index) d[i * classes + targets[i]] -= d_loss.item() / n;
                               logits.accumulate_grad(d_logits);
                           });
}

Tensor dropout(const Tensor& X, double probability, Rng& rng) {
    require<OptionError>(0 <= probability && probability < 1, "dropout: expected 0 <= probability < 1, got ", probability);
    if (probability == 0) return X;
    NdArray keep = NdArray::uninitialized(X.shape());
    Scalar* factor = keep.mutable_data();
    for (Index i = 0; i < keep.size(); ++i)
        factor[i] = rng.chance(probability) ? 0 : static_cast<Scalar>(1 / (1 - probability));
    return mul(X, Tensor(keep));
}

}    // namespace ordinal
