// What the demo `parallelism` shows of its measurements.
#pragma once

#include "demos/experiments/speed/parallelism_runs.h"
#include "demos/lab/expectation.h"
#include "demos/lab/results.h"

namespace ordinal {

struct ParallelismResults {
    std::vector<Index> lengths;
    std::vector<EncodingTimes> one_thread, all_threads;    // all_threads: empty where there is but one
    int threads = 1;
    Index batch_length = 0;
    std::vector<BatchTimes> batches;    // on one thread
};

// Times and dependent steps over the length, side by side, all axes logarithmic.
std::vector<plot::LineChart> parallelism_charts(const ParallelismResults& results);

Table time_table(const ParallelismResults& results);      // milliseconds on one thread
Table step_table(const ParallelismResults& results);      // dependent steps: the same on every machine
Table thread_table(const ParallelismResults& results);    // the longest sequence on one thread and on all
Table batch_table(const ParallelismResults& results);     // reading, training, cached

// The dependent steps, and the shapes of the times: those of reference runs, or with margins for a busy machine.
enum class ParallelismBands { full, wide_margin };
Expectations judge_parallelism(const ParallelismResults& results, ParallelismBands bands);

}    // namespace ordinal
