// Which vector instructions the kernels use. A loop is compiled for each of these sets, and the widest one that the
// processor has is taken when the program runs:
//
//     vectorized_for(n, [=](Index i) ORDINAL_INLINE { y[i] = exp_of(x[i]); });
//
// The environment variable ORDINAL_ISA (portable, avx2 or avx512) asks for a set, to measure or to debug.
#pragma once

#include <string>

#include <ordinal/core/scalar.h>

namespace ordinal {

enum class InstructionSet {
    portable,    // what every compiler may assume: 16-byte registers on x86-64
    avx2,        // 32-byte registers and fused multiply-add
    avx512,      // 64-byte registers, and 32 of them
};

bool has_instruction_set(InstructionSet set);    // this processor
InstructionSet instruction_set();                // in use
void set_instruction_set(InstructionSet set);    // throws OptionError when the processor lacks it
InstructionSet instruction_set_named(const std::string& name);

constexpr int lanes_of(int bytes) { return bytes / static_cast<int>(sizeof(Scalar)); }    // numbers in a register

// A loop has to become part of the functions below to be compiled as they are.
#define ORDINAL_INLINE __attribute__((always_inline))

#if defined(__x86_64__)
#define ORDINAL_AVX2 [[gnu::target("avx2,fma")]]
#define ORDINAL_AVX512 [[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]]

// f, an inline function that becomes part of them
template <auto f, class... Args>
ORDINAL_AVX2 auto avx2(Args... args) {
    return f(args...);
}
template <auto f, class... Args>
ORDINAL_AVX512 auto avx512(Args... args) {
    return f(args...);
}

template <class Loop>
ORDINAL_AVX2 auto with_avx2(const Loop& loop) {
    const Loop own = loop;    // in registers: no store of the loop can change what it has captured
    return own();
}
template <class Loop>
ORDINAL_AVX512 auto with_avx512(const Loop& loop) {
    const Loop own = loop;
    return own();
}
#endif

template <class Loop>
[[gnu::always_inline]] inline auto vectorized(const Loop& loop) {
#if defined(__x86_64__)
    if (instruction_set() == InstructionSet::avx512) return with_avx512(loop);
    if (instruction_set() == InstructionSet::avx2) return with_avx2(loop);
#endif
    return loop();
}

// f(0), ..., f(n - 1), as vector instructions
template <class F>
void vectorized_for(Index n, F f) {
    vectorized([=]() ORDINAL_INLINE {
        for (Index i = 0; i < n; ++i) f(i);
    });
}

}    // namespace ordinal
