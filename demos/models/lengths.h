// Trained at 32 positions or fewer, evaluated at up to eight times as many: the runs, tables and charts that the demos
// extrapolate and hybrid share.
#pragma once

#include "demos/lab/claims.h"
#include "demos/models/sequence_model.h"

namespace ordinal::demos {

// Each encoding on each task, with the labels "task", "encoding" and "length": 32, 64, 128 and 256, or what the setup
// makes of them. Beyond the first only the newest half of a sequence counts: positions that training has never seen.
// NaN: the encoding has no such positions.
// Throws OptionError, before any training, for a task or an encoding that does not exist, and for a by_layer(A, B, ...)
// of fewer layers than the setup has.
Measurements measure_lengths(const std::string& demo, const std::vector<std::string>& tasks,
                             const std::vector<std::string>& encodings, Index steps,
                             const std::vector<std::uint64_t>& seeds, const Setup& setup = {});

// What is claimed of one task at one length. The bands come from reference runs made with PyTorch before this code
// existed, for 500 steps; `few_seeds` is a wide margin, which one seed and 250 steps meet, too.
Claim length_claim(const std::string& task, Index length, const std::string& encoding, const Band& band,
                   const std::optional<Band>& few_seeds, const std::string& if_missed);

// A row for each encoding, a column for each length. Its name is the task's.
Table length_table(const Measurements& found, const std::string& task, const Setup& setup = {});
// The same for any columns: on the right, how many steps depend on each other; below the title, the learning rates and
// what differs in layers.
Table encodings_table(const Measurements& found, Table head, const std::string& columns, const Setup& setup = {});

// One a task, all with the same lines.
std::vector<plot::LineChart> length_charts(const Measurements& found);

// Of one task: its question, what is answered right ("at each length"), and the best blind guess.
Table task_head(const Measurements& found, const SequenceTask& task, const std::string& right);
plot::LineChart task_chart(const SequenceTask& task, const std::string& x_label);

}    // namespace ordinal::demos
