// What somebody meets first who writes a program with Ordinal: how long it takes to compile, and to start.
#pragma once

#include <optional>

#include "bench/samples.h"

namespace ordinal::bench {

struct UserProgram {
    double compile_ms;    // docs/programs/first_steps.cpp, 15 lines, c++ -O2, linked
    Spread start_ms;      // from its start to its end; it computes next to nothing
};

// Nothing when the compiler that built this benchmark cannot be called.
std::optional<UserProgram> measure_user_program();

}    // namespace ordinal::bench
