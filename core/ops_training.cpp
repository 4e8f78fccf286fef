#include <ordinal/core/ops_training.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <ordinal/core/fast/buffer.h>
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

    auto losses = with_memory([&] { return std::vector<double>(static_cast<std::size_t>(rows)); },
                              "cross_entropy: there is no memory for ", rows, " losses");
    const NdArray slope = map_rows(logits.values(), [&](Index i, const Scalar* row, Scalar* d_row, Index n) {
        const Index target = targets[i];
        if (target == ignore_index) {
            std::fill_n(d_row, n, Scalar(0));
            return;
        }
        Scalar largest;
        const Scalar total = kernels::exp_minus_max(row, d_row, n, &largest);
        losses[static_cast<std::size_t>(i)] =
            static_cast<double>(largest) - static_cast<double>(row[target]) + std::log(static_cast<double>(total));
        const auto factor = static_cast<Scalar>(1 / (static_cast<double>(counted) * static_cast<double>(total)));
        for (Index v = 0; v < n; ++v) d_row[v] *= factor;
        d_row[target] -= static_cast<Scalar>(1 / static_cast<double>(counted));
    });
    const double loss = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(counted);
    return Tensor::from_op("cross_entropy", NdArray(loss), {logits}, [logits, slope](const NdArray& d_loss) {
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
