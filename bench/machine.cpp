#include "bench/machine.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <vector>

#include "core/kernels.h"
#include "core/parallel.h"

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

// 12 sums that do not wait for each other: a product takes about 4 cycles and two can start in each, so fewer than 8
// would leave gaps. x <- x a + b runs to the fixed point b / (1 - a) = 2: never to 0, where very small numbers
// (denormals) would slow the processor down, and never to infinity.
constexpr int chains = 12;

template <int bytes>
[[gnu::always_inline]] inline Scalar multiply_and_add(Index repetitions) {
    constexpr int lanes = bytes / static_cast<int>(sizeof(Scalar));
    typedef Scalar Vector __attribute__((vector_size(bytes), may_alias));
    volatile Scalar factor = Scalar(0.5), addend = 1;    // volatile: the compiler must not know the result
    const Vector a = Vector{} + factor, b = Vector{} + addend;
    Vector x[chains];
    for (int i = 0; i < chains; ++i) x[i] = Vector{} + static_cast<Scalar>(i);
    for (Index n = 0; n < repetitions; ++n) {
#pragma GCC unroll 12
        for (int i = 0; i < chains; ++i) x[i] = x[i] * a + b;
    }
    Scalar sum = 0;
    const Scalar* numbers = reinterpret_cast<const Scalar*>(x);
    for (int i = 0; i < chains * lanes; ++i) sum += numbers[i];
    return sum;
}

struct Loop {
    Scalar (*run)(Index repetitions);
    int bytes;    // of a vector
};

Scalar baseline(Index repetitions) { return multiply_and_add<16>(repetitions); }
#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] Scalar avx2(Index repetitions) { return multiply_and_add<32>(repetitions); }
[[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]] Scalar avx512(Index repetitions) {
    return multiply_and_add<64>(repetitions);
}
#endif

Loop widest_loop() {    // the same choice as in core/gemm.cpp
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw"))
        return {avx512, 64};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {avx2, 32};
#endif
    return {baseline, 16};
}

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
    const Loop loop = widest_loop();
    constexpr Index repetitions = 100'000;    // about a quarter of a millisecond
    const auto threads = static_cast<std::size_t>(num_threads());
    std::vector<Scalar> results(threads);
    const Samples samples = measure(
        [&] {
            on_all_threads([&](Index thread) { results[static_cast<std::size_t>(thread)] = loop.run(repetitions); });
        },
        seconds);
    sink = results[0];
    const double operations = 2.0 * chains * loop.bytes / sizeof(Scalar) * static_cast<double>(repetitions);
    return operations * static_cast<double>(threads) / median(samples) / 1e6;
}

Bandwidth measure_bandwidth() {
    constexpr Index count = Index(1) << 25;                              // 128 MB of floats
    std::vector<Scalar> from(count, Scalar(1)), to(count, Scalar(0));    // written once: only then is there memory
    constexpr Index grain = Index(1) << 20;
    const double gigabytes = static_cast<double>(count) * sizeof(Scalar) / 1e9;
    const Samples read = measure(
        [&] {
            parallel_for(count, grain,
                         [&](Index begin, Index end) { sink = kernels::sum(from.data() + begin, end - begin); });
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
