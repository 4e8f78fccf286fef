#include "demos/fates/long_orbit.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>

namespace ordinal::demos {
namespace {

using Vector = std::vector<double>;

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
    const auto vector = [](const NdArray& a) {
        const std::vector<Scalar> values = a.to_vector();
        return Vector(values.begin(), values.end());
    };
    return {Matrix(numbers("step.weight")), vector(numbers("step.bias")), vector(numbers("start"))};
}

LongOrbit long_orbit(const TanhRecursion& recursion) {
    LongOrbit orbit{Matrix(LongOrbit::length, recursion.W.rows)};
    constexpr double counted = LongOrbit::length - LongOrbit::settled;
    Vector p = recursion.start, push(p.size(), 1);
    for (Index k = 0; k < LongOrbit::length; ++k) {
        for (std::size_t i = 0; i < p.size(); ++i) orbit.codes(k, static_cast<Index>(i)) = p[i];
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
    Vector apart;
    for (Index c = 0; c < codes.columns; ++c) apart.push_back(codes(i, c) - codes(j, c));
    return length_of(apart) / mean_length;
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
    std::vector<std::pair<double, Index>> variances;
    for (Index c = 0; c < codes.columns; ++c) {
        double mean = 0, square = 0;
        for (Index k = settled; k < settled + count; ++k) {
            mean += codes(k, c) / static_cast<double>(count);
            square += codes(k, c) * codes(k, c) / static_cast<double>(count);
        }
        variances.emplace_back(square - mean * mean, c);
    }
    std::ranges::sort(variances, std::greater());
    std::vector<Scalar> numbers;
    for (const std::size_t axis : {0, 1})
        for (Index k = settled; k < settled + count; ++k)
            numbers.push_back(static_cast<Scalar>(codes(k, variances.at(axis).second)));
    return NdArray({2, count}, numbers);
}

}    // namespace ordinal::demos
