// How long things take: the least of many calls, in turns.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "demos/lab/measurements.h"
#include "demos/lab/progress.h"

namespace ordinal::demos {

struct Timed {
    Labels labels;
    std::function<void()> work;
};

// The least of as many calls as `milliseconds` take: whatever disturbs a call makes it longer.
inline double least_call(const std::function<void()>& work, double milliseconds) {
    using Clock = std::chrono::steady_clock;
    const auto since = [](Clock::time_point start) {
        return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    };
    const auto first = Clock::now();
    double least = infinity;
    do {
        const auto start = Clock::now();
        work();
        least = std::min(least, since(start));
    } while (since(first) < milliseconds);
    return least;
}

// Milliseconds of each work, the least of all rounds. They take turns, so that a slow moment of the machine meets all
// of them; those that take long sit out all but the first.
inline Measurements least_milliseconds(const std::string& what, const std::vector<Timed>& works, Index rounds,
                                       double milliseconds) {
    constexpr double slow = 150;
    Measurements found;
    for (const Timed& timed : works) found.numbers.push_back({timed.labels, 1, infinity});
    Progress progress(what, rounds * std::ssize(works));
    for (Index round = 0, step = 0; round < rounds; ++round)
        for (std::size_t w = 0; w < works.size(); ++w) {
            double& least = found.numbers[w].value;
            if (round == 0 || least < slow) least = std::min(least, least_call(works[w].work, milliseconds));
            progress.update(++step, "milliseconds", least);
        }
    progress.finish();
    return found;
}

}    // namespace ordinal::demos
