// Independent pieces of work (one training run each) on all cores, with one progress bar.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <ordinal/core/fast/parallel.h>
#include "demos/lab/progress.h"

namespace ordinal::demos {

// Called by a job after each of its steps.
using StepDone = std::function<void(double loss)>;

struct Job {
    Index steps;
    std::function<void(const StepDone& step_done)> run;
};

// Runs all jobs, each on one thread, whose kernels then stay on that thread: runs need no threads inside them when
// there are as many runs as cores. What a job computes does not depend on the others, so the results are the same
// bytes as one after the other.
inline void run_jobs(const std::string& what, const std::vector<Job>& jobs) {
    Index all_steps = 0;
    for (const Job& job : jobs) all_steps += job.steps;
    Progress progress(what, all_steps);
    std::mutex one_at_a_time;
    Index steps_done = 0;
    std::atomic<std::size_t> next{0};
    const StepDone step_done = [&](double loss) {
        const std::lock_guard lock(one_at_a_time);
        progress.update(++steps_done, {{"loss", loss}});
    };
    const Index workers = std::min<Index>(num_threads(), static_cast<Index>(jobs.size()));
    parallel_for(workers, 1, [&](Index begin, Index end) {
        for (Index worker = begin; worker < end; ++worker)
            for (std::size_t i = next++; i < jobs.size(); i = next++) {    // whoever is free takes the next
                try {
                    jobs[i].run(step_done);
                } catch (...) {
                    next = jobs.size();    // the others need not go on
                    throw;
                }
            }
    });
    progress.finish();
}

}    // namespace ordinal::demos
