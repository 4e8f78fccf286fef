#include <ordinal/positional/measures/indicators.h>

#include <algorithm>
#include <cmath>

#include <ordinal/positional/measures/eigenvalues.h>
#include <ordinal/positional/measures/linear_probe.h>
#include <ordinal/positional/measures/matrix.h>
#include <ordinal/positional/measures/similarity.h>

namespace ordinal {
namespace {

Matrix square(const NdArray& a, const char* who) {
    require(a.ndim() == 2 && a.dim(0) == a.dim(1) && a.dim(0) > 0, who, ": expected a square matrix [T, T], got ",
            a.shape());
    return Matrix(a);
}

Matrix codes_of(const NdArray& a, const char* who) {
    require(a.ndim() == 2 && a.size() > 0, who, ": expected codes [T, D], got ", a.shape());
    return Matrix(a);
}

double ratio(double above, double below) { return below > 0 ? above / below : Indicators::none; }

}    // namespace

double translation_invariance(const NdArray& kernel) {
    const Matrix S = square(kernel, "translation_invariance");
    struct Moments {    // of the numbers added so far: their count, mean, and sum of squares around it (Welford)
        double count = 0, mean = 0, squares = 0;
        void add(double x) {
            const double before = x - mean;
            mean += before / ++count;
            squares += before * (x - mean);
        }
    };
    Moments all;
    double within = 0;
    for (Index lag = 1 - S.rows; lag < S.rows; ++lag) {
        Moments diagonal;
        for (Index i = std::max<Index>(0, -lag); i < S.rows && i + lag < S.rows; ++i) {
            if (std::isnan(S(i, i + lag))) continue;
            diagonal.add(S(i, i + lag));
            all.add(S(i, i + lag));
        }
        within += diagonal.squares;
    }
    constexpr double rounding = 1e-12;    // of S = 1 everywhere: nothing varies
    return all.squares > rounding * all.count ? 1 - within / all.squares : all.count > 0 ? 1 : Indicators::none;
}

double monotonicity(const NdArray& kernel, Index window) {
    const Matrix S = square(kernel, "monotonicity");
    double falls = 0, steps = 0;
    for (Index i = 0; i < S.rows; ++i)
        for (const Index side : {-1, 1})
            for (Index lag = 0; lag < window; ++lag) {
                const Index nearer = i + side * lag, farther = nearer + side;
                if (farther < 0 || farther >= S.rows) break;
                if (std::isnan(S(i, nearer)) || std::isnan(S(i, farther))) continue;
                ++steps;
                falls += S(i, farther) < S(i, nearer) ? 1 : 0;
            }
    return ratio(falls, steps);
}

double symmetry(const NdArray& kernel) {
    const Matrix S = square(kernel, "symmetry");
    double difference = 0, size = 0;
    for (Index i = 0; i < S.rows; ++i)
        for (Index m = 1; m <= std::min(i, S.rows - 1 - i); ++m) {
            const double left = S(i, i - m), right = S(i, i + m);
            if (std::isnan(left) || std::isnan(right)) continue;
            difference += std::abs(right - left);
            size += std::abs(right) + std::abs(left);
        }
    return 1 - ratio(difference, size);
}

double effective_rank(const NdArray& codes) {
    const Matrix P = codes_of(codes, "effective_rank");
    const bool tall = P.rows > P.columns;
    Matrix unit = tall ? Matrix(P.columns, P.rows) : P;    // each code at length 1; tall: as a column
    for (Index k = 0; k < P.rows; ++k) {
        const double length = std::sqrt(dot(P, k, P, k));
        for (Index c = 0; c < P.columns; ++c) (tall ? unit(c, k) : unit(k, c)) = length > 0 ? P(k, c) / length : 0;
    }
    Matrix gram(unit.rows, unit.rows);
    double trace = 0;    // the sum of the eigenvalues
    for (Index i = 0; i < unit.rows; ++i) {
        for (Index j = 0; j <= i; ++j) gram(i, j) = dot(unit, i, unit, j);
        trace += gram(i, i);
    }
    if (!(trace > 0)) return Indicators::none;
    double entropy = 0;
    for (const double value : eigenvalues(std::move(gram)))
        if (value > 0) entropy -= value / trace * std::log(value / trace);    // rounding may leave -1e-17 for 0
    return std::exp(entropy);
}

Index distinct_positions(const NdArray& codes, double epsilon) {
    const Matrix P = codes_of(codes, "distinct_positions");
    double longest = 0;
    for (Index k = 0; k < P.rows; ++k) longest = std::max(longest, std::sqrt(dot(P, k, P, k)));
    Index distinct = 0;
    for (Index k = 0; k < P.rows; ++k) {
        if (std::isnan(dot(P, k, P, k))) continue;                   // no code at all
        double nearest = std::numeric_limits<double>::infinity();    // squared
        for (Index other = 0; other < P.rows; ++other) {
            if (other == k) continue;
            double square_sum = 0;
            for (Index c = 0; c < P.columns; ++c) square_sum += (P(k, c) - P(other, c)) * (P(k, c) - P(other, c));
            nearest = std::min(nearest, square_sum);
        }
        distinct += std::sqrt(nearest) > epsilon * longest ? 1 : 0;
    }
    return distinct;
}

Indicators indicators_of(const NdArray& kernel) {
    Indicators result;
    result.translation_invariance = translation_invariance(kernel);
    result.monotonicity_8 = monotonicity(kernel, 8);
    result.monotonicity = monotonicity(kernel, kernel.dim(0) - 1);
    result.symmetry = symmetry(kernel);
    return result;
}

Indicators indicators_of(const NdArray& kernel, const NdArray& codes) {
    Indicators result = indicators_of(kernel);
    result.effective_rank = effective_rank(codes);
    result.distinct = static_cast<double>(distinct_positions(codes));
    const ProbeErrors probe = probe_errors(codes);
    result.probe_error = probe.position;
    result.order_error = probe.order;
    result.shift_error = shift_error(codes);
    return result;
}

}    // namespace ordinal
