// exp, tanh, Phi, sin and cos for loops: without branches and tables, so that the compiler turns a loop over them into
// vector instructions. The standard functions are called for one number at a time and cost 5 to 30 times as much.
//
// Errors (float; a test scans the range): exp_of 1e-7 relative, from the largest float down to the smallest; tanh_of
// 2e-7 relative; normal_cdf 3e-7 absolute, and in its left tail relative to the result as well, see there; sin_cos_of
// 6e-8 absolute.
// In the double build they are the standard functions: gradient checks need all digits.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>

#include <ordinal/core/scalar.h>

namespace ordinal {

// The same bits as another type: std::bit_cast, which libc++ does not have before its version 14.
template <class To, class From>
inline To bits_as(From from) {
    return __builtin_bit_cast(To, from);
}

// e^x = 2^k (1 + q),  k = round(x / ln 2),  q = e^r - 1 by its Taylor series on |r| <= ln 2 / 2
struct ExpParts {
    std::int32_t k;
    float q;
};
inline ExpParts exp_parts(float x) {
    constexpr float shifter = 12582912.0f;              // 1.5 * 2^23: adding it rounds to a whole number
    const float shifted = x * 1.44269504f + shifter;    // x / ln 2
    const float k = shifted - shifter;
    const float r = (x - k * 0.693145752f) - k * 1.42860677e-6f;    // ln 2 in two parts, so that k ln 2 is exact
    const float series =
        1 / 2.0f + r * (1 / 6.0f + r * (1 / 24.0f + r * (1 / 120.0f + r * (1 / 720.0f + r * (1 / 5040.0f)))));
    // k stands in the low bits of `shifted`, behind those of the shifter
    return {bits_as<std::int32_t>(shifted) - bits_as<std::int32_t>(shifter), r + r * r * series};
}
inline float power_of_two(std::int32_t k) { return bits_as<float>((k + 127) << 23); }    // -127 < k < 128

inline Scalar exp_of(Scalar x) {
    if constexpr (std::is_same_v<Scalar, double>) return std::exp(x);
    const auto narrow = static_cast<float>(x);
    const auto [k, q] = exp_parts(std::min(std::max(narrow, -104.0f), 89.0f));    // float ends at -103.97 and 88.72
    const std::int32_t half = k >> 1;    // 2^k in two factors: where e^x is a float, 2^k may be none
    const float power = power_of_two(half), rest = narrow < -104 ? 0 : power_of_two(k - half);
    return (power + power * q) * rest;
}

// The same bits for x <= 0, as softmax and GELU need it: there one of the factors may always be 2^-64, or 0. It is
// chosen by an `and`, for of a second comparison with -104 compilers make three ways through the loop.
inline Scalar exp_of_not_positive(Scalar x) {
    if constexpr (std::is_same_v<Scalar, double>) return std::exp(x);
    const auto narrow = static_cast<float>(x);
    const auto [k, q] = exp_parts(std::max(narrow, -104.0f));
    const std::int32_t all_or_none = -static_cast<std::int32_t>(narrow >= -104);    // of the bits
    const float power = power_of_two(k + 64), rest = bits_as<float>(bits_as<std::int32_t>(0x1p-64f) & all_or_none);
    return (power + power * q) * rest;
}

// tanh x = t / (t + 2),  t = e^(2x) - 1
inline Scalar tanh_of(Scalar x) {
    if constexpr (std::is_same_v<Scalar, double>) return std::tanh(x);
    const float clamped = std::min(std::max(static_cast<float>(x), -10.0f), 10.0f);    // 1 - tanh 10 = 4e-9 is nothing
    const auto [k, q] = exp_parts(2 * clamped);
    const float power = power_of_two(k);
    const float t = power * q + (power - 1);    // near 0, power is 1 and t = q keeps all digits
    return t / (t + 2);
}

// Phi(x) = erfc(-x / sqrt 2) / 2: the probability that a normal variable is below x.  With z = |x| / sqrt 2:
// erfc z = (a1 t + ... + a5 t^5) e^(-z^2),  t = 1 / (1 + p z)
// Abramowitz and Stegun 1964, formula 7.1.26: error 1.5e-7 before rounding. The left tail is this product and no
// difference from 1, so that it fades as it should: within 1 % of itself down to x = -5.
inline Scalar normal_cdf(Scalar x) {
    if constexpr (std::is_same_v<Scalar, double>) return std::erfc(-x * (std::numbers::sqrt2_v<Scalar> / 2)) / 2;
    const float z = std::abs(static_cast<float>(x)) * (std::numbers::sqrt2_v<float> / 2);
    const float t = 1 / (1 + 0.3275911f * z);
    const float sum =
        t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
    const float tail = sum * static_cast<float>(exp_of_not_positive(-z * z)) / 2;
    return x < 0 ? tail : 1 - tail;
}

struct SinCos {
    Scalar sine, cosine;
};

// x = k pi/2 + r,  k whole,  |r| <= pi/4:  sin r and cos r by their Taylor series; each quarter turn exchanges the two
// and changes a sign. In double, since angles may be large: float would not tell 10000 from 10000.0005.
constexpr double largest_angle = 1e6;    // up to here k times the first part of pi/2 is exact
inline SinCos sin_cos_of_small(double x) {
    if constexpr (std::is_same_v<Scalar, double>)
        return {static_cast<Scalar>(std::sin(x)), static_cast<Scalar>(std::cos(x))};
    constexpr double shifter = 6755399441055744;    // 1.5 * 2^52: adding it rounds to a whole number
    const double shifted = x * (2 / std::numbers::pi) + shifter, k = shifted - shifter;
    const double r =
        (x - k * 1.5707963267341256) - k * 6.0771005065061922e-11;    // pi/2 in two parts, k times the first is exact
    const double s = r * r;
    const double sine = r * (1 + s * (-1 / 6.0 + s * (1 / 120.0 + s * (-1 / 5040.0 + s * (1 / 362880.0)))));
    const double cosine =
        1 + s * (-1 / 2.0 + s * (1 / 24.0 + s * (-1 / 720.0 + s * (1 / 40320.0 - s * (1 / 3628800.0)))));
    const auto quarter = bits_as<std::int64_t>(shifted);    // k stands in the low bits
    const bool odd = (quarter & 1) != 0, second_half = (quarter & 2) != 0, left = ((quarter + 1) & 2) != 0;
    const double up = odd ? cosine : sine, along = odd ? sine : cosine;
    return {static_cast<Scalar>(second_half ? -up : up), static_cast<Scalar>(left ? -along : along)};
}
inline SinCos sin_cos_of(double x) {
    if (std::abs(x) <= largest_angle) return sin_cos_of_small(x);
    return {static_cast<Scalar>(std::sin(x)), static_cast<Scalar>(std::cos(x))};
}

}    // namespace ordinal
