// Ordinal's side of ./go bench: a program that repeats what it is told to and answers how long that took. bench.py
// asks, line by line; torch_side.py answers the same questions for PyTorch.
//
//     0.5 1 W3.128.rnn      for half a second, one call to a sample      {"samples_ms": [1.21, 1.19, ...]}
//     0 0 W1                prepares it only                             {"samples_ms": []}
//
// Its first line says what it is. ORDINAL_THREADS says on how many threads. With --check it only tells whether its
// results are right.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <iostream>
#include <memory>
#include <sstream>
#include <type_traits>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/instruction_set.h>
#include <ordinal/core/fast/machine_limits.h>
#include <ordinal/core/fast/parallel.h>
#include "bench/ordinal_side.h"

using namespace ordinal;
using namespace ordinal::bench;

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

// What this machine can do at best, as workloads: the limits that measured speeds are compared with.
constexpr Index peak_steps = 100'000;     // about a quarter of a millisecond
constexpr Index many = Index(1) << 25;    // numbers: far outside all caches
constexpr double copied_gigabytes = 2 * static_cast<double>(many) * sizeof(Scalar) / 1e9;    // read and written

// What a repetition of "peak" computes, on all threads together.
double peak_gflop() { return multiply_and_add(peak_steps) * num_threads() / 1e9; }

// "peak": all multipliers busy, no memory touched. "copy": many numbers to another array. An empty Run for any other
// name.
Run prepare_limit(const std::string& name) {
    if (name == "peak")
        return [] {
            parallel_for(num_threads(), 1, [](Index begin, Index end) {
                for (Index thread = begin; thread < end; ++thread) multiply_and_add(peak_steps);
            });
        };
    if (name != "copy") return nullptr;
    const auto from = std::make_shared<std::vector<Scalar>>(many, Scalar(1));    // written once: only then there is
    const auto to = std::make_shared<std::vector<Scalar>>(many, Scalar(0));      // memory behind it
    return [=] {
        parallel_for(many, Index(1) << 20, [&](Index begin, Index end) {
            std::copy(from->data() + begin, from->data() + end, to->data() + begin);
        });
    };
}

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// One sample to warm caches and threads up, then samples until the time is over, at least one. A sample is the time of
// `inner` calls divided by `inner`: single calls of a microsecond are below the clock's steps.
std::vector<double> measure(const Run& run, double seconds, Index inner) {
    constexpr std::size_t most_samples = 1000;
    const auto sample = [&] {
        const auto start = Clock::now();
        for (Index i = 0; i < inner; ++i) run();
        return milliseconds_since(start) / static_cast<double>(inner);
    };
    sample();
    std::vector<double> samples;
    const auto start = Clock::now();
    do {
        samples.push_back(sample());
    } while (milliseconds_since(start) < 1000 * seconds && samples.size() < most_samples);
    return samples;
}

// What was asked for last stays prepared: the peak and a workload take turns.
const Run& prepared(const std::string& name) {
    static std::deque<std::pair<std::string, Run>> last;
    for (const auto& [known, run] : last)
        if (known == name) return run;
    if (last.size() == 2) last.pop_back();
    const Run limit = prepare_limit(name);
    return last.emplace_front(name, limit ? limit : prepare_workload(name)).second;
}

void answer(const std::string& line) {
    std::istringstream in(line);
    double seconds = 0;
    Index inner = 0;
    std::string name;
    in >> seconds >> inner >> std::ws;
    require<OptionError>(in && std::getline(in, name), "expected SECONDS INNER NAME, got '", line, "'");
    const Run& run = prepared(name);
    const std::vector<double> samples = inner > 0 ? measure(run, seconds, inner) : std::vector<double>();
    std::cout << Json{{"samples_ms", samples}}.dump() << std::endl;
}

void introduce() {
    const char* const sets[] = {"portable", "avx2", "avx512"};
    std::cout << Json{{"threads", num_threads()},
                      {"instructions", sets[static_cast<int>(instruction_set())]},
                      {"float", std::is_same_v<Scalar, float>},
                      {"peak_gflop", peak_gflop()},
                      {"copied_gigabytes", copied_gigabytes}}
                     .dump()
              << std::endl;
}

void print_checks() {
    Json checks = Json::array();
    for (const Check& check : check_results())
        checks.push_back({{"what", check.what}, {"found", check.found}, {"passed", check.passed()}});
    std::cout << checks.dump() << std::endl;
}

}    // namespace

int main(int argc, char** argv) {
    try {
        if (argc > 1 && std::string(argv[1]) == "--check") {
            print_checks();
            return 0;
        }
        introduce();
        for (std::string line; std::getline(std::cin, line);) answer(line);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "ordinal_side: " << error.what() << '\n';
        return 1;
    }
}
