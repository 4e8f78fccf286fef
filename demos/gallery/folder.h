// What the demos have left in a folder, without what the page and the comparison could not read.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "demos/lab/results.h"

namespace ordinal::demos {

// The results in `folder` of those of the demos that have left some, in that order; of all, by name, where none is
// named. What is no result of a demo is told on `warnings` and left out.
std::vector<Json> results_in(const std::string& folder, std::vector<std::string> names, std::ostream& warnings);

// Pictures that are not there, or that another run has drawn: told on `warnings`, and no longer among those of a demo.
void leave_out_foreign_pictures(std::vector<Json>& demos, const std::string& folder, std::ostream& warnings);

}    // namespace ordinal::demos
