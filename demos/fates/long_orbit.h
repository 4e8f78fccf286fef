// The orbit of an RNN's codes, p_{k+1} = tanh(W p_k + b), long and in double: does it come back, and does it attract?
#pragma once

#include <string>
#include <vector>

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/measures/matrix.h>

namespace ordinal::demos {

struct TanhRecursion {
    Matrix W;                        // [S, S]
    std::vector<double> b, start;    // [S]; start is p_0

    std::vector<double> next(const std::vector<double>& p) const;
};
TanhRecursion recursion_of(const Encoding& rnn);    // Throws OptionError: it is none

struct LongOrbit {
    static constexpr Index length = 8192, settled = length / 2;    // from p_settled on it has become what it becomes

    std::vector<std::vector<double>> codes = {};    // [length][S]
    double mean_length = 0;                         // of a settled code
    // The largest exponent of Lyapunov: exp(exponent) is the factor by which a small push grows in a step, once settled
    // (Benettin et al. 1976, doi 10.1103/PhysRevA.14.2338). Below 0 the orbit attracts; at 0 a push stays; above 0 is
    // chaos.
    double exponent = 0;

    double distance(Index i, Index j) const;    // |p_i - p_j| / mean_length
    // The first lag up to 1024 at which p_settled has come back, to within 1e-5; 1 = a fixed point; 0: it never does.
    Index period() const;
    // The period; without one the lag up to 256 after which 64 settled codes are, together, nearest to where they were.
    Index nearest_return() const;
    std::string fate() const;                  // "fixed point", "cycle of 5", "torus", "chaos", "not settled"
    NdArray two_numbers(Index count) const;    // of `count` settled codes: the two that vary most.  [2, count]
};
LongOrbit long_orbit(const TanhRecursion& recursion);

// The largest |eigenvalue| of W [n, n]: the n-th root of |W^n|, n = 2^16 (Gelfand's formula).
double spectral_radius(const NdArray& W);

// 64 numbers, W drawn and scaled to this spectral radius: after how many steps is |p_{k+1} - p_k| / |p_k| below 2^-23,
// the last digit of a float? From there on positions look alike. 5000: not yet.
constexpr Index most_distinct = 5000;
Index distinct_positions(double radius, std::uint64_t seed);

}    // namespace ordinal::demos
