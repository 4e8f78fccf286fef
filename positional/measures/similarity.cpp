#include <ordinal/positional/measures/similarity.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include <ordinal/core/nd_math.h>

namespace ordinal {

static void require_square(const NdArray& a, const char* who) {
    require(a.ndim() == 2 && a.dim(0) == a.dim(1) && a.dim(0) > 0, who, ": expected a square matrix [T, T], got ",
            a.shape());
}

NdArray dot_similarity(const NdArray& codes) {
    require(codes.ndim() == 2, "dot_similarity: expected codes [T, D], got ", codes.shape());
    return matmul(codes, transpose(codes));
}

// Each code at length 1 first, in double: squares of very small or large numbers are no floats.
NdArray cosine_similarity(const NdArray& codes) {
    require(codes.ndim() == 2, "cosine_similarity: expected codes [T, D], got ", codes.shape());
    NdArray unit = contiguous(codes);
    Scalar* u = unit.mutable_data();
    const Index T = unit.dim(0), D = unit.dim(1);
    for (Index t = 0; t < T; ++t) {
        double square_sum = 0;
        for (Index i = t * D; i < (t + 1) * D; ++i) square_sum += static_cast<double>(u[i]) * static_cast<double>(u[i]);
        const double length = std::sqrt(square_sum);
        for (Index i = t * D; i < (t + 1) * D; ++i)
            u[i] = square_sum == 0 ? 0 : static_cast<Scalar>(static_cast<double>(u[i]) / length);
    }
    return dot_similarity(unit);
}

NdArray mean_by_lag(const NdArray& similarity) {
    require_square(similarity, "mean_by_lag");
    const Index T = similarity.dim(0);
    NdArray means = zeros({T});
    Scalar* mean = means.mutable_data();
    for (Index lag = 0; lag < T; ++lag) {
        for (Index i = 0; i + lag < T; ++i) mean[lag] += similarity.at({i, i + lag});
        mean[lag] /= static_cast<Scalar>(T - lag);
    }
    return means;
}

// The power of x at frequency cycles / n:  |sum_k x_k e^(-2 pi i cycles k / n)|^2
static double power_at(const std::vector<double>& x, Index cycles) {
    const double n = static_cast<double>(x.size());
    std::complex<double> sum = 0;
    for (std::size_t k = 0; k < x.size(); ++k)
        sum += x[k] * std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(cycles) * static_cast<double>(k) / n);
    return std::norm(sum);
}

PeriodScore period_score(const NdArray& similarity, Index period) {
    require_square(similarity, "period_score");
    const Index T = similarity.dim(0);
    require(1 < period && 3 * period <= T, "period_score: a period of ", period, " does not fit three times into ", T,
            " positions");    // with fewer, the lags span one period, and all of their power counts as its harmonics
    double on = 0, off = 0;
    Index count_on = 0, count_off = 0;
    for (Index i = 0; i < T; ++i)
        for (Index j = 0; j < T; ++j) {
            if (i == j) continue;
            const bool in_phase = (i - j) % period == 0;
            (in_phase ? on : off) += static_cast<double>(similarity.at({i, j}));
            ++(in_phase ? count_on : count_off);
        }

    const NdArray by_lag = mean_by_lag(similarity);
    const Index n = (T - period) / period * period;    // whole periods, from lag 1 on
    std::vector<double> x;
    double mean = 0;
    for (Index lag = 1; lag <= n; ++lag) x.push_back(static_cast<double>(by_lag.at({lag})));
    for (double value : x) mean += value / static_cast<double>(n);
    for (double& value : x) value -= mean;
    double all = 0, at_harmonics = 0;
    for (Index cycles = 1; cycles <= n / 2; ++cycles) {
        const double power = power_at(x, cycles);
        all += power;
        if (cycles % (n / period) == 0) at_harmonics += power;    // n / period cycles = once a period
    }
    constexpr double least_power = 1e-9;    // what rounding makes of a flat curve is no rhythm
    return {on / static_cast<double>(count_on) - off / static_cast<double>(count_off),
            at_harmonics / std::max(all, least_power)};
}

}    // namespace ordinal
