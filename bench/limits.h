// What this machine can do at best, as workloads: the limits that measured speeds are compared with.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include <ordinal/core/fast/machine_limits.h>
#include <ordinal/core/fast/parallel.h>
#include "bench/ordinal_side.h"

namespace ordinal::bench {

constexpr Index peak_steps = 100'000;     // about a quarter of a millisecond
constexpr Index many = Index(1) << 25;    // numbers: far outside all caches
constexpr double gigabytes_of_many = static_cast<double>(many) * sizeof(Scalar) / 1e9;

// What a repetition of "peak" computes, on all threads together.
inline double peak_gflop() { return multiply_and_add(peak_steps) * num_threads() / 1e9; }

// "peak": all multipliers busy, no memory touched. "read", "copy": many numbers added up, or written to another array.
// An empty Run for any other name.
inline Run prepare_limit(const std::string& name) {
    if (name == "peak")
        return [] {
            parallel_for(num_threads(), 1, [](Index begin, Index end) {
                for (Index thread = begin; thread < end; ++thread) multiply_and_add(peak_steps);
            });
        };
    if (name != "read" && name != "copy") return nullptr;
    constexpr Index grain = Index(1) << 20;
    const auto from = std::make_shared<std::vector<Scalar>>(many, Scalar(1));    // written once: only then there is
    const auto to = std::make_shared<std::vector<Scalar>>(many, Scalar(0));      // memory behind it
    if (name == "copy")
        return [=] {
            parallel_for(many, grain, [&](Index begin, Index end) {
                std::copy(from->data() + begin, from->data() + end, to->data() + begin);
            });
        };
    return [=] {
        parallel_for(many, grain, [&](Index begin, Index end) { read_numbers(from->data() + begin, end - begin, 1); });
    };
}

}    // namespace ordinal::bench
