// What the experiment "swap" expects of its runs.
#pragma once

#include "demos/experiments/poems/swap_results.h"
#include "demos/lab/expectation.h"

namespace ordinal {

// The bands of reference runs, for 300 steps and the mean of 3 seeds; or a few of them with a wide margin, for one
// seed.
enum class SwapBands { full, wide_margin };
// never: how often "no punctuation here" would be right beyond the trained length.
Expectations judge_swap(const SwapResults& results, SwapBands bands, double never);

}    // namespace ordinal
