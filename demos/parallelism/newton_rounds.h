// What does an RNN's waiting really cost? Its codes in rounds of Newton's method (positional/recurrences/newton.h),
// with weights that were trained: how many rounds, from which guess, and when does the loop have to help?
#pragma once

#include "demos/lab/claims.h"

namespace ordinal::demos {

std::vector<Claim> newton_claims();

// Trains models, and solves their recursions: a run for each task and seed, at each of the lengths.
Measurements newton_rounds(const std::vector<std::string>& tasks, const std::vector<Index>& lengths,
                           const std::vector<std::uint64_t>& seeds, Index steps);

// A row for each length and guess.
Table newton_table(const Measurements& found);

}    // namespace ordinal::demos
