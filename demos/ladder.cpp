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

// What a second brings, by name: GFLOP/s of each rung and of the roof, GB/s of what one thread reads.
using Rates = std::map<std::string, double>;
const std::string peak = "peak", peak_of_all = "peak of all", memory = "memory", cache = "cache";

std::string one_digit(double number) { return fixed(number, 1); }

Rates climb(const std::vector<Rung>& rungs, Index n, Index rounds, std::size_t megabytes, std::uint64_t seed) {
    constexpr Index steps = 100'000;    // of multiplying and adding: about a quarter of a millisecond
    constexpr Index near = 16384 / sizeof(Scalar);
    Rng rng(seed);
    const NdArray A = random_normal({n, n}, 1, rng), B = random_normal({n, n}, 1, rng);
    const std::vector<Scalar> large((megabytes << 20) / sizeof(Scalar), 1);
    NdArray C = zeros({n, n});
    const double operations = multiply_and_add(steps);
    std::vector<Timed> works;
    Rates rates;
    const auto add = [&](const std::string& what, double done, const std::function<void()>& work) {
        works.push_back({{{"what", what}}, work});
        rates[what] = done;
    };
    for (const Rung& rung : rungs)
        add(rung.name, 2 * static_cast<double>(n * n * n),
            [&, multiply = rung.multiply] { multiply(n, n, n, A.data(), B.data(), C.mutable_data()); });
    add(peak, operations, [] { multiply_and_add(steps); });
    add(peak_of_all, operations * num_threads(), [] {
        parallel_for(num_threads(), 1, [](Index begin, Index end) {
            for (Index thread = begin; thread < end; ++thread) multiply_and_add(steps);
        });
    });
    const auto read_all = [&] { return read_numbers(large.data(), std::ssize(large), 1); };
    const auto read_near = [&] { return read_numbers(large.data(), near, 1000); };
    add(memory, read_all(), read_all);
    add(cache, read_near(), read_near);
    const Measurements times = least_milliseconds("ladder", works, rounds, 30);
    for (auto& [what, rate] : rates) rate *= 1e-6 / times.of({{"what", what}})[0];
    return rates;
}

Table rung_table(const std::vector<Rung>& rungs, const Rates& rates, const std::string& title) {
    Table table{.name = "rungs",
                .title = title,
                .look_at = text_of("Peak: ", one_digit(rates.at(peak)), " GFLOP/s on 1 thread, ",
                                   one_digit(rates.at(peak_of_all)), " on ", num_threads(),
                                   "; reading: ", one_digit(rates.at(cache)), " GB/s from the first-level cache, ",
                                   one_digit(rates.at(memory)), " from memory"),
                .columns = {"rung", "GFLOP/s", "share of peak", "operations a byte"},
                .timings = true};
    for (const Rung& rung : rungs) {
        const double speed = rates.at(rung.name), limit = rates.at(rung.all_threads ? peak_of_all : peak);
        table.rows.push_back(
            {rung.name, one_digit(speed), one_digit(100 * speed / limit) + " %", fixed(rung.flop_per_byte(), 2)});
    }
    return table;
}

// GFLOP/s over operations a byte, both logarithmic (Williams et al. 2009). A slope is what a place can deliver: so many
// bytes, so many operations.
plot::LineChart roofline(const std::vector<Rung>& rungs, const Rates& rates) {
    const double ceiling = rates.at(peak), of_all = rates.at(peak_of_all);
    plot::LineChart chart{.title = "The ladder under the roof",
                          .x_label = "operations for each byte that the innermost loop moves",
                          .y_label = "GFLOP/s",
                          .horizontal = {{"peak, 1 thread", ceiling}},
                          .log_x = true,
                          .log_y = true};
    if (num_threads() > 1) chart.horizontal.push_back({"peak, all threads", of_all});
    double lowest = ceiling;
    for (const Rung& rung : rungs) {
        const double speed = rates.at(rung.name);
        lowest = std::min(lowest, speed);
        chart.lines.push_back({.name = rung.name, .x = {rung.flop_per_byte()}, .y = {speed}});
    }
    chart.y_range = plot::Range{lowest / 3, 2 * std::max(ceiling, of_all)};
    for (const auto& [name, place] :    // from 0.05 operations a byte to where it meets the ceiling
         {std::pair{"from memory", memory}, std::pair{"from the first-level cache", cache}})
        chart.lines.push_back(
            {.name = name, .x = {0.05, ceiling / rates.at(place)}, .y = {0.05 * rates.at(place), ceiling}});
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
    const Index n = size != 0 ? size : options.quick ? 250 : 1000, rounds = options.quick ? 3 : 5;
    Report report(options, {faster});
    const std::vector<Rung> rungs = ladder_rungs();
    const Rates rates = climb(rungs, n, rounds, options.quick ? 64 : 256, options.seed);
    report.show(rung_table(rungs, rates,
                           text_of("Products of two matrices of ", n, " x ", n, ", best of ", rounds, " rounds")));
    report.chart("ladder.svg", roofline(rungs, rates),
                 "Each dot is a way to multiply two matrices; registers lead to the right, vectors and threads up. A "
                 "dot above the lower slope lives on the caches. The last ones come close to the roof.",
                 Vary::with_the_machine);
    if (options.all) report.show(pair_table(rounds));

    Measurements ratio;
    ratio.numbers.push_back({{}, options.seed, rates.at(rungs.back().name) / rates.at(rungs.front().name)});
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
         .extra = {{"--size", "rows and columns of the matrices (1000; with --quick 250)", &size, false, "N", 1}},
         .chapter = "docs/07-why-it-is-fast.md",
         .unused = {{"--seeds", "it repeats rounds instead"},
                    {"--encodings", "it multiplies matrices"},
                    {"--corpus", "it reads no text"}}},
        argc, argv, [&](const DemoOptions& options) { return run_ladder(options, size); });
}
