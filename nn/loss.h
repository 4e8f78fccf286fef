// Losses: one number that says how wrong the output is. For classes use cross_entropy (core/ops_training.h).
#pragma once

#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>

namespace ordinal {

// mean((prediction - target)^2)          equal shapes -> []
inline Tensor mse_loss(const Tensor& prediction, const Tensor& target) {
    require(prediction.shape() == target.shape(), "mse_loss: expected equal shapes, got ", prediction.shape(), " and ",
            target.shape());
    const Tensor error = prediction - target;
    return mean(error * error);
}

// The share of targets (other than ignore_index) whose class has the largest logit; with a NaN among the logits none
// has.   logits [..., V]   targets [...]
inline double accuracy(const NdArray& logits, const IndexArray& targets, Index ignore_index = -1) {
    const IndexArray best = argmax_last(logits);
    require(best.shape == targets.shape, "accuracy: expected logits [..., V] and targets [...], got logits ",
            logits.shape(), " and targets ", targets.shape);
    const NdArray rows = contiguous(logits);
    Index right = 0, counted = 0;
    for (Index i = 0; i < targets.size(); ++i) {
        if (targets[i] == ignore_index) continue;
        ++counted;
        right += best[i] == targets[i] && !std::isnan(rows.data()[i * logits.dim(-1) + best[i]]);
    }
    require(counted > 0, "accuracy: every target is ignored, so there is nothing to count");
    return static_cast<double>(right) / static_cast<double>(counted);
}

}    // namespace ordinal
