// PyTorch as a peer: torch_side.py in a process of its own, which takes turns with this one.
#pragma once

#include <string>

#include "bench/child.h"
#include "bench/samples.h"
#include "bench/workloads.h"

namespace ordinal::bench {

class TorchPeer {
public:
    explicit TorchPeer(int threads);

    const std::string& version() const { return version_; }    // "1.13.1"; "" where PyTorch is not installed
    Samples measure(const std::string& workload, double seconds);

private:
    Child child_;
    std::string version_;
};

// measure_memory() of the same workload in PyTorch, in a process of its own.
Memory torch_memory(const std::string& workload, int threads);

}    // namespace ordinal::bench
