// Softmax, logarithm, choice of the target and mean in one pass, which also forms the gradient.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_training.h>

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

    auto losses = room_for<double>(rows, "cross_entropy");
    const NdArray slope = map_rows(logits.values(), [&](Index i, const Scalar* row, Scalar* d_row, Index n) {
        const Index target = targets[i];
        if (target == ignore_index) {
            std::fill_n(d_row, n, Scalar(0));
            return;
        }
        Scalar largest;
        kernels::exp_minus_max(row, d_row, n, &largest);
        const auto hit = static_cast<double>(d_row[target]);    // 1 - P would lose digits where P is near 1
        const double others = kernels::sum_of_others(d_row, target, n), total = hit + others;
        losses[static_cast<std::size_t>(i)] =
            static_cast<double>(largest) - static_cast<double>(row[target]) + std::log1p(others + (hit - 1));
        const auto factor = static_cast<Scalar>(1 / (static_cast<double>(counted) * total));
        for (Index v = 0; v < n; ++v) d_row[v] *= factor;
        d_row[target] = static_cast<Scalar>(-others / (static_cast<double>(counted) * total));
    });
    const double loss = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(counted);
    return Tensor::from_op("cross_entropy", NdArray(loss), {logits}, [logits, slope](const NdArray& d_loss) {
        logits.accumulate_grad(d_loss.item() == 1 ? slope : slope * d_loss.item());    // usually it is 1
    });
}

}    // namespace ordinal
