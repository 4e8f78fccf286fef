#include "bench/samples.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <ordinal/core/error.h>

namespace ordinal::bench {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}    // namespace

double median(Samples samples) {
    require<OptionError>(!samples.empty(), "median: nothing was measured");
    std::sort(samples.begin(), samples.end());
    const std::size_t half = samples.size() / 2;
    return samples.size() % 2 == 1 ? samples[half] : (samples[half - 1] + samples[half]) / 2;
}

Spread spread(const Samples& samples) {
    return {median(samples), *std::min_element(samples.begin(), samples.end()),
            *std::max_element(samples.begin(), samples.end())};
}

std::vector<double> Rounds::medians() const {
    std::vector<double> all;
    for (const Samples& round : rounds) all.push_back(median(round));
    return all;
}

Spread Rounds::spread() const {
    Samples all;
    for (const Samples& round : rounds) all.insert(all.end(), round.begin(), round.end());
    Spread result = bench::spread(all);
    result.median = median(medians());
    return result;
}

Spread Comparison::ratio() const {
    Samples ratios;
    const Samples a = ours.medians(), b = theirs.medians();
    for (std::size_t i = 0; i < a.size(); ++i) ratios.push_back(a[i] / b[i]);
    return bench::spread(ratios);
}

double Comparison::ratio_of_best() const { return ours.spread().min / theirs.spread().min; }

Comparison take_turns(int rounds, const std::function<Samples()>& ours, const std::function<Samples()>& theirs) {
    Comparison comparison;
    for (int round = 0; round < rounds; ++round) {
        comparison.ours.rounds.push_back(ours());
        if (!theirs) continue;
        comparison.theirs.rounds.push_back(theirs());
        // Threads of PyTorch and OpenBLAS look for work for a while before they sleep: no processor would be ours.
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return comparison;
}

Samples measure(const std::function<void()>& run, double seconds, Index inner) {
    constexpr std::size_t most_samples = 1000;
    const auto sample = [&] {
        const auto start = Clock::now();
        for (Index i = 0; i < inner; ++i) run();
        return milliseconds_since(start) / static_cast<double>(inner);
    };
    sample();
    Samples samples;
    const auto start = Clock::now();
    do {
        samples.push_back(sample());
    } while (milliseconds_since(start) < 1000 * seconds && samples.size() < most_samples);
    return samples;
}

}    // namespace ordinal::bench
