// The experiment "shift": the same 32 tokens, but their positions begin at s instead of 0. Does anything change?
#pragma once

#include <string>
#include <vector>

#include "demos/common/parallel_jobs.h"
#include "demos/common/results.h"
#include "demos/experiments/sequences/sequence_model.h"

namespace ordinal {

const std::vector<Index>& shifts();    // 0, 1, 2, 4, ..., 224

struct ShiftResults {
    std::vector<std::string> encodings;
    std::vector<std::uint64_t> seeds;
    std::vector<std::vector<std::vector<double>>> accuracy;    // [encoding][seed][shift], task off3
};

// Throws OptionError for an encoding that cannot begin anywhere but at 0, or has too few positions.
void require_movable(const std::string& name, const Traits& traits);

// Trains on off3 at positions 0 .. 31 and asks at s .. s + 31. OptionError, before any training, for an encoding that
// does not exist or cannot be moved.
ShiftResults run_shifts(const std::vector<std::string>& encodings, const std::vector<std::uint64_t>& seeds,
                        Index steps);

// The runs of these encodings.
ShiftResults only(const std::vector<std::string>& encodings, const ShiftResults& results);

// Against s + 1, so that s = 0 has its place on a logarithmic axis.
plot::LineChart shift_chart(const ShiftResults& results);
Table shift_table(const ShiftResults& results);
// wide_margin: for one seed and 250 steps.
enum class ShiftBands { full, wide_margin };
Expectations judge_shifts(const ShiftResults& results, ShiftBands bands);

}    // namespace ordinal
