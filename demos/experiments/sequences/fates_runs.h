// The experiment "fates": where does p_{k+1} = f(p_k) lead? To a fixed point, into a cycle, or around a torus.
#pragma once

#include <string>
#include <vector>

#include <ordinal/core/nd_array.h>
#include "demos/lab/jobs.h"

namespace ordinal {

constexpr Index fate_positions = 512;

struct FateCase {
    std::string encoding;
    std::string task;    // that it was trained on; empty: untrained
    std::string name() const { return encoding + (task.empty() ? ", untrained" : ", trained on " + task); }
};

// Distances are |p_i - p_j| divided by the mean length of a code.
struct Fate {
    NdArray distances;                     // [512, 512]
    std::vector<double> step;              // [k]: from p_k to p_{k+1}
    std::vector<double> back;              // [k]: from p_k to p_{k+5}. 0 = a cycle whose period divides 5
    std::vector<double> nearest;           // [k]: from p_k to the nearest of the earlier p_0 .. p_{k-1}; k = 0: NaN
    double least_of(Index count) const;    // the smallest distance between two of the first `count`
    Index period()
        const;    // the first lag at which p_400 is back to within 0.001; 1 = a fixed point; 0: none up to 100
};

Fate fate_of(const NdArray& codes);    // codes: [512, D]

// Throws OptionError for an encoding that adds no codes: said before any training.
void require_codes(const std::string& encoding);

// `steps` of training where the case names a task; then the codes of positions 0 .. 511.
Fate run_fate(const FateCase& fate_case, std::uint64_t seed, Index steps, const StepDone& step_done);

// The largest |eigenvalue| of W [n, n]: the n-th root of |W^n|, n = 2^16 (Gelfand's formula).
double spectral_radius(const NdArray& W);

// p_{k+1} = tanh(W p_k + b), 64 numbers, W drawn and scaled to this spectral radius: after how many steps is
// |p_{k+1} - p_k| / |p_k| below 2^-23, the last digit of a float? From there on positions look alike. 5000: not yet.
constexpr Index most_distinct = 5000;
Index distinct_positions(double radius, std::uint64_t seed);

}    // namespace ordinal
