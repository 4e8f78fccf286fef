#include "core/kernels.h"

#include <numbers>

#include "core/vector_math.h"

// g++ compiles such a function once for each listed instruction set and picks one at start-up. Sanitizers do not stand
// that, clang 14 does not know it: they get the plain function.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define ORDINAL_CLONES [[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#else
#define ORDINAL_CLONES
#endif

namespace ordinal::kernels {

ORDINAL_CLONES void exp(const Scalar* x, Scalar* y, Index n) {
    for (Index i = 0; i < n; ++i) y[i] = exp_of(x[i]);
}

ORDINAL_CLONES void tanh(const Scalar* x, Scalar* y, Index n) {
    for (Index i = 0; i < n; ++i) y[i] = tanh_of(x[i]);
}

// Phi(x) = (1 + erf(x / sqrt 2)) / 2: the probability that a normal variable is below x
static inline Scalar normal_cdf(Scalar x) { return (1 + erf_of(x * (std::numbers::sqrt2_v<Scalar> / 2))) / 2; }

ORDINAL_CLONES void gelu(const Scalar* x, Scalar* y, Index n) {
    for (Index i = 0; i < n; ++i) y[i] = x[i] * normal_cdf(x[i]);
}

ORDINAL_CLONES void gelu_backward(const Scalar* x, const Scalar* dy, Scalar* dx, Index n) {
    constexpr Scalar inv_sqrt_2pi = std::numbers::inv_sqrtpi_v<Scalar> * std::numbers::sqrt2_v<Scalar> / 2;
    for (Index i = 0; i < n; ++i) dx[i] = dy[i] * (normal_cdf(x[i]) + x[i] * inv_sqrt_2pi * exp_of(-x[i] * x[i] / 2));
}

// A sum is kept in 32 running sums, which fill vector registers: floating-point addition has an order, and this one is
// fixed, so every instruction set gives the same bits.
constexpr Index lanes = 32;

template <class Term>
[[gnu::always_inline]] static inline Scalar add_up(Index n, Term term) {
    Scalar sums[lanes] = {};
    Index i = 0;
    for (; i + lanes <= n; i += lanes)
        for (Index lane = 0; lane < lanes; ++lane) sums[lane] += term(i + lane);
    for (Index lane = 0; i < n; ++i, ++lane) sums[lane] += term(i);
    for (Index half = lanes / 2; half > 0; half /= 2)
        for (Index lane = 0; lane < half; ++lane) sums[lane] += sums[lane + half];
    return sums[0];
}

ORDINAL_CLONES Scalar sum(const Scalar* x, Index n) {
    return add_up(n, [=](Index i) { return x[i]; });
}

ORDINAL_CLONES Scalar dot(const Scalar* x, const Scalar* y, Index n) {
    return add_up(n, [=](Index i) { return x[i] * y[i]; });
}

ORDINAL_CLONES Scalar exp_minus_max(const Scalar* x, Scalar* y, Index n, Scalar* largest) {
    Scalar tops[lanes];
    std::fill_n(tops, lanes, x[0]);
    Index i = 0;
    for (; i + lanes <= n; i += lanes)
        for (Index lane = 0; lane < lanes; ++lane) tops[lane] = tops[lane] < x[i + lane] ? x[i + lane] : tops[lane];
    for (; i < n; ++i) tops[0] = tops[0] < x[i] ? x[i] : tops[0];
    const Scalar top = *std::max_element(tops, tops + lanes);
    for (i = 0; i < n; ++i) y[i] = exp_of(x[i] - top);
    *largest = top;
    return sum(y, n);
}

}    // namespace ordinal::kernels
