// Traits in words, as the demos and the map of schemes show them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <ordinal/positional/encoding.h>

namespace ordinal::demos {

Index parameter_count(const Module& module);    // how many numbers it learns

// {"acts at", "queries and keys"}, {"positions", "unbounded"}, {"depth", "O(1)"}, ... and the source at the end.
std::vector<std::pair<std::string, std::string>> traits_in_words(const Traits& traits, Index parameters);

}    // namespace ordinal::demos
