// What built this program, and what it runs on.
#include <sys/utsname.h>

#include <algorithm>
#include <fstream>

#include <ordinal/core/fast/parallel.h>
#include "demos/lab/results.h"

namespace ordinal::demos {

Build this_build() {
#if defined(__clang__)
    const std::string compiler = "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) +
                                 "." + std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
    const std::string compiler = "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
                                 std::to_string(__GNUC_PATCHLEVEL__);
#else
    const std::string compiler = "another compiler";
#endif
    return {compiler, ORDINAL_BUILD_TYPE, sizeof(Scalar) == sizeof(double) ? "double" : "float"};
}

Machine this_machine() {
    Machine machine{"", num_threads()};
    std::ifstream info("/proc/cpuinfo");    // Linux
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) {
            machine.cpu = line.substr(std::min(line.size(), line.find(": ") + 2));
            return machine;
        }
    if (utsname system{}; uname(&system) == 0) machine.cpu = system.machine;    // elsewhere at least "arm64"
    return machine;
}

}    // namespace ordinal::demos
