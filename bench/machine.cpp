#include "bench/machine.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <numeric>
#include <vector>

#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/fast/parallel.h>
#include "demos/experiments/speed/machine_limits.h"

namespace ordinal::bench {
namespace {

// The number behind `key` in a file of lines "key : value", as in /proc; "" when there is no such file or line.
std::string value_of(const std::string& path, const std::string& key) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(key)) {
            const std::size_t value = line.find_first_not_of(" \t", line.find(':') + 1);
            return value == std::string::npos ? "" : line.substr(value);
        }
    return "";
}

double megabytes(const std::string& kilobytes) { return kilobytes.empty() ? 0 : std::stod(kilobytes) * 1024 / 1e6; }

std::atomic<Scalar> sink;    // results go here, so that the work before them has to be done

// Calls body(thread, 0 .. threads - 1) on all threads at once.
template <class Body>
void on_all_threads(Body body) {
    parallel_for(num_threads(), 1, [&](Index begin, Index end) {
        for (Index thread = begin; thread < end; ++thread) body(thread);
    });
}

}    // namespace

std::string processor_name() {
    const std::string name = value_of("/proc/cpuinfo", "model name");
    return name.empty() ? "unknown processor" : name;
}

double measure_peak(double seconds) {
    std::vector<double> operations(static_cast<std::size_t>(num_threads()));
    const Samples samples = measure(
        [&] {    // 100'000 steps are about a quarter of a millisecond
            on_all_threads(
                [&](Index thread) { operations[static_cast<std::size_t>(thread)] = multiply_and_add(100'000); });
        },
        seconds);
    return std::accumulate(operations.begin(), operations.end(), 0.0) / median(samples) / 1e6;
}

Bandwidth measure_bandwidth() {
    constexpr Index count = Index(1) << 25;                              // 128 MB of floats
    std::vector<Scalar> from(count, Scalar(1)), to(count, Scalar(0));    // written once: only then is there memory
    constexpr Index grain = Index(1) << 20;
    const double gigabytes = static_cast<double>(count) * sizeof(Scalar) / 1e9;
    const Samples read = measure(
        [&] {
            parallel_for(count, grain, [&](Index begin, Index end) {
                sink = static_cast<Scalar>(kernels::sum(from.data() + begin, end - begin));
            });
        },
        0.1);
    const Samples copy = measure(
        [&] {
            parallel_for(count, grain, [&](Index begin, Index end) {
                std::copy(from.data() + begin, from.data() + end, to.data() + begin);
            });
        },
        0.1);
    sink = to[count / 2];
    return {gigabytes / median(read) * 1e3, 2 * gigabytes / median(copy) * 1e3};
}

// Not getrusage(): its maximum would include the process that started this one.
double resident_mb() { return megabytes(value_of("/proc/self/status", "VmRSS")); }
double peak_resident_mb() { return megabytes(value_of("/proc/self/status", "VmHWM")); }

}    // namespace ordinal::bench
