// What a measurement gives: how long each repetition took.
#pragma once

#include <functional>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal::bench {

using Samples = std::vector<double>;    // milliseconds

// Half of the samples are below it. One sample that the operating system disturbed does not move it.
double median(Samples samples);

// Median with minimum and maximum over everything that was measured.
struct Spread {
    double median = 0, min = 0, max = 0;
};
Spread spread(const Samples& samples);

// One side of a comparison, round by round.
struct Rounds {
    std::vector<Samples> rounds;

    Spread spread() const;                  // the median of the rounds' medians; extremes of all samples
    std::vector<double> medians() const;    // one a round
};

// Calls run() once to warm caches and threads up, then again and again until the time is over, at least once. A
// sample is the time of `inner` calls divided by `inner`: single calls of a microsecond are below the clock's steps.
Samples measure(const std::function<void()>& run, double seconds, Index inner = 1);

// Two sides that take turns: ours, theirs, ours, theirs, ... `theirs` may be missing.
struct Comparison {
    Rounds ours, theirs;

    // ours / theirs, round by round. The machine's speed drifts; within a round both sides have met the same machine.
    Spread ratio() const;
    // Our shortest time over theirs: what is left when other programs have disturbed neither.
    double ratio_of_best() const;
};
Comparison take_turns(int rounds, const std::function<Samples()>& ours, const std::function<Samples()>& theirs);

}    // namespace ordinal::bench
