#include "demos/fates/orbit.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/linear.h>

namespace ordinal::demos {
namespace {

double length_of(const NdArray& a) { return std::sqrt(static_cast<double>(sum_all(a * a))); }

NdArray row(const NdArray& codes, Index k) { return slice(codes, 0, k, k + 1); }

}    // namespace

double Orbit::least_of(Index count) const {
    double least = std::numeric_limits<double>::infinity();
    for (Index k = 1; k < count; ++k) least = std::min(least, nearest[static_cast<std::size_t>(k)]);
    return least;
}

Index Orbit::period() const {
    constexpr Index from = 400, longest = 100;
    for (Index lag = 1; lag <= longest; ++lag)
        if (distances.at({from, from + lag}) < Scalar(1e-3)) return lag;
    return 0;
}

Orbit orbit_of(const NdArray& codes) {
    const Index n = codes.dim(0);
    double mean_length = 0;
    for (Index k = 0; k < n; ++k) mean_length += length_of(row(codes, k)) / static_cast<double>(n);
    Orbit orbit{zeros({n, n}), {}, {}, {}};
    Scalar* d = orbit.distances.mutable_data();
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < i; ++j)
            d[i * n + j] = d[j * n + i] = static_cast<Scalar>(length_of(row(codes, i) - row(codes, j)) / mean_length);
    const auto distance = [&](Index i, Index j) { return static_cast<double>(d[i * n + j]); };
    for (Index k = 0; k < n; ++k) {
        if (k + 1 < n) orbit.step.push_back(distance(k, k + 1));
        if (k + 5 < n) orbit.back.push_back(distance(k, k + 5));
        double nearest = std::numeric_limits<double>::quiet_NaN();
        for (Index j = 0; j < k; ++j) nearest = std::fmin(nearest, distance(k, j));
        orbit.nearest.push_back(nearest);
    }
    return orbit;
}

double spectral_radius(const NdArray& W) {
    constexpr int squarings = 16;
    NdArray power = W;
    double log_radius = 0, share = 1;    // W^(2^s) = exp(log_radius / share) power
    for (int s = 0; s < squarings; ++s) {
        const double size = length_of(power);
        if (size == 0) return 0;
        log_radius += share * std::log(size);
        power = power * static_cast<Scalar>(1 / size);
        power = matmul(power, power);
        share /= 2;
    }
    return std::exp(log_radius + share * std::log(length_of(power)));
}

Index distinct_positions(double radius, std::uint64_t seed) {
    constexpr std::size_t state = 64;
    Rng rng(seed);
    const Linear step(state, state, rng);    // its start is the default one of W and b
    const double factor = radius / spectral_radius(step.weight().values());
    const std::vector<Scalar> W = step.weight().values().to_vector(), b = step.bias().values().to_vector();
    std::vector<double> p(state), next(state);
    for (double& number : p) number = 0.5 * rng.normal();

    // In double, so that the rounding of a step is no difference of the size that is looked for.
    constexpr double last_digit_of_float = 0x1p-23;
    for (Index k = 0; k < most_distinct; ++k) {
        double moved = 0, length = 0;
        for (std::size_t i = 0; i < state; ++i) {
            double sum = 0;
            for (std::size_t j = 0; j < state; ++j) sum += static_cast<double>(W[i * state + j]) * p[j];
            next[i] = std::tanh(factor * sum + static_cast<double>(b[i]));
            moved += (next[i] - p[i]) * (next[i] - p[i]);
            length += p[i] * p[i];
        }
        if (std::sqrt(moved) < last_digit_of_float * std::sqrt(length)) return k;
        std::swap(p, next);
    }
    return most_distinct;
}

}    // namespace ordinal::demos
