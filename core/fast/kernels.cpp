#include <ordinal/core/fast/kernels.h>

#include <numbers>

#include <ordinal/core/fast/instruction_set.h>
#include <ordinal/core/fast/vector_math.h>

namespace ordinal::kernels {

void exp(const Scalar* x, Scalar* y, Index n) {
    vectorized_for(n, [=](Index i) ORDINAL_INLINE { y[i] = exp_of(x[i]); });
}

void tanh(const Scalar* x, Scalar* y, Index n) {
    vectorized_for(n, [=](Index i) ORDINAL_INLINE { y[i] = tanh_of(x[i]); });
}

void gelu(const Scalar* x, Scalar* y, Index n) {
    vectorized_for(n, [=](Index i) ORDINAL_INLINE { y[i] = x[i] * normal_cdf(x[i]); });
}

void gelu_backward(const Scalar* x, const Scalar* dy, Scalar* dx, Index n) {
    constexpr Scalar inv_sqrt_2pi = std::numbers::inv_sqrtpi_v<Scalar> * std::numbers::sqrt2_v<Scalar> / 2;
    vectorized_for(n, [=](Index i) ORDINAL_INLINE {
        dx[i] = dy[i] * (normal_cdf(x[i]) + x[i] * inv_sqrt_2pi * exp_of_not_positive(-x[i] * x[i] / 2));
    });
}

void sin_cos(double factor, const double* angles, Scalar* pairs, Index n) {
    const auto keep = [=](Index i, SinCos pair) ORDINAL_INLINE {
        pairs[2 * i] = pair.sine;
        pairs[2 * i + 1] = pair.cosine;
    };
    // Negative where |angle| is too large, infinite or no number: the bits of doubles are in the order of their sizes.
    const auto room_left = [=](Index i) ORDINAL_INLINE {
        return bits_as<std::int64_t>(largest_angle) - bits_as<std::int64_t>(std::abs(factor * angles[i]));
    };
    const std::int64_t signs = vectorized([=]() ORDINAL_INLINE {
        std::int64_t all = 0;
        for (Index i = 0; i < n; ++i) {
            keep(i, sin_cos_of_small(factor * angles[i]));
            all |= room_left(i);
        }
        return all;
    });
    for (Index i = 0; signs < 0 && i < n; ++i)    // they are rare: repaired here, so that the loop above has no branch
        if (room_left(i) < 0) keep(i, sin_cos_of(factor * angles[i]));
}

// A sum is kept in 32 running sums, which fill vector registers: floating-point addition has an order, and this one is
// fixed, so every instruction set gives the same bits. A product of two floats is exact in double.
constexpr Index lanes = 32;

// All lanes as one number: half of them to the other half, until one is left.
template <class T, class Join>
[[gnu::always_inline]] static inline T joined(T* all, Join join) {
#pragma GCC unroll 5
    for (Index half = lanes / 2; half > 0; half /= 2)
#pragma GCC unroll 16
        for (Index lane = 0; lane < half; ++lane) all[lane] = join(all[lane], all[lane + half]);
    return all[0];
}

template <class Term>
[[gnu::always_inline]] static inline double add_up(Index n, Term term) {
    double sums[lanes] = {};
    Index i = 0;
    for (; i + lanes <= n; i += lanes)
        for (Index lane = 0; lane < lanes; ++lane) sums[lane] += term(i + lane);
    for (Index lane = 0; i < n; ++i, ++lane) sums[lane] += term(i);
    return joined(sums, [](double a, double b) { return a + b; });
}

static double wide(Scalar x) { return static_cast<double>(x); }

double sum(const Scalar* x, Index n) {
    return vectorized([=]() ORDINAL_INLINE { return add_up(n, [=](Index i) { return wide(x[i]); }); });
}

double sum_of_others(const Scalar* x, Index i, Index n) {
    return vectorized([=]() ORDINAL_INLINE { return add_up(n, [=](Index j) { return j == i ? 0 : wide(x[j]); }); });
}

double dot(const Scalar* x, const Scalar* y, Index n) {
    return vectorized([=]() ORDINAL_INLINE { return add_up(n, [=](Index i) { return wide(x[i]) * wide(y[i]); }); });
}

void add_to(const Scalar* x, double* sums, Index n) {
    vectorized_for(n, [=](Index i) ORDINAL_INLINE { sums[i] += wide(x[i]); });
}

double add_squares(double total, const Scalar* x, Index n) {
    for (Index i = 0; i < n; ++i) total += wide(x[i]) * wide(x[i]);
    return total;
}

void center(const Scalar* x, Scalar* y, Index n) {
    vectorized([=]() ORDINAL_INLINE {
        const double common = n > 0 ? wide(x[0]) : 0;
        const double rest = add_up(n, [=](Index i) { return wide(x[i]) - common; }) / static_cast<double>(n);
        for (Index i = 0; i < n; ++i) y[i] = static_cast<Scalar>(wide(x[i]) - common - rest);
    });
}

template <class Larger>
[[gnu::always_inline]] static inline Scalar largest_of(const Scalar* x, Index n, Larger larger) {
    Scalar tops[lanes];
    std::fill_n(tops, lanes, x[0]);
    Index i = 0;
    for (; i + lanes <= n; i += lanes)
        for (Index lane = 0; lane < lanes; ++lane) tops[lane] = larger(tops[lane], x[i + lane]);
    for (; i < n; ++i) tops[0] = larger(tops[0], x[i]);
    return joined(tops, larger);
}

Scalar largest(const Scalar* x, Index n) {
    const auto larger = [](Scalar a, Scalar b) { return a > b || a != a ? a : b; };
    return vectorized([=]() ORDINAL_INLINE { return largest_of(x, n, larger); });
}

Index place_of_largest(const Scalar* x, Index n) {
    const Scalar top = largest(x, n);    // where it is NaN, x holds one
    return std::find_if(x, x + n, [top](Scalar value) { return value == top || value != value; }) - x;
}

Scalar exp_minus_max(const Scalar* x, Scalar* y, Index n, Scalar* largest) {
    return vectorized([=]() ORDINAL_INLINE {
        const Scalar top = *largest = largest_of(x, n, [](Scalar a, Scalar b) { return a < b ? b : a; });
        const Scalar from = top == -std::numeric_limits<Scalar>::infinity() ? 0 : top;    // inf - inf is no number
        for (Index i = 0; i < n; ++i) y[i] = exp_of_not_positive(x[i] - from);
        return static_cast<Scalar>(add_up(n, [=](Index i) { return wide(y[i]); }));
    });
}

}    // namespace ordinal::kernels
