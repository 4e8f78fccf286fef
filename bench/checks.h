// A wrong kernel is easily a fast one. Before anything is timed, its results are checked.
#pragma once

#include <string>
#include <vector>

namespace ordinal::bench {

struct Check {
    std::string what;
    double found;
    double low, high;    // where it has to be

    bool passed() const { return low <= found && found <= high; }    // false for NaN
};

std::vector<Check> check_results();

}    // namespace ordinal::bench
