// The frequencies of a rotary encoding: how many pairs rotate, and five ways to slow them down for texts longer than
// those of the training.
//
// Source:  Su et al. 2021, arXiv 2104.09864 (the frequencies); Chen et al. 2023, arXiv 2306.15595 (linear: "position
//          interpolation"); Peng et al. 2023, arXiv 2309.00071 (yarn, which also writes ntk down); llama3 and dynamic:
//          modeling_rope_utils.py of the library transformers (llama3 is from the code of Llama 3.1, dynamic from
//          online posts of bloc97 and emozilla); a part of the pairs: Barbero et al. 2025, arXiv 2410.06205 ("p-RoPE",
//          spectrum=cut), Black et al. 2022, arXiv 2204.06745 (spectrum=whole)
// Formula: none:    w_j = base^(-2j/W),  j = 0 .. n - 1,  n = part Dh/2 pairs, rounded down
//                   spectrum=cut:   W = Dh, the n fastest pairs of all Dh/2 rotate: transformers' "proportional"
//                   spectrum=whole: W = 2n, a RoPE of the first 2n numbers: transformers' "partial_rotary_factor"
//          linear:  w_j / s                                  the same as positions k / s
//          ntk:     w_j of the base  base s^(W / (W - 2))    the highest stays, the lowest of all W/2 is divided by s
//          dynamic: ntk with  max(1, s L / N - (s - 1))  for s,  N = trained,  L = tokens of this text
//          yarn:    (1 - g_j) w_j / s + g_j w_j,  g_j = clamp((r_j - 1) / (32 - 1), 0, 1)
//                   r_j = trained w_j / (2 pi) full rotations within the trained length; attention scaling: q and k
//                   times 0.1 ln(s) + 1
//          llama3:  the same with  g_j = clamp((r_j - 1) / (4 - 1), 0, 1)  and without attention scaling
//          The ramp of yarn is the paper's: g grows with the rotations r_j. The authors' program, and the models
//          published with it, let g fall along a line in j between the pairs that make 32 and 1 rotations, whole pairs
//          outwards (github.com/jquesnelle/yarn, issue 60). Both agree outside the ramp; inside, pair 30 of 64
//          (Dh = 128) keeps 0.295 of its frequency here and 0.639 there, with s = 16 and a trained length of 4096: for
//          the numbers of such a model, take its own.
// Shapes:  one frequency for each pair of numbers that rotates
// Why:     a pair of low frequency, which never came round in training, has unseen angles on longer texts, so it has to
//          rotate more slowly; one of high frequency has had every angle, and slowed down it would blur neighbours.
//          Linear slows all of them, ntk bends gradually, yarn and llama3 ask each pair how many rotations it has made,
//          dynamic waits until a text is too long. Or the slowest do not rotate at all: they hardly tell positions
//          apart, and models use them for what a token means. The price: s or the part is chosen by hand; and with
//          dynamic every angle changes when the text grows, so keys cannot be kept while a text is written.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>
#include <ordinal/positional/room.h>

namespace ordinal {

enum class RotaryScaling { none, linear, ntk, yarn, llama3, dynamic };
enum class Spectrum { cut, whole };    // of the frequencies, where only a part of the pairs rotates

struct RotaryOptions {
    double base = 10000;
    RotaryScaling scaling = RotaryScaling::none;
    double factor = 1;      // s: how many times longer than the training
    Index trained = 512;    // N, the length of the training; yarn and llama3 count rotations in it
    double part = 1;        // of the pairs: these rotate
    Spectrum spectrum = Spectrum::cut;
};

// Beside the source of RoPE itself.
inline const char* source_of(RotaryScaling scaling) {
    switch (scaling) {
        case RotaryScaling::none:
            return "";
        case RotaryScaling::linear:
            return "; slowed down as in Chen et al. 2023, arXiv 2306.15595";
        case RotaryScaling::ntk:
        case RotaryScaling::yarn:
            return "; slowed down as in Peng et al. 2023, arXiv 2309.00071";
        default:
            return "; slowed down as in transformers, modeling_rope_utils.py";
    }
}
inline const char* source_of_part(const RotaryOptions& options) {
    if (options.part == 1) return "";
    return options.spectrum == Spectrum::cut ? "; a part of the pairs as in Barbero et al. 2025, arXiv 2410.06205"
                                             : "; a part of the pairs as in Black et al. 2022, arXiv 2204.06745";
}

struct RotaryFrequencies {
    std::vector<double> w;           // radians a position, one for each pair that rotates
    Index width = 0;                 // W: these pairs stand where those of a head of this width do
    double attention_scaling = 1;    // what they are multiplied by in queries and keys: the temperature of yarn
};

// How much of its own frequency a pair keeps that rotated so often in training.
inline double share_kept(double rotations, double fast) {
    constexpr double slow = 1;
    return std::clamp((rotations - slow) / (fast - slow), 0.0, 1.0);
}
constexpr double fast_in_yarn = 32;     // section 3.4 of the paper: alpha = 1 and beta = 32 for Llama
constexpr double fast_in_llama3 = 4;    // low_freq_factor = 1 and high_freq_factor = 4

// length: L, the tokens of the text. Only dynamic asks for it; up to the trained length nothing is changed.
inline RotaryFrequencies rotary_frequencies(Index head_dim, const RotaryOptions& options, Index length = 0) {
    const double s = options.factor;
    require(head_dim > 0 && head_dim % 2 == 0, "Rotary: expected an even head_dim (pairs that rotate), got ", head_dim);
    require_room("Rotary", "the frequencies", {head_dim / 2}, "choose a smaller head_dim");
    require<OptionError>(options.base >= 1 && s >= 1 && options.trained > 0 && std::isfinite(options.base + s),
                         "Rotary: expected a base >= 1, a factor >= 1 and a trained length > 0, got ", options.base,
                         ", ", s, " and ", options.trained);
    const double rotating = std::floor(options.part * static_cast<double>(head_dim) / 2);
    require<OptionError>(options.part <= 1 && rotating >= 1, "Rotary: expected a part of the ", head_dim / 2,
                         " pairs, at least one and at most all of them, got ", options.part,
                         "; where nothing should rotate take none");
    const auto pairs = static_cast<Index>(rotating);
    const Index W = options.spectrum == Spectrum::cut ? head_dim : 2 * pairs;
    const auto width = static_cast<double>(W);
    const bool bends = options.scaling == RotaryScaling::ntk || options.scaling == RotaryScaling::dynamic;
    require<OptionError>(!bends || W > 2, "Rotary: ", options.scaling == RotaryScaling::ntk ? "ntk" : "dynamic",
                         " lowers the lowest of several frequencies, and there is one. Use linear");
    double base = options.base;
    if (options.scaling == RotaryScaling::ntk) base *= std::pow(s, width / (width - 2));
    if (options.scaling == RotaryScaling::dynamic) {
        const double times = static_cast<double>(length) / static_cast<double>(options.trained);
        base *= std::pow(std::max(1.0, s * times - (s - 1)), width / (width - 2));
    }
    require<OptionError>(std::isfinite(base), "Rotary: a base of ", options.base, " and a factor of ", s,
                         " are too large together: all pairs but one would stand still");

    RotaryFrequencies frequencies{.w = {}, .width = W};
    for (Index j = 0; j < pairs; ++j) {
        double w = std::pow(base, -2.0 * static_cast<double>(j) / width);    // in integers 2 * j / W would be 0
        if (options.scaling == RotaryScaling::linear) w /= s;
        if (options.scaling == RotaryScaling::yarn || options.scaling == RotaryScaling::llama3) {
            const double rotations = static_cast<double>(options.trained) * w / (2 * std::numbers::pi);
            const double g =
                share_kept(rotations, options.scaling == RotaryScaling::yarn ? fast_in_yarn : fast_in_llama3);
            w = (1 - g) * w / s + g * w;
        }
        frequencies.w.push_back(w);
    }
    if (options.scaling == RotaryScaling::yarn) frequencies.attention_scaling = 0.1 * std::log(s) + 1;
    return frequencies;
}

}    // namespace ordinal
