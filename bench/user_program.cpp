#include "bench/user_program.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>

#include <ordinal/core/error.h>
#include "bench/child.h"

namespace ordinal::bench {
namespace {

// Milliseconds from start to end; negative when the program fails.
double run(const std::vector<std::string>& arguments) {
    const auto start = std::chrono::steady_clock::now();
    const int code = Child(arguments).wait();
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    return code == 0 ? time.count() : -1;
}

}    // namespace

std::optional<UserProgram> measure_user_program() {
    const std::string program = (std::filesystem::temp_directory_path() / text_of("ordinal-bench-", getpid())).string();
    const double compile_ms = run({ORDINAL_CXX, "-std=c++20", "-O2", "-I", ORDINAL_INCLUDE_DIR,
#ifdef ORDINAL_DOUBLE
                                   "-DORDINAL_DOUBLE",
#endif
                                   ORDINAL_SOURCE_DIR "/docs/programs/first_steps.cpp", ORDINAL_POSITIONAL_LIBRARY,
                                   ORDINAL_CORE_LIBRARY, "-pthread", "-o", program});
    if (compile_ms < 0) return std::nullopt;
    Samples starts;
    for (int i = 0; i < 30; ++i) starts.push_back(run({program}));
    std::filesystem::remove(program);
    return UserProgram{compile_ms, spread(starts)};
}

}    // namespace ordinal::bench
