// Fresh results beside the committed ones.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ordinal::demos {

// Each value of a demo's results that differs, by its place in the file: `/files/0/fnv1a: was "01ef", is "23cd"` is a
// picture that has changed. Verdicts first. Of timings, which are other on each machine and each day, only the verdicts
// are compared.
std::vector<std::string> differences(const nlohmann::ordered_json& before, const nlohmann::ordered_json& now);

// Copies the results in `fresh` to docs/results. A picture in docs/pictures is replaced by the fresh one of its name,
// which may be of another kind: a .png by an .svg.
void take_over(const std::string& fresh, const std::string& docs);

}    // namespace ordinal::demos
