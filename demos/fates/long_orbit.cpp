#include "demos/fates/long_orbit.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/nn/linear.h>

namespace ordinal::demos {
namespace {

using Vector = std::vector<double>;

Vector numbers_of(const NdArray& a) {
    const std::vector<Scalar> numbers = a.to_vector();
    return {numbers.begin(), numbers.end()};
}

Vector times(const Matrix& A, const Vector& v) {
    Vector product(v.size());
    for (Index i = 0; i < A.rows; ++i)
        for (Index j = 0; j < A.columns; ++j)
            product[static_cast<std::size_t>(i)] += A(i, j) * v[static_cast<std::size_t>(j)];
    return product;
}

double length_of(const Vector& v) {
    double square = 0;
    for (const double number : v) square += number * number;
    return std::sqrt(square);
}

double length_between(const Vector& a, const Vector& b) {
    Vector apart = a;
    for (std::size_t i = 0; i < a.size(); ++i) apart[i] -= b[i];
    return length_of(apart);
}

}    // namespace

std::vector<double> TanhRecursion::next(const std::vector<double>& p) const {
    Vector q = times(W, p);
    for (std::size_t i = 0; i < q.size(); ++i) q[i] = std::tanh(q[i] + b[i]);
    return q;
}

TanhRecursion recursion_of(const Encoding& rnn) {
    const auto numbers = [&, all = rnn.parameters()](const std::string& name) {
        const auto found = std::ranges::find(all, name, &NamedParameter::name);
        require<OptionError>(found != all.end(), "recursion_of: expected an rnn, which has '", name, "', got none");
        return found->tensor.values();
    };
    return {Matrix(numbers("step.weight")), numbers_of(numbers("step.bias")), numbers_of(numbers("start"))};
}

LongOrbit long_orbit(const TanhRecursion& recursion) {
    LongOrbit orbit;
    constexpr double counted = LongOrbit::length - LongOrbit::settled;
    Vector p = recursion.start, push(p.size(), 1);
    for (Index k = 0; k < LongOrbit::length; ++k) {
        orbit.codes.push_back(p);
        p = recursion.next(p);
        push = times(recursion.W, push);    // q = tanh(W p + b)  =>  dq = (1 - q^2) W dp
        for (std::size_t i = 0; i < p.size(); ++i) push[i] *= 1 - p[i] * p[i];
        const double grown = length_of(push);
        for (double& number : push) number /= grown > 0 ? grown : 1;
        if (k < LongOrbit::settled) continue;
        orbit.exponent += std::log(grown) / counted;
        orbit.mean_length += length_of(p) / counted;
    }
    return orbit;
}

double LongOrbit::distance(Index i, Index j) const {
    return length_between(codes[static_cast<std::size_t>(i)], codes[static_cast<std::size_t>(j)]) / mean_length;
}

Index LongOrbit::period() const {
    for (Index lag = 1; lag <= 1024; ++lag)
        if (distance(settled, settled + lag) < 1e-5) return lag;
    return 0;
}

Index LongOrbit::nearest_return() const {
    if (const Index lag = period(); lag != 0) return lag;
    Vector apart(257);
    for (Index lag = 1; lag <= 256; ++lag)
        for (Index k = settled; k < settled + 64; ++k) apart[static_cast<std::size_t>(lag)] += distance(k, k + lag);
    return std::min_element(apart.begin() + 1, apart.end()) - apart.begin();
}

// A push that shrinks by more than exp(-0.003) a step is forgotten by p_settled, to the fifth digit.
std::string LongOrbit::fate() const {
    const Index lag = period();
    if (lag != 0) return lag == 1 ? "fixed point" : text_of("cycle of ", lag);
    return exponent > 0.003 ? "chaos" : exponent < -0.003 ? "not settled" : "torus";
}

NdArray LongOrbit::two_numbers(Index count) const {
    const auto first = codes.begin() + settled;
    std::vector<std::pair<double, std::size_t>> variances;
    for (std::size_t c = 0; c < codes[0].size(); ++c) {
        double mean = 0, square = 0;
        for (auto code = first; code < first + count; ++code) {
            mean += (*code)[c] / static_cast<double>(count);
            square += (*code)[c] * (*code)[c] / static_cast<double>(count);
        }
        variances.emplace_back(square - mean * mean, c);
    }
    std::ranges::sort(variances, std::greater());
    std::vector<Scalar> numbers;
    for (const std::size_t axis : {variances.at(0).second, variances.at(1).second})
        for (auto code = first; code < first + count; ++code) numbers.push_back(static_cast<Scalar>((*code)[axis]));
    return NdArray({2, count}, numbers);
}

double spectral_radius(const NdArray& W) {
    constexpr int squarings = 16;
    NdArray power = W;
    double log_radius = 0, share = 1;    // W^(2^s) = exp(log_radius / share) power
    for (int s = 0; s < squarings; ++s) {
        const double size = length_of(numbers_of(power));
        if (size == 0) return 0;
        log_radius += share * std::log(size);
        power = power * static_cast<Scalar>(1 / size);
        power = matmul(power, power);
        share /= 2;
    }
    return std::exp(log_radius + share * std::log(length_of(numbers_of(power))));
}

Index distinct_positions(double radius, std::uint64_t seed) {
    constexpr Index state = 64;
    Rng rng(seed);
    const Linear step(state, state, rng);    // its start is the default one of W and b
    TanhRecursion recursion{Matrix(step.weight().values()), numbers_of(step.bias().values()), Vector(state)};
    const double factor = radius / spectral_radius(step.weight().values());
    for (double& number : recursion.W.values) number *= factor;
    for (double& number : recursion.start) number = 0.5 * rng.normal();

    // In double, so that the rounding of a step is no difference of the size that is looked for.
    constexpr double last_digit_of_float = 0x1p-23;
    Vector p = recursion.start;
    for (Index k = 0; k < most_distinct; ++k) {
        const Vector q = recursion.next(p);
        if (length_between(q, p) < last_digit_of_float * length_of(p)) return k;
        p = q;
    }
    return most_distinct;
}

}    // namespace ordinal::demos
