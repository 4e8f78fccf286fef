// The book quotes tables of committed results. A line
//     <!-- results: extrapolate.json off3 -->
// says where the Markdown table under it comes from: docs/results/extrapolate.json, its table "off3". With
//     <!-- results: extrapolate.json off3: rope; table(std=0.1) -->
// only the rows with such a cell are quoted, in this order. Every demo has a table "expectations".
#pragma once

#include <functional>
#include <string>

#include "demos/lab/results.h"

namespace ordinal::demos {

// What a marker names: "off3" or "off3: rope; table(std=0.1)". Throws OptionError: no such table, or no such row.
Table quoted_table(const Json& results, const std::string& quotation);

// The page with each quoted table written anew. `results_of` is asked for each file by its name.
std::string with_fresh_tables(const std::string& page, const std::function<Json(const std::string& file)>& results_of);

}    // namespace ordinal::demos
