// The book quotes tables of committed results. A line
//     <!-- results: extrapolate.json off3 -->
// says where the Markdown table under it comes from: docs/results/extrapolate.json, its table "off3".
#pragma once

#include <functional>
#include <string>

#include "demos/common/results.h"

namespace ordinal {

// The page with each quoted table written anew. `results_of` is asked for each file by its name.
std::string with_fresh_tables(const std::string& page,
                              const std::function<Results(const std::string& file)>& results_of);

}    // namespace ordinal
