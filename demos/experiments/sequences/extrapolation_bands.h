// What the runs of experiment "extrapolation" are expected to reach: bands of reference runs made with PyTorch before
// this code existed, for 500 steps and the mean of at least 3 seeds.
#pragma once

#include <string>
#include <vector>

#include "demos/experiments/sequences/extrapolation_runs.h"
#include "demos/lab/expectation.h"

namespace ordinal {

struct LengthBand {
    std::string task, encoding;
    Index length;
    Band band;
    std::string if_missed;
};

std::vector<LengthBand> full_bands();           // the demo extrapolate
std::vector<LengthBand> hybrid_bands();         // the demo hybrid
std::vector<LengthBand> wide_margin_bands();    // of both, the few that one seed and 250 steps meet, too

// Each band whose task and encoding were run. Spaces in an encoding's name do not count.
Expectations judge(const std::string& demo, const ExtrapolationResults& results, const std::vector<LengthBand>& bands);

}    // namespace ordinal
