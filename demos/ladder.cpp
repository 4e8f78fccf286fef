// How does a triple loop become a kernel at the machine's limit?
//
// Each rung of the ladder computes the same product of two matrices, with one idea more than the rung below. All are
// measured and drawn under the roof: what the processor can compute, and what the caches and the memory can deliver.
#include "demos/ladder/ladder.h"
#include <ordinal/core/fast/machine_limits.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/random.h>
#include "demos/lab/run_demo.h"
#include "demos/lab/timing.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

struct Climb {
    std::vector<Rung> rungs;
    std::vector<double> speeds;    // GFLOP/s, one a rung
    double peak, peak_of_all;      // GFLOP/s that one thread, and all threads, can do at most
    double memory, cache;          // GB/s that one thread reads

    double limit_of(const Rung& rung) const { return rung.all_threads ? peak_of_all : peak; }
};

std::string one_digit(double number) { return fixed(number, 1); }

Climb climb(Index n, Index rounds, std::size_t megabytes, std::uint64_t seed) {
    constexpr Index steps = 100'000;    // of multiplying and adding: about a quarter of a millisecond
    constexpr Index near = 16384 / sizeof(Scalar);
    Rng rng(seed);
    const NdArray A = random_normal({n, n}, 1, rng), B = random_normal({n, n}, 1, rng);
    const std::vector<Scalar> large((megabytes << 20) / sizeof(Scalar), 1);
    NdArray C = zeros({n, n});
    const std::vector<Rung> rungs = ladder_rungs();
    std::vector<Timed> works;
    for (const Rung& rung : rungs)
        works.push_back({{{"what", rung.name}},
                         [&, multiply = rung.multiply] { multiply(n, n, n, A.data(), B.data(), C.mutable_data()); }});
    works.push_back({{{"what", "peak"}}, [] { multiply_and_add(steps); }});
    works.push_back({{{"what", "peak of all"}}, [] {
                         parallel_for(num_threads(), 1, [](Index begin, Index end) {
                             for (Index thread = begin; thread < end; ++thread) multiply_and_add(steps);
                         });
                     }});
    works.push_back({{{"what", "memory"}}, [&] { read_numbers(large.data(), std::ssize(large), 1); }});
    works.push_back({{{"what", "cache"}}, [&] { read_numbers(large.data(), near, 1000); }});
    const Measurements times = least_milliseconds("ladder", works, rounds, 30);

    const auto rate = [&](const std::string& what, double done) { return 1e-6 * done / times.of({{"what", what}})[0]; };
    const double operations = multiply_and_add(steps);
    Climb found{.rungs = rungs,
                .speeds = {},
                .peak = rate("peak", operations),
                .peak_of_all = rate("peak of all", operations * num_threads()),
                .memory = rate("memory", read_numbers(large.data(), std::ssize(large), 1)),
                .cache = rate("cache", read_numbers(large.data(), near, 1000))};
    for (const Rung& rung : rungs) found.speeds.push_back(rate(rung.name, 2 * static_cast<double>(n * n * n)));
    return found;
}

Table rung_table(const Climb& found, const std::string& title) {
    Table table{
        .name = "rungs",
        .title = title,
        .look_at = text_of("Peak: ", one_digit(found.peak), " GFLOP/s on 1 thread, ", one_digit(found.peak_of_all),
                           " on ", num_threads(), "; reading: ", one_digit(found.cache),
                           " GB/s from the first-level cache, ", one_digit(found.memory), " from memory"),
        .columns = {"rung", "GFLOP/s", "share of peak", "operations a byte"},
        .timings = true};
    for (std::size_t i = 0; i < found.rungs.size(); ++i) {
        const Rung& rung = found.rungs[i];
        table.rows.push_back({rung.name, one_digit(found.speeds[i]),
                              one_digit(100 * found.speeds[i] / found.limit_of(rung)) + " %",
                              fixed(rung.flop_per_byte(), 2)});
    }
    return table;
}

// GFLOP/s over operations a byte, both logarithmic (Williams et al. 2009). A slope is what a place can deliver: so many
// bytes, so many operations.
plot::LineChart roofline(const Climb& found) {
    const double lowest = *std::min_element(found.speeds.begin(), found.speeds.end());
    plot::LineChart chart{.title = "The ladder under the roof",
                          .x_label = "operations for each byte that the innermost loop moves",
                          .y_label = "GFLOP/s",
                          .horizontal = {{"peak, 1 thread", found.peak}},
                          .log_x = true,
                          .log_y = true,
                          .y_range = plot::Range{lowest / 3, 2 * std::max(found.peak, found.peak_of_all)}};
    if (num_threads() > 1) chart.horizontal.push_back({"peak, all threads", found.peak_of_all});
    for (std::size_t i = 0; i < found.rungs.size(); ++i)
        chart.lines.push_back(
            {.name = found.rungs[i].name, .x = {found.rungs[i].flop_per_byte()}, .y = {found.speeds[i]}});
    for (const auto& [name, speed] :    // from 0.05 operations a byte to where it meets the ceiling
         {std::pair{"from memory", found.memory}, std::pair{"from the first-level cache", found.cache}})
        chart.lines.push_back({.name = name, .x = {0.05, found.peak / speed}, .y = {0.05 * speed, found.peak}});
    return chart;
}

Table pair_table(Index rounds) {
    std::vector<Timed> works;
    for (const Pair& pair : ladder_pairs(1024)) {
        works.push_back({{{"two ways", pair.what}, {"way", "plain"}}, [way = pair.plain] { way(); }});
        works.push_back({{{"two ways", pair.what}, {"way", "fast"}}, [way = pair.fast] { way(); }});
    }
    const Measurements times = least_milliseconds("pairs", works, rounds, 30);
    const Table table =
        times.table({.name = "pairs",
                     .title = text_of("Two ways to the same numbers, milliseconds on ", num_threads(), " threads"),
                     .timings = true},
                    "two ways", "way", [](const std::vector<double>& ms) { return one_digit(ms.front()); });
    return with_column(table, "times as fast", [&](const std::string& what) {
        const std::vector<double> both = times.of({{"two ways", what}});
        return one_digit(both[0] / both[1]);
    });
}

const Claim faster =
    certain("the top rung against naive, times as fast", {}, at_least(5), "ours: 58 to 900; wide on purpose",
            "other programs are running, or this build is not optimised", 0, infinity);    // a timing

int run_ladder(const DemoOptions& options, Index size) {
    require<OptionError>(size >= 0, "expected --size of at least 1, got ", size);
    const Index n = size != 0 ? size : options.quick ? 250 : 1000, rounds = options.quick ? 3 : 5;
    Report report(options, {faster});
    const Climb found = climb(n, rounds, options.quick ? 64 : 256, options.seed);
    report.show(
        rung_table(found, text_of("Products of two matrices of ", n, " x ", n, ", best of ", rounds, " rounds")));
    report.chart("ladder.svg", roofline(found),
                 "Each dot is a way to multiply two matrices; registers lead to the right, vectors and threads up. A "
                 "dot above the lower slope lives on the caches. The last ones come close to the roof.",
                 Vary::with_the_machine);
    if (options.all) report.show(pair_table(rounds));

    Measurements ratio;
    ratio.numbers.push_back({{}, options.seed, found.speeds.back() / found.speeds.front()});
    report.judge(ratio);
    return report.finish();
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
        argc, argv, [&](const DemoOptions& options) { return run_ladder(options, size); });
}
