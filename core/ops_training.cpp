#include <ordinal/core/ops_training.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_elementwise.h>

namespace ordinal {

// loss = -1/n sum_i ln P[i, target_i],  P = softmax(logits)          d logits[i, v] = (P[i, v] - [v = target_i]) / n
Tensor cross_entropy(const Tensor& logits, const IndexArray& targets, Index ignore_index) {
    require(logits.ndim() == targets.shape.ndim() + 1 &&
                std::equal(targets.shape.begin(), targets.shape.end(), logits.shape().begin()),
            "cross_entropy: expected logits [..., V] and targets [...], got logits ", logits.shape(), " and targets ",
            targets.shape);
    const Index rows = targets.size(), classes = logits.dim(-1);
    Index counted = 0;
    for (Index target : targets.values) {
        if (target == ignore_index) continue;
        require<IndexError>(0 <= target && target < classes, "cross_entropy: target ", target, " is outside ", classes,
                            " classes");
        ++counted;
    }
    require(counted > 0, "cross_entropy: every target is ignored, so there is nothing to average");

    const NdArray x = contiguous(logits.values());
    NdArray slope = NdArray::uninitialized(logits.shape());    // d loss / d logits
    std::vector<double> losses(static_cast<std::size_t>(rows), 0.0);
    const auto share = static_cast<Scalar>(1 / static_cast<double>(counted));
    Scalar* d = slope.mutable_data();
    parallel_for(rows, std::max<Index>(elements_for_a_thread / classes, 1), [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            const Scalar* row = x.data() + i * classes;
            Scalar* d_row = d + i * classes;
            if (targets[i] == ignore_index) {
                std::fill_n(d_row, classes, Scalar(0));
                continue;
            }
            Scalar largest;
            const Scalar total = kernels::exp_minus_max(row, d_row, classes, &largest);
            losses[static_cast<std::size_t>(i)] = static_cast<double>(largest) - static_cast<double>(row[targets[i]]) +
                                                  std::log(static_cast<double>(total));
            const auto factor = static_cast<Scalar>(1 / (static_cast<double>(counted) * static_cast<double>(total)));
            for (Index v = 0; v < classes; ++v) d_row[v] *= factor;
            d_row[targets[i]] -= share;
        }
    });
    const double loss = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(counted);
    return Tensor::from_op(
        "cross_entropy", NdArray(Shape{}, static_cast<Scalar>(loss)), {logits}, [logits, slope](const NdArray& d_loss) {
            logits.accumulate_grad(d_loss.item() == 1 ? slope : slope * d_loss.item());    // usually it is 1
        });
}

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
