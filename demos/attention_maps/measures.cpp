#include "demos/attention_maps/measures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/measures/indicators.h>
#include <ordinal/positional/measures/matrix.h>
#include <ordinal/positional/measures/similarity.h>

namespace ordinal::demos {

BestLag best_lag(const NdArray& attention) {
    const Index T = attention.dim(0);
    BestLag best;
    for (Index lag = -T / 2; lag <= T / 2; ++lag) {
        double sum = 0;
        for (Index i = 0; i < T; ++i)
            if (i + lag >= 0 && i + lag < T) sum += static_cast<double>(attention.at({i, i + lag}));
        const double share = sum / static_cast<double>(T - std::abs(lag));
        if (share > best.share) best = {lag, share};
    }
    return best;
}

double share_on(const NdArray& attention, const std::vector<Index>& queries, const std::vector<Index>& keys) {
    double sum = 0;
    for (const Index i : queries)
        for (const Index j : keys) sum += static_cast<double>(attention.at({i, j}));
    return sum / static_cast<double>(queries.size());
}

double code_invariance(const NdArray& codes) {
    if (max_abs_difference(codes, NdArray(codes.shape())) == 0) return std::nan("");
    NdArray C = contiguous(cosine_similarity(codes));
    const Index T = C.dim(0);
    for (Index i = 0; i < T; ++i) C.mutable_data()[i * T + i] = static_cast<Scalar>(std::nan(""));    // takes no part
    return translation_invariance(C);
}

LagRule lag_rule(const NdArray& scores) {
    const Index T = scores.dim(0);
    const auto lag_of = [T](Index i, Index j) { return static_cast<std::size_t>(j - i + T - 1); };
    Matrix rest(scores);
    std::vector<double> t(static_cast<std::size_t>(2 * T - 1), 0.0);
    const auto remove_row_means = [&] {
        for (Index i = 0; i < T; ++i) {
            double mean = 0;
            for (Index j = 0; j < T; ++j) mean += rest(i, j) / static_cast<double>(T);
            for (Index j = 0; j < T; ++j) rest(i, j) -= mean;
        }
    };
    const auto power = [&] {
        double sum = 0;
        for (double value : rest.values) sum += value * value;
        return sum;
    };
    remove_row_means();
    const double all = power();
    // Least squares by turns: what a lag shares goes into t, what a row shares is dropped.
    for (int round = 0; round < 100; ++round) {
        for (Index lag = 1 - T; lag < T; ++lag) {
            const Index first = std::max<Index>(0, -lag), last = std::min(T, T - lag);
            double mean = 0;
            for (Index i = first; i < last; ++i) mean += rest(i, i + lag) / static_cast<double>(last - first);
            for (Index i = first; i < last; ++i) rest(i, i + lag) -= mean;
            t[lag_of(0, lag)] += mean;
        }
        remove_row_means();
    }

    LagRule rule{.invariance = 1 - power() / all};
    double mean = 0, odd = 0, even = 0;
    for (double value : t) mean += value / static_cast<double>(t.size());
    for (Index lag = 0; lag < T; ++lag) {
        const double ahead = t[lag_of(0, lag)] - mean, back = t[lag_of(lag, 0)] - mean;
        odd += std::pow((ahead - back) / 2, 2);
        even += std::pow((ahead + back) / 2, 2);
    }
    rule.asymmetry = std::sqrt(odd) / (std::sqrt(odd) + std::sqrt(even));
    return rule;
}

}    // namespace ordinal::demos
