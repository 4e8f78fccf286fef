#include <ordinal/core/random.h>

#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace ordinal {

// splitmix64 (Steele, Lea and Flood 2014): turns one seed word into well mixed state words.
static std::uint64_t splitmix(std::uint64_t& x) {
    std::uint64_t z = (x += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

Rng::Rng(std::uint64_t seed) {
    for (auto& word : state_) word = splitmix(seed);
}

void Rng::set_state(const State& state) {
    require<OptionError>(state != State{}, "Rng: expected a state that is not all 0");
    state_ = state;
}

// xoshiro256** 1.0 (Blackman and Vigna 2018, public domain)
std::uint64_t Rng::bits() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

double Rng::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

static void check_range(double low, double high, const char* who) {
    require<OptionError>(low < high && std::isfinite(high - low), who, ": expected low < high, got ", low, " and ",
                         high);
}

double Rng::uniform(double low, double high) {
    check_range(low, high, "Rng::uniform");
    double u = high;
    while (u >= high) u = low + (high - low) * uniform();    // rounding may reach high: then another draw
    return u;
}

// Box and Muller 1958; the second value of the pair is dropped, so that there is no hidden state
double Rng::normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Rng::truncated_normal() {
    double x = normal();
    while (std::abs(x) > 2) x = normal();
    return x;
}

Index Rng::below(Index count) {
    require<OptionError>(count > 0, "Rng::below: expected a positive count, got ", count);
    const auto n = static_cast<std::uint64_t>(count);
    const std::uint64_t fair = UINT64_MAX - UINT64_MAX % n;    // draws from here on would favour small numbers
    std::uint64_t x = bits();
    while (x >= fair) x = bits();
    return static_cast<Index>(x % n);
}

template <class Draw>
static NdArray filled(const char* who, const Shape& shape, double deviation, Draw draw) {
    require<OptionError>(deviation >= 0 && std::isfinite(static_cast<Scalar>(9 * deviation)), who,    // 8.6 at most
                         ": expected a standard deviation of 0 or more whose draws are finite, got ", deviation);
    NdArray a = NdArray::uninitialized(shape);
    Scalar* values = a.mutable_data();
    for (Index i = 0; i < a.size(); ++i) values[i] = static_cast<Scalar>(deviation * draw());
    return a;
}

NdArray random_uniform(const Shape& shape, double low, double high, Rng& rng) {
    check_range(low, high, "random_uniform");
    const auto fits = [=](Scalar u) { return low <= static_cast<double>(u) && static_cast<double>(u) < high; };
    const auto nearest = static_cast<Scalar>(low);
    require<OptionError>(fits(nearest) || fits(std::nextafter(nearest, std::numeric_limits<Scalar>::max())),
                         "random_uniform: between ", low, " and ", high, " there is no number of this type");
    return filled("random_uniform", shape, 1, [&] {
        Scalar u = static_cast<Scalar>(rng.uniform(low, high));
        while (!fits(u)) u = static_cast<Scalar>(rng.uniform(low, high));    // rounded out of the range
        return static_cast<double>(u);
    });
}

NdArray random_normal(const Shape& shape, double standard_deviation, Rng& rng) {
    return filled("random_normal", shape, standard_deviation, [&] { return rng.normal(); });
}

NdArray random_truncated_normal(const Shape& shape, double standard_deviation, Rng& rng) {
    return filled("random_truncated_normal", shape, standard_deviation, [&] { return rng.truncated_normal(); });
}

}    // namespace ordinal
