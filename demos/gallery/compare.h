// Fresh results beside the committed ones.
#pragma once

#include <string>
#include <vector>

#include "demos/lab/results.h"

namespace ordinal::demos {

// Each value of a demo's results that differs, by its place in the file: `/files/0/fnv1a: was "01ef", is "23cd"` is a
// picture that has changed. Verdicts first. Of timings, which are other on each machine and each day, only the verdicts
// are compared.
std::vector<std::string> differences(const Json& before, const Json& now);

// Copies the results in `fresh` to docs/results, and over each picture in docs/pictures the fresh one of its name.
void take_over(const std::string& fresh, const std::string& docs);

}    // namespace ordinal::demos
