// Ordinal's side of ./go bench: a program that repeats what it is told to and answers how long that took. bench.py
// asks, line by line; torch_side.py answers the same questions for PyTorch.
//
//     0.5 1 W3.128.rnn      for half a second, one call to a sample      {"samples_ms": [1.21, 1.19, ...]}
//     0 0 W1                prepares it only                             {"samples_ms": []}
//
// Its first line says what it is. ORDINAL_THREADS says on how many threads. With --check it only tells whether its
// results are right.
#include <nlohmann/json.hpp>

#include <chrono>
#include <deque>
#include <iostream>
#include <sstream>
#include <type_traits>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include "bench/limits.h"
#include "bench/ordinal_side.h"

using namespace ordinal;
using namespace ordinal::bench;

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

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

Run prepare(const std::string& name) {
    if (const Run run = prepare_limit(name)) return run;
    if (const Run run = prepare_product(name)) return run;
    return prepare_workload(name);
}

// What was asked for last stays prepared: the peak, a product, and the same one by OpenBLAS take turns.
const Run& prepared(const std::string& name) {
    static std::deque<std::pair<std::string, Run>> last;
    for (const auto& [known, run] : last)
        if (known == name) return run;
    if (last.size() == 3) last.pop_back();
    return last.emplace_front(name, prepare(name)).second;
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
    std::cout << Json{{"threads", num_threads()},
                      {"float", std::is_same_v<Scalar, float>},
                      {"openblas", openblas_description()},
                      {"peak_gflop", peak_gflop()},
                      {"read_gigabytes", gigabytes_of_many}}
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
