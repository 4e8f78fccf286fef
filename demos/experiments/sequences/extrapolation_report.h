// How runs of the experiment "extrapolation" are shown.
#pragma once

#include "demos/experiments/sequences/extrapolation_runs.h"
#include "demos/lab/results.h"

namespace ordinal {

// One a task: the mean over seeds against the length, within its least and greatest value; chance as a line. All show
// the same lines, which the last one names.
std::vector<plot::LineChart> extrapolation_charts(const ExtrapolationResults& results);

// One a task, of its name: a row for each encoding, mean [least .. greatest] over the seeds.
std::vector<Table> extrapolation_tables(const ExtrapolationResults& results);

// All tasks at once, at four times the trained length: what the README shows.
Table headline_table(const ExtrapolationResults& results);

// task,encoding,length,seed,accuracy: a row for each number, for whoever wants to look at it otherwise.
std::string extrapolation_csv(const ExtrapolationResults& results);

}    // namespace ordinal
