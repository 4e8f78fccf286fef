// ./go bench: how fast is Ordinal, beside PyTorch, and beside what this machine can do?
#include <iostream>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/nn/files/file.h>
#include "bench/checks.h"
#include "bench/machine.h"
#include "bench/session.h"
#include "bench/user_program.h"
#include "bench/workloads.h"

using namespace ordinal;
using namespace ordinal::bench;

namespace {

Json print_checks() {
    Json record = Json::array();
    bool all_passed = true;
    for (const Check& check : check_results()) {
        std::cout << (check.passed() ? "right: " : "WRONG: ") << check.what << ": " << check.found << '\n';
        record.push_back({{"what", check.what}, {"found", check.found}, {"passed", check.passed()}});
        all_passed = all_passed && check.passed();
    }
    require<Error>(all_passed, "a result is wrong, and how fast it comes does not matter; run ./go test");
    return record;
}

Json print_user_program() {
    const std::optional<UserProgram> program = measure_user_program();
    if (!program) {
        std::cout << "\nThe compiler that built this cannot be called: no figures for a program of your own\n";
        return nullptr;
    }
    std::cout << "\nA program of 15 lines: " << number_text(program->compile_ms / 1000) << " s to compile (-O2), "
              << time_text(program->start_ms) << " from start to end\n";
    return {{"compile_ms", program->compile_ms}, {"start_ms", to_json(program->start_ms)}};
}

int run(const Options& options, const std::string& self) {
    std::cout << processor_name() << '\n';
    Json record{{"processor", processor_name()}, {"rounds", options.rounds}, {"seconds", options.seconds}};
    record["checks"] = print_checks();
    for (const int threads : options.threads) record["runs"].push_back(run_session(options, threads, self, std::cout));
    if (options.selects("program")) record["program"] = print_user_program();
    if (!options.json.empty()) {
        write_file(options.json, record.dump(1) + "\n");
        std::cout << "\nAll figures are in " << options.json << '\n';
    }
    return 0;
}

// What a process of ours does that was started to measure memory: nothing else.
int print_memory(const Options& options) {
    set_num_threads(options.threads.front());
    const Memory memory = measure_memory(options.memory_of);
    std::cout << Json{{"peak_mb", memory.peak}, {"growth_mb", memory.growth}}.dump() << '\n';
    return 0;
}

}    // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse_options({argv + 1, argv + argc});
        if (options.help) {
            std::cout << help_text();
            return 0;
        }
        return options.memory_of.empty() ? run(options, argv[0]) : print_memory(options);
    } catch (const OptionError& error) {
        std::cerr << "bench: " << error.what() << '\n';
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "bench: " << error.what() << '\n';
        return 1;
    }
}
