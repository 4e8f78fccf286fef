// Runs something once for each instruction set that this processor has.
#pragma once

#include <doctest/doctest.h>

#include <ordinal/core/fast/instruction_set.h>

constexpr const char* set_names[] = {"portable", "avx2", "avx512"};

// Calls f() with each set in use; afterwards the former one is in use again.
template <class F>
void for_instruction_sets(F f) {
    using namespace ordinal;
    struct Restore {
        InstructionSet before = instruction_set();
        ~Restore() { set_instruction_set(before); }
    } restore;
    for (int i = 0; i < 3; ++i) {
        if (!has_instruction_set(InstructionSet(i))) continue;
        set_instruction_set(InstructionSet(i));
        INFO("instruction set ", set_names[i]);
        f();
    }
}
