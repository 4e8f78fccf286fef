// What is the price of a recursion?
//
// The same number of position codes from a table, a closed form, a doubling, a scan, and step by step: how long it
// takes, how many steps wait for each other, what a second core helps, and what is left of it all once training is
// over.
#include <iostream>

#include <ordinal/core/fast/parallel.h>
#include "demos/experiments/speed/parallelism_report.h"
#include "demos/lab/progress.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

class ThreadsFor {    // the number of threads while this lives
public:
    explicit ThreadsFor(int count) : before_(num_threads()) { set_num_threads(count); }
    ~ThreadsFor() { set_num_threads(before_); }
    ThreadsFor(const ThreadsFor&) = delete;
    ThreadsFor& operator=(const ThreadsFor&) = delete;

private:
    int before_;
};

ParallelismResults measure(const DemoOptions& options) {
    const std::vector<std::string> encodings = options.encodings.empty() ? parallelism_encodings() : options.encodings;
    ParallelismResults results;
    results.threads = num_threads();
    results.batch_length = 512;
    const Index longest = options.quick ? 1024 : 8192;
    for (Index length = 32; length <= longest; length *= 2) results.lengths.push_back(length);
    const Index rounds = options.quick ? 4 : options.all ? 15 : 7;

    const auto works = (std::ssize(encodings) + 1) * std::ssize(results.lengths);
    const Index batch_works = 3 * std::ssize(encodings);
    Progress progress("parallelism", rounds * ((results.threads > 1 ? 2 : 1) * works + batch_works));
    Index done = 0;
    const auto step = [&](double milliseconds) { progress.update(++done, {{"milliseconds", milliseconds}}); };
    {
        const ThreadsFor one(1);
        results.one_thread = measure_lengths(encodings, results.lengths, rounds, step);
        results.batches = measure_batches(encodings, results.batch_length, rounds, step);
    }
    if (results.threads > 1) results.all_threads = measure_lengths(encodings, results.lengths, rounds, step);
    progress.finish();
    return results;
}

int parallelism(const DemoOptions& options) {
    Report report(options);
    const ParallelismResults results = measure(options);
    std::vector<Table> tables{time_table(results), step_table(results), batch_table(results)};
    if (!results.all_threads.empty()) tables.push_back(thread_table(results));
    for (const Table& table : tables) {
        std::cout << "\n" << table.title << "\n" << table.look_at << "\n\n" << markdown(table);
        report.table(table);
    }
    report.charts("parallelism.png", "The price of a recursion", parallelism_charts(results), 2,
                  "Left: what waits for itself is slower by a constant factor, and yet attention overtakes it. Right: "
                  "the steps that no number of cores can shorten.",
                  Vary::with_the_machine);
    std::cout << "\nPicture: parallelism.png in " << options.out << "\n";
    return report.finish(
        judge_parallelism(results, options.quick ? ParallelismBands::wide_margin : ParallelismBands::full), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "parallelism",
                     .shows = "What a recursion costs: time, dependent steps, threads, caching.",
                     .chapter = "docs/09-the-price-of-recursion.md",
                     .unused = {{"--seed", "a clock draws no numbers"},
                                {"--seeds", "it repeats rounds until the least time is found"},
                                {"--corpus", "it reads no text"}}},
                    argc, argv, parallelism);
}
