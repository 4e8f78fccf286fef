#include <ordinal/core/fast/instruction_set.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include <ordinal/core/error.h>

namespace ordinal {
namespace {

const char* const names[] = {"portable", "avx2", "avx512"};

InstructionSet on_this_processor(InstructionSet set, const char* who) {
    require<OptionError>(has_instruction_set(set), who, ": this processor has no ", names[static_cast<int>(set)]);
    return set;
}

InstructionSet first_choice() {
    const char* wanted = std::getenv("ORDINAL_ISA");
    if (wanted != nullptr && *wanted != '\0') return on_this_processor(instruction_set_named(wanted), "ORDINAL_ISA");
    for (InstructionSet set : {InstructionSet::avx512, InstructionSet::avx2})
        if (has_instruction_set(set)) return set;
    return InstructionSet::portable;
}

std::atomic<InstructionSet>& chosen() {
    static std::atomic set{first_choice()};
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
    const auto found = std::find(std::begin(names), std::end(names), name);
    require<OptionError>(found != std::end(names), "ORDINAL_ISA: expected portable, avx2 or avx512, got '", name, "'");
    return static_cast<InstructionSet>(found - names);
}

InstructionSet instruction_set() { return chosen().load(std::memory_order_relaxed); }

void set_instruction_set(InstructionSet set) { chosen() = on_this_processor(set, "set_instruction_set"); }

}    // namespace ordinal
