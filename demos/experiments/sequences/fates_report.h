// How the orbits of the experiment "fates" are shown and judged.
#pragma once

#include "demos/experiments/sequences/fates_runs.h"
#include "demos/lab/results.h"
#include "demos/plot/heatmap.h"

namespace ordinal {

struct FatesResults {
    std::vector<FateCase> cases;
    std::vector<std::uint64_t> seeds;
    std::vector<std::vector<Fate>> fates;        // [case][seed]
    std::vector<double> radii;                   // spectral radii of W
    std::vector<std::vector<Index>> distinct;    // [radius][seed]: distinct_positions
};

std::vector<plot::LineChart> fate_charts(const FatesResults& results);    // the mean of all seeds, and their range
std::vector<plot::Heatmap> fate_heatmaps(const FatesResults& results);    // of the first seed
Table fates_table(const FatesResults& results);
Table distinct_table(const FatesResults& results);

// torus: how far apart the trained rotations keep 256 positions at least. Seeds differ much in that; no band was stated
// for it beforehand. The reference runs reached 0.35 .. 0.40, and half of it is asked for.
Expectations judge_fates(const FatesResults& results, double torus = 0.2);

}    // namespace ordinal
