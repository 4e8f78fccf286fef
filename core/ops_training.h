// The two operations that only training needs.
#pragma once

#include <ordinal/core/index_array.h>
#include <ordinal/core/random.h>
#include <ordinal/core/tensor.h>

namespace ordinal {

// The mean of -log softmax(logits)[target] over all targets but those equal to ignore_index.
// logits: [..., V]   targets: [...]   ->   [].   With every target ignored there is nothing to average: an error.
Tensor cross_entropy(const Tensor& logits, const IndexArray& targets, Index ignore_index = -1);

// Inverted dropout: each element becomes 0 with the given probability, the others grow by 1 / (1 - probability), so
// that the expectation stays. Srivastava et al. 2014, JMLR 15
Tensor dropout(const Tensor& X, double probability, Rng& rng);

}    // namespace ordinal
