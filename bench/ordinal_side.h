// What ordinal_side is made of: things to repeat, by their names, and checks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal::bench {

using Run = std::function<void()>;    // a repetition; owns what it works on

// W1 to W6: what Ordinal exists for, in fixed sizes. torch_workloads.py has the same ones for PyTorch; plan.py says how
// much work they are. OptionError: there is no such workload.
Run prepare_workload(const std::string& name);

// Matrix products C = A B, [m, k][k, n]: "gemm NT 2048 256 512 1", "openblas TN ...": who; which operand lies
// transposed (NN none, NT B as in a forward pass with W [out, in], TN A as in the gradient of a weight); m, n, k; how
// many. An empty Run for any other name.
Run prepare_product(const std::string& name);
std::string openblas_description();    // its file and kernel; "" where it is not installed
// The largest difference from the naive loop, over sizes that leave odd edges, relative to sqrt(k).
double gemm_error();
double openblas_error();    // it must be installed

// A wrong kernel is easily a fast one. Before anything is timed, results are checked.
struct Check {
    std::string what;
    double found;
    double low, high;    // where it has to be

    bool passed() const { return low <= found && found <= high; }    // false for NaN
};
std::vector<Check> check_results();

}    // namespace ordinal::bench
