// What does training make of a recursion? The RNN of 64 numbers, trained on one task after the other, and its orbit
// followed far beyond: predicted, measured, drawn.
#pragma once

#include "demos/lab/report.h"

namespace ordinal::demos {

// A table with a row for each task: what was predicted, and what came; and a chart for each: of 256 settled codes of
// the first seed, the two numbers that vary most.
void show_trained(const DemoOptions& options, Report& report);

std::string two_digits(const std::vector<double>& seeds);    // "1.5 [1.4 .. 1.6]", "2.3e-05"

}    // namespace ordinal::demos
