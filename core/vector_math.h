// exp, tanh, erf, sin and cos for loops: without branches and tables, so that the compiler turns a loop over them into
// vector instructions. The standard functions are called for one number at a time and cost 5 to 30 times as much.
//
// Errors (float; a test scans the range): exp_of 1e-7 relative, tanh_of 2e-7 relative, erf_of 6e-7 absolute,
// sin_cos_of 6e-8 absolute for |x| < 10^6; beyond, x itself is no longer known that well.
// exp_of(x) is 0 for x < -87 and infinite for x > 88, where float ends (at -87.3 and 88.7).
// In the double build they are the standard functions: gradient checks need all digits.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>

#include <ordinal/core/scalar.h>

namespace ordinal {

// e^x = 2^k (1 + q),  k = round(x / ln 2),  q = e^r - 1 by its Taylor series on |r| <= ln 2 / 2
struct ExpParts {
    float power;    // 2^k
    float q;
};
inline ExpParts exp_parts(float x) {
    x = std::min(std::max(x, -87.0f), 88.0f);
    constexpr float shifter = 12582912.0f;              // 1.5 * 2^23: adding it rounds to a whole number
    const float shifted = x * 1.44269504f + shifter;    // x / ln 2
    const float k = shifted - shifter;
    const float r = (x - k * 0.693145752f) - k * 1.42860677e-6f;    // ln 2 in two parts, so that k ln 2 is exact
    const float series =
        1 / 2.0f + r * (1 / 6.0f + r * (1 / 24.0f + r * (1 / 120.0f + r * (1 / 720.0f + r * (1 / 5040.0f)))));
    const auto exponent = std::bit_cast<std::int32_t>(shifted) << 23;    // k stands in the low bits of `shifted`
    return {std::bit_cast<float>(exponent + (127 << 23)), r + r * r * series};
}

inline Scalar exp_of(Scalar x) {
    if constexpr (std::is_same_v<Scalar, double>) return std::exp(x);
    const auto [power, q] = exp_parts(static_cast<float>(x));
    const float y = power + power * q;
    return x < -87 ? 0 : x > 88 ? std::numeric_limits<float>::infinity() : y;
}

// tanh x = t / (t + 2),  t = e^(2x) - 1
inline Scalar tanh_of(Scalar x) {
    if constexpr (std::is_same_v<Scalar, double>) return std::tanh(x);
    const float clamped = std::min(std::max(static_cast<float>(x), -9.0f), 9.0f);    // 1 - tanh 9 = 3e-8
    const auto [power, q] = exp_parts(2 * clamped);
    const float t = power * q + (power - 1);    // near 0, power is 1 and t = q keeps all digits
    return t / (t + 2);
}

// erf x = sign(x) (1 - (a1 t + ... + a5 t^5) e^(-x^2)),  t = 1 / (1 + p |x|)
// Abramowitz and Stegun 1964, formula 7.1.26: error 1.5e-7 before rounding
inline Scalar erf_of(Scalar x) {
    if constexpr (std::is_same_v<Scalar, double>) return std::erf(x);
    const float size = std::abs(static_cast<float>(x));
    const float t = 1 / (1 + 0.3275911f * size);
    const float sum =
        t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
    const auto [power, q] = exp_parts(-size * size);
    return std::copysign(1 - sum * (power + power * q), static_cast<float>(x));
}

// x = k pi/2 + r,  k whole,  |r| <= pi/4:  sin r and cos r by their Taylor series; each quarter turn exchanges the two
// and changes a sign. In double, since angles may be large: float would not tell 10000 from 10000.0005.
struct SinCos {
    Scalar sine, cosine;
};
inline SinCos sin_cos_of(double x) {
    if constexpr (std::is_same_v<Scalar, double>)
        return {static_cast<Scalar>(std::sin(x)), static_cast<Scalar>(std::cos(x))};
    constexpr double shifter = 6755399441055744;    // 1.5 * 2^52: adding it rounds to a whole number
    const double shifted = x * (2 / std::numbers::pi) + shifter, k = shifted - shifter;
    const double r =
        (x - k * 1.5707963267341256) - k * 6.0771005065061922e-11;    // pi/2 in two parts, k times the first is exact
    const double s = r * r;
    const double sine = r * (1 + s * (-1 / 6.0 + s * (1 / 120.0 + s * (-1 / 5040.0 + s / 362880))));
    const double cosine = 1 + s * (-1 / 2.0 + s * (1 / 24.0 + s * (-1 / 720.0 + s * (1 / 40320.0 - s / 3628800))));
    const auto quarter = std::bit_cast<std::int64_t>(shifted);    // k stands in the low bits
    const bool odd = (quarter & 1) != 0, second_half = (quarter & 2) != 0, left = ((quarter + 1) & 2) != 0;
    const double up = odd ? cosine : sine, along = odd ? sine : cosine;
    return {static_cast<Scalar>(second_half ? -up : up), static_cast<Scalar>(left ? -along : along)};
}

}    // namespace ordinal
