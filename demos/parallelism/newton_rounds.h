// What does an RNN's waiting really cost? Its codes in rounds of Newton's method (positional/recurrences/newton.h),
// with weights that were trained: how many rounds, from which guess, and when does the loop have to help?
#pragma once

#include "demos/lab/report.h"

namespace ordinal::demos {

std::vector<Claim> newton_claims();

// Trains models, and solves their recursions: a run for each task and seed, at each of the lengths.
void show_newton(const DemoOptions& options, Report& report);

}    // namespace ordinal::demos
