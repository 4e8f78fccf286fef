// What ordinal_side is made of: things to repeat, by their names, and checks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal::bench {

using Run = std::function<void()>;    // a repetition; owns what it works on

// Matrix products, W1 to W6, writing, a published BERT: what Ordinal exists for, in fixed sizes. torch_workloads.py has
// the same ones for PyTorch; plan.py says how much work they are. OptionError: there is no such workload.
Run prepare_workload(const std::string& name);

// A wrong kernel is easily a fast one. Before anything is timed, results are checked.
struct Check {
    std::string what;
    double found;
    double low, high;    // where it has to be

    bool passed() const { return low <= found && found <= high; }    // false for NaN
};
std::vector<Check> check_results();

}    // namespace ordinal::bench
