// W1 to W6: what Ordinal exists for, as workloads of fixed sizes. torch_side.py has the same ones for PyTorch.
#pragma once

#include <string>
#include <vector>

#include "bench/runs.h"

namespace ordinal::bench {

struct Workload {
    std::string name;    // "W3.128.rnn"
    std::string what;
    std::function<Run()> prepare;
    Index inner = 1;         // calls to a sample, see measure()
    double gflop = 0;        // 10^9 operations in matrix products; 0 = none to speak of
    double gigabytes = 0;    // that a repetition reads and writes at least; 0 = memory is not what it waits for
    bool has_twin = true;    // in torch_side.py
};

// All of them in order: W1 ... W6, then own.*, for which PyTorch 1.13 has no twin.
const std::vector<Workload>& workloads();

// Peak memory of this process over some repetitions, in megabytes. Only a process that does nothing else can tell.
struct Memory {
    double peak = 0;      // of the whole process
    double growth = 0;    // over what was resident before the first repetition
};
struct MemoryWorkload {
    std::string name;
    double result_mb;    // the part of the growth that is the output itself
};
const std::vector<MemoryWorkload>& memory_workloads();
Memory measure_memory(const std::string& name);

}    // namespace ordinal::bench
