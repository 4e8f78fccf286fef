// Two runs of one demo: what has moved further than it may?
#pragma once

#include <string>
#include <vector>

#include "demos/lab/results.h"

namespace ordinal {

// A sentence for each verdict that changed, each expectation that came or went, and each number of an expectation, a
// curve or a table that moved beyond its tolerance. Timings may move as they like, but not their verdicts.
std::vector<std::string> what_moved(const Results& before, const Results& now);

// How far apart two pictures are: the mean difference of a colour's strength, 0 .. 255; 255 when their sizes differ.
// Throws FileError.
double picture_difference(const std::string& a, const std::string& b);

}    // namespace ordinal
