// How a triple loop becomes a kernel at the machine's limit: each rung of the ladder measured, and drawn under the
// roof.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/random.h>
#include "demos/experiments/speed/ladder_report.h"
#include "demos/experiments/speed/machine_limits.h"
#include "demos/lab/progress.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

using Work = std::function<double()>;    // does something and returns how much it did: operations, bytes, times

// How much a second, over at least 30 milliseconds.
double rate(const Work& work) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    double done = 0, seconds = 0;
    for (; seconds < 0.03; seconds = std::chrono::duration<double>(Clock::now() - start).count()) done += work();
    return done / seconds;
}

// The rates of each, lowest first. They take turns, so that a slow moment of the machine meets all of them.
std::vector<std::vector<double>> sorted_rates(const std::string& what, const std::vector<Work>& works, Index rounds) {
    std::vector<std::vector<double>> rates(works.size());
    Progress progress(what, rounds * std::ssize(works));
    for (Index round = 0, step = 0; round < rounds; ++round)
        for (std::size_t w = 0; w < works.size(); ++w) {
            rates[w].push_back(rate(works[w]));
            progress.update(++step);
        }
    progress.finish();
    for (std::vector<double>& of_work : rates) std::sort(of_work.begin(), of_work.end());
    return rates;
}

double median(const std::vector<double>& sorted) { return sorted[sorted.size() / 2]; }

double peak_on_all_threads() {
    std::atomic<double> operations = 0;
    parallel_for(num_threads(), 1, [&](Index begin, Index end) {
        for (Index thread = begin; thread < end; ++thread) operations += multiply_and_add(100'000);
    });
    return operations;
}

std::vector<Scalar> random_numbers(Index count, Rng& rng) {
    std::vector<Scalar> numbers(static_cast<std::size_t>(count));
    for (Scalar& x : numbers) x = static_cast<Scalar>(rng.uniform(-1, 1));
    return numbers;
}

// How many times as fast as the naive rung the top one is.
double climb(const DemoOptions& options, Index n, Report& report) {
    Rng rng(options.seed);
    const std::vector<Scalar> A = random_numbers(n * n, rng), B = random_numbers(n * n, rng);
    const std::vector<Scalar> large((std::size_t(options.quick ? 64 : 256) << 20) / sizeof(Scalar), 1);
    std::vector<Scalar> C(A.size());
    const std::vector<Rung> rungs = ladder_rungs();
    std::vector<Work> works;
    for (const Rung& rung : rungs)
        works.push_back([&, multiply = rung.multiply] {
            multiply(n, n, n, A.data(), B.data(), C.data());
            return 2e-9 * static_cast<double>(n * n * n);
        });
    works.push_back([] { return 1e-9 * multiply_and_add(100'000); });
    works.push_back([] { return 1e-9 * peak_on_all_threads(); });
    works.push_back([&] { return 1e-9 * read_numbers(large.data(), std::ssize(large), 1); });
    works.push_back([&] { return 1e-9 * read_numbers(large.data(), 16384 / sizeof(Scalar), 1000); });
    const auto rates = sorted_rates("ladder", works, options.quick ? 3 : 5);
    std::vector<double> speeds;
    for (std::size_t i = 0; i < rungs.size(); ++i) speeds.push_back(median(rates[i]));
    const auto* limit = rates.data() + rungs.size();    // a limit is what was reached once
    const Limits limits{limit[0].back(), limit[1].back(), limit[2].back(), limit[3].back()};

    std::cout << "Products of two matrices of " << n << " x " << n << ", median of " << (options.quick ? 3 : 5)
              << " rounds\n";
    print_ladder(rungs, speeds, limits, std::cout);
    report.chart(
        "ladder.png", roofline(rungs, speeds, limits),
        "Each dot is a way to multiply two matrices; registers lead to the right, vectors and threads up. A dot "
        "above the lower slope lives on the caches. The last ones come close to the roof.",
        Vary::with_the_machine);
    std::cout << "\nPicture: ladder.png in " << options.out << ". A rung above the lower slope lives on the caches; "
              << "registers lead to the right.\n\n";
    return speeds.back() / speeds.front();
}

void compare_pairs(Index rounds) {
    const std::vector<Pair> pairs = ladder_pairs(1024);
    std::vector<Work> works;
    for (const Pair& pair : pairs)
        for (const auto& way : {pair.plain, pair.fast})
            works.push_back([way] {
                way();
                return 1e-3;
            });
    std::vector<double> milliseconds;
    for (const auto& rates : sorted_rates("pairs", works, rounds)) milliseconds.push_back(1 / median(rates));
    std::cout << "Two ways to the same numbers, on " << num_threads() << " threads\n";
    print_pairs(pairs, milliseconds, std::cout);
    std::cout << "\n";
}

int ladder(const DemoOptions& options, Index size) {
    require<OptionError>(size >= 0, "expected --size of at least 1, got ", size);
    Report report(options);
    const double times = climb(options, size != 0 ? size : options.quick ? 250 : 1000, report);
    if (options.all) compare_pairs(options.quick ? 3 : 5);
    Expectations expectations("ladder");
    expectations.add({.what = "the top rung against naive, times as fast",
                      .measured = {times},
                      .band = at_least(5),
                      .source = "ours: 58 to 900; wide on purpose",
                      .if_missed = "other programs are running, or this build is not optimised",
                      .decimals = 0,
                      .tolerance = infinity});    // of a timing
    return report.finish(expectations, std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    Index size = 0;
    return run_demo(
        {.name = "ladder",
         .shows = "One matrix product from the naive loop to the machine's limit, step by step. --all: also "
                  "what fused operations and vectorised functions save.",
         .extra = {{"--size", "rows and columns of the matrices (1000; with --quick 250)", &size}},
         .chapter = "docs/07-why-it-is-fast.md",
         .unused = {{"--seeds", "it repeats rounds instead"},
                    {"--encodings", "it multiplies matrices"},
                    {"--corpus", "it reads no text"}}},
        argc, argv, [&](const DemoOptions& options) { return ladder(options, size); });
}
