// The command line of the benchmark. The one place that knows the library CLI11 is options.cpp.
#pragma once

#include <string>
#include <vector>

namespace ordinal::bench {

struct Options {
    bool help = false;
    bool quick = false;    // one short round
    bool without_torch = false;
    std::vector<int> threads;              // one run for each number; empty: 1, and all processors
    std::vector<std::string> workloads;    // names or their beginnings, "W3" or "W3.128.rnn"; empty: all
    int rounds = 3;
    double seconds = 1;       // for each side of a workload in each round
    std::string json;         // where to write all figures; empty: nowhere
    std::string memory_of;    // internal: measure the memory of this workload, print it, and end

    bool selects(const std::string& name) const;
};

// Throws OptionError.
Options parse_options(const std::vector<std::string>& arguments);
std::string help_text();

}    // namespace ordinal::bench
