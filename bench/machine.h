// What this machine can do at best: the limits that measured speeds are compared with.
#pragma once

#include <string>

#include "bench/samples.h"

namespace ordinal::bench {

std::string processor_name();

// The fastest that num_threads() threads can multiply and add, in GFLOP/s: a loop that touches no memory and keeps
// every multiplier busy, in the widest vectors that the processor has.
double measure_peak(double seconds = 0.01);

// Gigabytes a second between the processor and memory, far outside all caches, on num_threads() threads.
struct Bandwidth {
    double read = 0;    // adding up a large array
    double copy = 0;    // a large array to another one; what is read and what is written are both counted
};
Bandwidth measure_bandwidth();

// Megabytes of memory that this process occupies now, and the most it ever did; 0 where the system does not tell.
double resident_mb();
double peak_resident_mb();

}    // namespace ordinal::bench
