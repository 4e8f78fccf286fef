// The runs of the demo `attention_maps`, and what is claimed and shown of them.
#pragma once

#include <optional>

#include "demos/lab/report.h"
#include "demos/models/poem_task.h"

namespace ordinal::demos {

// A row for each encoding. "off3": one layer trained at up to 32 positions, looked at with 32. "poems": the model of
// the demo `swap`, looked at with windows of its first period. Kept: the attention, [H, T, T].
Measurements maps_runs(const std::vector<std::string>& encodings, const std::vector<std::uint64_t>& seeds, Index steps,
                       const std::optional<PoemTask>& poems, Index poem_steps);

Table off3_table(const Measurements& found);
Table with_heads(const Table& off3, const Measurements& found);    // and where each head of the first seed looks
Table poems_table(const Measurements& found, const PoemTask& poems);

// Places 0 .. length - 1 where a line of one of these periods ends, and none of those.
std::vector<Index> line_ends(const std::vector<Index>& of, const std::vector<Index>& not_of, Index length);

// Four heads in a row, a row for each of the first six encodings. strongest: the end of the colour scale.
std::vector<plot::Heatmap> head_panels(const Measurements& found, double strongest);

std::vector<Claim> maps_claims(const std::vector<std::string>& encodings);

}    // namespace ordinal::demos
