#include "bench/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/nn/nearest_name.h>
#include "bench/gemm_shapes.h"
#include "bench/workloads.h"

namespace ordinal::bench {
namespace {

void declare(CLI::App& app, Options& options) {
    app.description(
        "Times W1 to W6 and matrix products, beside PyTorch and OpenBLAS where they are installed, and compares\n"
        "them with what this machine can do. Close other programs first: ratios stand noise, milliseconds do not.");
    app.set_help_flag();
    app.add_flag("--quick", options.quick, "one short round, to see that everything works");
    app.add_option("--workloads", options.workloads,
                   "which, as names or their beginnings: gemm,W1,...,W6,own,memory,program or W3.128.rnn (default all)")
        ->delimiter(',');
    app.add_option("--threads", options.threads, "how many threads, one run for each (default 1 and all processors)")
        ->delimiter(',')
        ->check(CLI::Range(1, 256));
    app.add_option("--rounds", options.rounds, "how often the sides take turns (default 3)")
        ->check(CLI::Range(1, 1000));
    app.add_option("--seconds", options.seconds, "how long a side is measured in a round (default 1)")
        ->check(CLI::Range(0.0, 3600.0));
    app.add_option("--json", options.json, "a file to write all figures to");
    app.add_flag("--without-torch", options.without_torch, "do not look for PyTorch");
    app.add_option("--memory-of", options.memory_of)->group("");    // not for people
    app.add_flag("--help", options.help, "print this and stop");
}

std::vector<std::string> all_names() {
    std::vector<std::string> names{"program"};
    for (const GemmShape& shape : gemm_shapes()) names.push_back("gemm." + shape.name);
    for (const Workload& workload : workloads()) names.push_back(workload.name);
    for (const MemoryWorkload& workload : memory_workloads()) names.push_back("memory." + workload.name);
    return names;
}

// "W3" selects "W3", "W3.128.rnn", ...
bool is_beginning(const std::string& beginning, const std::string& name) {
    return name == beginning || name.starts_with(beginning + ".");
}

}    // namespace

bool Options::selects(const std::string& name) const {
    return workloads.empty() || std::any_of(workloads.begin(), workloads.end(), [&](const std::string& beginning) {
               return is_beginning(beginning, name);
           });
}

Options parse_options(const std::vector<std::string>& arguments) {
    Options options;
    CLI::App app;
    declare(app, options);
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));    // CLI11 wants them backwards
    } catch (const CLI::ParseError& error) {
        throw OptionError(text_of(error.what(), "; see --help"));
    }
    const std::vector<std::string> names = all_names();
    for (const std::string& wanted : options.workloads)
        require<OptionError>(
            std::any_of(names.begin(), names.end(), [&](const auto& name) { return is_beginning(wanted, name); }),
            "--workloads: there is no '", wanted, "'; ", did_you_mean(wanted, names));
    if (options.threads.empty()) options.threads = num_threads() > 1 ? std::vector{1, num_threads()} : std::vector{1};
    if (options.quick) {
        if (app.count("--rounds") == 0) options.rounds = 1;
        if (app.count("--seconds") == 0) options.seconds = 0.1;
    }
    return options;
}

std::string help_text() {
    Options options;
    CLI::App app("", "./go bench");
    declare(app, options);
    return app.help();
}

}    // namespace ordinal::bench
