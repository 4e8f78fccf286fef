// What built this program, and what it runs on.
#include <sys/utsname.h>

#include <algorithm>
#include <fstream>

#include <ordinal/core/error.h>
#include "demos/lab/results.h"

namespace ordinal::demos {

std::string this_compiler() {
#if defined(__clang__)
    return text_of("clang ", __clang_major__, ".", __clang_minor__, ".", __clang_patchlevel__);
#elif defined(__GNUC__)
    return text_of("g++ ", __GNUC__, ".", __GNUC_MINOR__, ".", __GNUC_PATCHLEVEL__);
#else
    return "another compiler";
#endif
}

std::string this_cpu() {
    std::ifstream info("/proc/cpuinfo");    // Linux
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(std::min(line.size(), line.find(": ") + 2));
    utsname system{};
    return uname(&system) == 0 ? system.machine : "";    // elsewhere at least "arm64"
}

}    // namespace ordinal::demos
