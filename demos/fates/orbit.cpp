#include "demos/fates/orbit.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/nd_math.h>
#include "demos/lab/summary.h"

namespace ordinal::demos {
namespace {

double length_of(const NdArray& a) { return std::sqrt(static_cast<double>(sum_all(a * a))); }

}    // namespace

double Orbit::distance(Index i, Index j) const { return static_cast<double>(distances.at({i, j})); }

double Orbit::nearest_earlier(Index k) const {
    double nearest = infinity;
    for (Index j = 0; j < k; ++j) nearest = std::min(nearest, distance(k, j));
    return nearest;
}

double Orbit::nearest_two(Index count) const {
    double nearest = infinity;
    for (Index k = 1; k < count; ++k) nearest = std::min(nearest, nearest_earlier(k));
    return nearest;
}

Index Orbit::period() const {
    constexpr Index from = 400, longest = 100;
    for (Index lag = 1; lag <= longest; ++lag)
        if (distance(from, from + lag) < 1e-3) return lag;
    return 0;
}

Orbit orbit_of(const NdArray& codes) {
    const Index n = codes.dim(0);
    const auto code = [&](Index k) { return select(codes, 0, k); };
    double mean_length = 0;
    for (Index k = 0; k < n; ++k) mean_length += length_of(code(k)) / static_cast<double>(n);
    if (mean_length == 0) mean_length = 1;    // no codes, or only zeros: all distances are 0
    Orbit orbit{zeros({n, n})};
    Scalar* d = orbit.distances.mutable_data();
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < i; ++j)
            d[i * n + j] = d[j * n + i] = static_cast<Scalar>(length_of(code(i) - code(j)) / mean_length);
    return orbit;
}

}    // namespace ordinal::demos
