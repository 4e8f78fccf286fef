// What the demo `attention_maps` shows of its runs.
#pragma once

#include "demos/experiments/attention/attention_maps_runs.h"
#include "demos/lab/expectation.h"
#include "demos/lab/results.h"
#include "demos/plot/heatmap.h"

namespace ordinal {

struct MapsResults {
    std::vector<std::string> encodings;
    std::vector<std::uint64_t> seeds;
    std::vector<std::vector<AttentionMaps>> off3;     // [encoding][seed]
    std::vector<std::vector<AttentionMaps>> poems;    // [encoding][seed]; empty without poems
};

// Four heads in a row, a row for each of the first six encodings, of the first seed. strongest: the end of the colour
// scale.
std::vector<plot::Heatmap> head_panels(const std::vector<std::string>& encodings,
                                       const std::vector<std::vector<AttentionMaps>>& maps, double strongest);

// A row for each encoding: where the clearest head looks, and how far a rule of the distance explains the scores.
Table off3_table(const MapsResults& results);
Table poems_table(const MapsResults& results);

// The bands of reference runs, for 500 steps and the mean of 3 seeds; or with a wide margin.
enum class MapsBands { full, wide_margin };
Expectations judge_maps(const MapsResults& results, MapsBands bands);

}    // namespace ordinal
