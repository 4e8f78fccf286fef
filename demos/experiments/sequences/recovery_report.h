// How runs of the experiment "recovery" are shown and judged.
#pragma once

#include "demos/experiments/sequences/recovery_runs.h"
#include "demos/lab/results.h"

namespace ordinal {

// One a task: the share of right answers against the steps of training at the new length; the last one names the lines.
std::vector<plot::LineChart> recovery_charts(const RecoveryResults& results);

// One a task: a row for each start, mean [least .. greatest] over the seeds.
std::vector<Table> recovery_tables(const RecoveryResults& results);

// After 40 steps: where the task is relative, the hierarchy helps; where it is absolute, it hurts. The bands on off3
// are those of reference runs made with PyTorch before this code existed, for the mean of 3 seeds.
struct RecoveryBands {
    double hierarchical = 0.70;    // at least
    double random = 0.45;          // at most
};
Expectations judge_recovery(const RecoveryResults& results, const RecoveryBands& bands = {});

}    // namespace ordinal
