// Rng: random numbers that are the same on every machine (normal ones up to the last digit of its log and cos).
//
// The standard library fixes its generators but not its distributions (std::normal_distribution differs between
// compilers), so both are written here. A seed is always an argument: nothing in Ordinal is random by accident.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <ordinal/core/nd_array.h>
#include <ordinal/core/scalar.h>

namespace ordinal {

class Rng {
public:
    explicit Rng(std::uint64_t seed);

    std::uint64_t bits();                       // 64 random bits
    double uniform();                           // 0 <= u < 1, 53 random bits
    double uniform(double low, double high);    // low <= u < high; refuses low >= high
    double normal();                            // mean 0, standard deviation 1
    double truncated_normal();                  // a normal drawn again until it lies within 2 standard deviations
    Index below(Index count);                   // 0 <= i < count, every i equally likely
    bool chance(double probability) { return uniform() < probability; }
    Rng split() { return Rng(bits()); }    // an independent generator, for a part of the program of its own

    // The words that all further draws follow from: what a checkpoint keeps. All 0 would draw 0 for ever: refused.
    using State = std::array<std::uint64_t, 4>;
    const State& state() const { return state_; }
    void set_state(const State& state);

    template <class T>
    void shuffle(std::span<T> items) {    // Fisher-Yates: every order equally likely
        for (Index i = static_cast<Index>(items.size()) - 1; i > 0; --i)
            std::swap(items[static_cast<std::size_t>(i)], items[static_cast<std::size_t>(below(i + 1))]);
    }

private:
    State state_;
};

// Arrays of independent draws. Of random_uniform each number is in low <= u < high also after it became a Scalar.
NdArray random_uniform(const Shape& shape, double low, double high, Rng& rng);
NdArray random_normal(const Shape& shape, double standard_deviation, Rng& rng);
NdArray random_truncated_normal(const Shape& shape, double standard_deviation, Rng& rng);

}    // namespace ordinal
