// What does training make of a recursion? The RNN of 64 numbers, trained on one task after the other, and its orbit
// followed far beyond: predicted, measured, drawn.
#pragma once

#include "demos/lab/measurements.h"

namespace ordinal::demos {

std::vector<std::string> predicted_tasks();

// A run for each task and seed.
Measurements follow_trained(const std::vector<std::string>& tasks, const std::vector<std::uint64_t>& seeds,
                            Index steps);

Table trained_table(const Measurements& found);    // a row for each task: what was predicted, and what came

// One a task: of 256 settled codes of the first seed, the two numbers that vary most.
std::vector<plot::LineChart> trained_charts(const Measurements& found);

std::string two_digits(const std::vector<double>& seeds);    // "1.5 [1.4 .. 1.6]", "2.3e-05"

}    // namespace ordinal::demos
