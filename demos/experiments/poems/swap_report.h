// What the demo `swap` shows of its runs: a table, a picture and filled-in poems.
#pragma once

#include <string>
#include <vector>

#include "demos/experiments/poems/swap_results.h"
#include "demos/lab/results.h"

namespace ordinal {

// A row for each encoding (and each continuation of a table), best inside first; mean [least .. greatest].
Table swap_table_of(const SwapResults& results, const SwapCorpus& corpus);

// encoding,seed,place,loss,character_loss,where,recall,precision: a row for each number.
std::string swap_csv(const SwapResults& results);

// Inside against beyond, the loss and the punctuation: a colour for each row of the table and a dot a seed, at most
// seven colours.
std::vector<plot::LineChart> swap_charts(const SwapResults& results, const SwapCorpus& corpus);

// Two held-out windows and what the models of the first seed would write there: a row for each hidden character and
// what stands around it, a column for each model, at most seven.
Table poems_table_of(const SwapResults& results, const SwapCorpus& corpus);

}    // namespace ordinal
