// A table that is made longer: what the demos `extend` and `real_tables` show of it, and how those on poems read it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/tables/extend_table.h>
#include "demos/lab/table.h"
#include "demos/plot/heatmap.h"

namespace ordinal::demos {

// A stand-in for a trained table, not a trained one: neighbours are alike, and far rows are not. An autoregression,
//     P[k + 1] = 0.98 P[k] + sqrt(1 - 0.98^2) noise,      so the cosine of P[i] and P[j] is about 0.98^|i - j|.
NdArray smooth_table(Index rows, Index width, std::uint64_t seed, double likeness = 0.98);

// Where a longer table Q of n old rows gives itself away: cosines of two rows, by name. NaN where Q is too short.
//     q_n-1, q_n          the seam: the last old row and its new neighbour
//     q_0, q_n            a ghost: the first rows of two blocks; and the sixth, q_5, q_n+5
//     q_(3,2), q_(2,3)    block 3 place 2, and block 2 place 3
std::vector<std::pair<std::string, double>> seams(const NdArray& Q, Index n);

// A row a strategy, with the seams and the translation invariance (positional/measures/indicators.h) of each.
Table seams_table(const std::string& name, const std::string& title, const NdArray& table, Index length,
                  std::uint64_t seed);

// Cosines of the table made `length` long, with a line at each seam.
plot::Heatmap extension_panel(const NdArray& table, Index length, const Extension& extension, std::uint64_t seed);
std::vector<plot::Heatmap> extension_panels(const NdArray& table, Index length, std::uint64_t seed);    // six

// The ways to read a model beyond the `trained` positions: `evaluate` is called with a name for each. A learned table
// has several: its untrained rows as they are, and then, for each of `longer`, its trained rows made longer.
void each_reading(const std::string& name, const Encoding& encoding, Index trained,
                  const std::vector<std::pair<std::string, Extend>>& longer, Rng& rng,
                  const std::function<void(const std::string& reading)>& evaluate);

}    // namespace ordinal::demos
