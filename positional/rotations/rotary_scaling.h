// The frequencies of a rotary encoding, and three ways to lower them for texts longer than those of the training.
//
// Source:  Su et al. 2021, arXiv 2104.09864 (the frequencies); Chen et al. 2023, arXiv 2306.15595 (linear: "position
//          interpolation"); Peng et al. 2023, arXiv 2309.00071 (yarn, which also writes ntk down)
// Formula: none:    w_j = base^(-2j/Dh)
//          linear:  w_j / s                                  the same as positions k / s
//          ntk:     w_j of the base  base s^(Dh / (Dh - 2))  the highest stays, the lowest is divided by s
//          yarn:    (1 - g_j) w_j / s + g_j w_j,  g_j = clamp((r_j - 1) / (32 - 1), 0, 1)
//                   r_j = trained w_j / (2 pi) full rotations within the trained length; attention scaling: q and k
//                   times 0.1 ln(s) + 1
//          This ramp is the paper's: g grows with the rotations r_j. The authors' program, and the models published
//          with it, let g fall along a line in j between the pairs that make 32 and 1 rotations, whole pairs outwards
//          (github.com/jquesnelle/yarn, issue 60). Both agree outside the ramp; inside, pair 30 of 64 (Dh = 128) keeps
//          0.295 of its frequency here and 0.639 there, with s = 16 and a trained length of 4096: for the numbers of
//          such a model, take its own.
// Shapes:  j = 0 .. Dh/2 - 1, one frequency for each pair of numbers
// Why:     a pair of low frequency, which never came round in training, has unseen angles on longer texts, so it has to
//          rotate more slowly; one of high frequency has had every angle, and slowed down it would blur neighbours.
//          Linear slows all of them, ntk bends gradually, yarn asks each pair how many rotations it has made. The
//          price: s is chosen by hand.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>

namespace ordinal {

enum class RotaryScaling { none, linear, ntk, yarn };

inline const char* source_of(RotaryScaling scaling) {    // beside that of the frequencies
    return scaling == RotaryScaling::none     ? ""
           : scaling == RotaryScaling::linear ? "; slowed down as in Chen et al. 2023, arXiv 2306.15595"
                                              : "; slowed down as in Peng et al. 2023, arXiv 2309.00071";
}

struct RotaryOptions {
    double base = 10000;
    RotaryScaling scaling = RotaryScaling::none;
    double factor = 1;      // s: how many times longer than the training
    Index trained = 512;    // the length of the training; yarn counts rotations in it
};

struct RotaryFrequencies {
    std::vector<double> w;           // radians a position, one for each pair
    double attention_scaling = 1;    // what queries and keys are multiplied by: the temperature of yarn
};

// How much of its own frequency yarn leaves to a pair that rotated so often in training.
inline double share_kept(double rotations) {
    constexpr double slow = 1, fast = 32;    // section 3.4 of the paper: alpha and beta for Llama
    return std::clamp((rotations - slow) / (fast - slow), 0.0, 1.0);
}

inline RotaryFrequencies rotary_frequencies(Index head_dim, const RotaryOptions& options) {
    const double s = options.factor, width = static_cast<double>(head_dim);
    require(head_dim > 0 && head_dim % 2 == 0, "Rotary: expected an even head_dim (pairs that rotate), got ", head_dim);
    require<OptionError>(options.base >= 1 && s >= 1 && options.trained > 0 && std::isfinite(options.base + s),
                         "Rotary: expected a base >= 1, a factor >= 1 and a trained length > 0, got ", options.base,
                         ", ", s, " and ", options.trained);
    require<OptionError>(options.scaling != RotaryScaling::ntk || head_dim > 2,
                         "Rotary: ntk lowers the lowest of several frequencies; head_dim 2 has one. Use linear");
    double base = options.base;
    if (options.scaling == RotaryScaling::ntk) base *= std::pow(s, width / (width - 2));
    require<OptionError>(std::isfinite(base), "Rotary: a base of ", options.base, " and a factor of ", s,
                         " are too large together: all pairs but one would stand still");

    RotaryFrequencies frequencies;
    for (Index j = 0; j < head_dim / 2; ++j) {
        double w = std::pow(base, -2.0 * static_cast<double>(j) / width);    // in integers 2 * j / Dh would be 0
        if (options.scaling == RotaryScaling::linear) w /= s;
        if (options.scaling == RotaryScaling::yarn) {
            const double g = share_kept(static_cast<double>(options.trained) * w / (2 * std::numbers::pi));
            w = (1 - g) * w / s + g * w;
        }
        frequencies.w.push_back(w);
    }
    if (options.scaling == RotaryScaling::yarn) frequencies.attention_scaling = 0.1 * std::log(s) + 1;
    return frequencies;
}

}    // namespace ordinal
