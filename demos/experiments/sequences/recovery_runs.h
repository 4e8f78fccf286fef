// The experiment "recovery": a table trained at 32 positions is made 128 long and trained on. How fast does it recover?
#pragma once

#include <string>
#include <vector>

#include "demos/lab/jobs.h"
#include "demos/models/sequence_model.h"

namespace ordinal {

constexpr Index extended_length = 128;

// random, zero, copy, linear, hierarchical: ways to extend a trained table (positional/tables/extend_table.h); and
// "from scratch", a new model with a new table of 128 rows.
const std::vector<std::string>& recovery_starts();

struct RecoverySteps {
    Index before = 500;          // training at up to 32 positions
    std::vector<Index> asked;    // after how many further steps the model is asked, in increasing order
    Index total() const;         // all steps of one run
};

// Trains once at up to 32 positions; then, from each start, everything at 128 positions. The share of right answers
// over all 128 positions: [start][asked]. (A quarter of them are old, so 0.25 is no learning.)
std::vector<std::vector<double>> run_recovery(const SequenceTask& task, std::uint64_t seed, const RecoverySteps& steps,
                                              const StepDone& step_done);

struct RecoveryResults {
    std::vector<std::string> tasks;
    std::vector<std::uint64_t> seeds;
    RecoverySteps steps;
    std::vector<std::vector<std::vector<std::vector<double>>>> accuracy;    // [task][seed][start][asked]
};

RecoveryResults run_recoveries(const std::vector<std::string>& tasks, const RecoverySteps& steps,
                               const std::vector<std::uint64_t>& seeds);

}    // namespace ordinal
