// LearnedSinusoid: clocks whose speeds are learned.
//
// Source:  Wang et al. 2021, openreview onxoVA9FxMw ("learnable sinusoidal"); the start: Vaswani et al. 2017,
//          arXiv 1706.03762, section 3.5
// Formula: p_k[2j] = sin(k w_j),  p_k[2j+1] = cos(k w_j)         w_j is learned; it starts at base^(-2j/D)
//          d loss / d w_j = sum over k of  k (cos(k w_j) d p_k[2j] - sin(k w_j) d p_k[2j+1])
// Shapes:  w: [D/2]; positions [T] -> codes [T, D], D even; interleaved as in the sinusoid
// Why:     fixed is the form (a turn by a constant angle each step), learned is D/2 numbers: without a bound, all
//          positions at once, and still a function of the distance only. A text with a period of 12 can have a clock of
//          12. The price: the factor k in the gradient. A late position pulls k times as hard as the first one, and the
//          loss as a function of w_j has a valley for every whole turn, so training finds a speed near its start.
#pragma once

#include <cmath>
#include <ostream>

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/narrate.h>
#include <ordinal/positional/waves/clocks.h>

namespace ordinal {

class LearnedSinusoid : public AdditiveEncoding {
public:
    explicit LearnedSinusoid(Index d_model, double base = 10000) {
        require(d_model > 0 && d_model % 2 == 0,
                "LearnedSinusoid: expected an even width (pairs of sine and cosine), got ", d_model);
        require<OptionError>(base >= 1 && std::isfinite(base),
                             "LearnedSinusoid: expected a base >= 1 (no clock turns more than 1 rad a step), got ",
                             base);
        require_room("LearnedSinusoid", "a code", {d_model}, "choose a smaller d_model");
        NdArray w = zeros({d_model / 2});
        for (Index j = 0; j < d_model / 2; ++j)
            w.mutable_data()[j] =
                static_cast<Scalar>(std::pow(base, -2.0 * static_cast<double>(j) / static_cast<double>(d_model)));
        frequency_ = Tensor::parameter(w);
    }

    Tensor vectors(const Positions& positions) const override {
        return reshape(clocks_at(positions, frequency_), {positions.size(), 2 * clocks()});    // [T, D/2, 2] -> [T, D]
    }

    Traits traits() const override {
        return {.place = Place::input,
                .translation_invariant = true,
                .distinct = true,
                .source = "Wang et al. 2021, openreview onxoVA9FxMw"};
    }

    // The slow way: the hand of each clock is turned k times.
    NdArray explain(Index k, std::ostream& out) const override {
        require_story("LearnedSinusoid", k);
        NdArray code = zeros({2 * clocks()});
        Scalar* p = code.mutable_data();
        out << "Position " << k << " by clocks of learned speed, " << clocks() << " of them:\n";
        for (Index j = 0; j < clocks(); ++j) {
            const double w = static_cast<double>(frequency_.values().at({j}));
            const double s = std::sin(w), c = std::cos(w);
            double sine = 0, cosine = 1;
            for (Index step = 0; step < k; ++step) {
                const double next_sine = sine * c + cosine * s;
                cosine = cosine * c - sine * s;
                sine = next_sine;
            }
            p[2 * j] = static_cast<Scalar>(sine);
            p[2 * j + 1] = static_cast<Scalar>(cosine);
            if (j < 3)
                out << "  clock " << j << " has learned to turn by w_" << j << " = " << w << " a step; after " << k
                    << " steps it shows " << static_cast<double>(k) * w << " rad: sin, cos = " << Shown{{p + 2 * j, 2}}
                    << "\n";
        }
        out << "  p_" << k << " = " << Shown{{p, static_cast<std::size_t>(2 * clocks())}}
            << "  (one step for any k, since the angle k w_j is known at once)\n";
        return code;
    }

    Parameters parameters() const override { return {{"frequency", frequency_}}; }

private:
    Index clocks() const { return frequency_.dim(0); }

    Tensor frequency_;    // w: [D/2]
};

}    // namespace ordinal
