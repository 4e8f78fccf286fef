#include "core/instruction_set.h"

#include <atomic>
#include <cstdlib>

#include "core/error.h"

namespace ordinal {
namespace {

const char* const names[] = {"portable", "avx2", "avx512"};

InstructionSet first_choice() {
    const char* wanted = std::getenv("ORDINAL_ISA");
    if (wanted != nullptr) {
        const InstructionSet set = instruction_set_named(wanted);
        require<OptionError>(has_instruction_set(set), "ORDINAL_ISA: this processor has no ", wanted);
        return set;
    }
    for (InstructionSet set : {InstructionSet::avx512, InstructionSet::avx2})
        if (has_instruction_set(set)) return set;
    return InstructionSet::portable;
}

std::atomic<InstructionSet>& chosen() {
    static std::atomic<InstructionSet> set{first_choice()};
    return set;
}

}    // namespace

bool has_instruction_set(InstructionSet set) {
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (set == InstructionSet::avx2) return avx2;
    if (set == InstructionSet::avx512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
#endif
    return set == InstructionSet::portable;
}

InstructionSet instruction_set_named(const std::string& name) {
    for (int i = 0; i < 3; ++i)
        if (name == names[i]) return InstructionSet(i);
    require<OptionError>(false, "instruction set: expected portable, avx2 or avx512, got '", name, "'");
    return InstructionSet::portable;
}

InstructionSet instruction_set() { return chosen().load(std::memory_order_relaxed); }

void set_instruction_set(InstructionSet set) {
    require<OptionError>(has_instruction_set(set), "set_instruction_set: this processor has no ",
                         names[static_cast<int>(set)]);
    chosen() = set;
}

}    // namespace ordinal
