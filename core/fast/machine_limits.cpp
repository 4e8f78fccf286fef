#include <ordinal/core/fast/machine_limits.h>

#include <ordinal/core/fast/instruction_set.h>

namespace ordinal {
namespace {

// Twelve chains: a processor that ends a multiply-add 4 or 5 steps after it began it, and begins two at a time, always
// finds one to begin.
template <int bytes>
[[gnu::always_inline]] inline Scalar chains(Index steps, Scalar factor) {
    typedef Scalar Vector __attribute__((vector_size(bytes), aligned(alignof(Scalar)), may_alias));
    Vector x[12] = {};
    for (int i = 0; i < 12; ++i) x[i] += factor / Scalar(i + 1);    // else the compiler sees that one chain is enough
    for (Index step = 0; step < steps; ++step)
#pragma GCC unroll 12
        for (int i = 0; i < 12; ++i) x[i] = x[i] * factor + factor;
    for (int i = 1; i < 12; ++i) x[0] += x[i];
    return reinterpret_cast<const Scalar*>(x)[0];
}

template <int bytes>
[[gnu::always_inline]] inline Scalar read(const Scalar* x, Index n, Index times) {
    constexpr int lanes = lanes_of(bytes);
    typedef Scalar Vector __attribute__((vector_size(bytes), aligned(alignof(Scalar)), may_alias));
    Vector sums[8] = {};
    for (Index time = 0; time < times; ++time)
        for (Index i = 0; i + 8 * lanes <= n; i += 8 * lanes) {
            const Vector* next = reinterpret_cast<const Vector*>(x + i);
#pragma GCC unroll 8
            for (int j = 0; j < 8; ++j) sums[j] += next[j];
        }
    for (int j = 1; j < 8; ++j) sums[0] += sums[j];
    return reinterpret_cast<const Scalar*>(sums)[0];
}

struct Limits {
    int lanes;
    Scalar (*chains)(Index steps, Scalar factor);
    Scalar (*read)(const Scalar* x, Index n, Index times);
};

Limits this_processor() {
#if defined(__x86_64__)
    if (instruction_set() == InstructionSet::avx512) return {lanes_of(64), avx512<chains<64>>, avx512<read<64>>};
    if (instruction_set() == InstructionSet::avx2) return {lanes_of(32), avx2<chains<32>>, avx2<read<32>>};
#endif
    return {lanes_of(16), chains<16>, read<16>};
}

volatile Scalar half = Scalar(0.5), result;    // so that the compiler can neither compute nor leave out the work

}    // namespace

double multiply_and_add(Index steps) {
    result = this_processor().chains(steps, half);
    return 2.0 * 12 * this_processor().lanes * static_cast<double>(steps);
}

double read_numbers(const Scalar* x, Index n, Index times) {
    result = this_processor().read(x, n, times);
    const Index whole = n / (8 * this_processor().lanes) * (8 * this_processor().lanes);
    return static_cast<double>(whole * times) * sizeof(Scalar);
}

}    // namespace ordinal
