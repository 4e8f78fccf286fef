// LearnedSinusoid: waves whose frequencies are learned.
//
// Source:  Wang et al. 2021, openreview onxoVA9FxMw ("learnable sinusoidal"); the start: Vaswani et al. 2017,
//          arXiv 1706.03762, section 3.5
// Formula: p_k[2j] = sin(k w_j),  p_k[2j+1] = cos(k w_j)         w_j is learned; it starts at base^(-2j/D)
//          d loss / d w_j = sum over k of  k (cos(k w_j) d p_k[2j] - sin(k w_j) d p_k[2j+1])
// Shapes:  w: [D/2]; positions [T] -> codes [T, D], D even; interleaved as in the sinusoid
// Why:     fixed is the form (a rotation by a constant angle each step), learned is D/2 numbers: without a bound, all
//          positions at once, and still a function of the distance only. A text with a period of 12 can have a wave
//          of 12. The price: the factor k in the gradient. A late position pulls k times as hard as the first one, and
//          the loss as a function of w_j has a valley for every full rotation, so training finds a frequency near its
//          start.
#pragma once

#include <cmath>

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/waves/frequencies.h>

namespace ordinal {

class LearnedSinusoid : public AdditiveEncoding {
public:
    // learned_sinusoid(base=10000)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng&) {
        return std::make_shared<LearnedSinusoid>(request.d_model, options.number("base", 10000));
    }

    explicit LearnedSinusoid(Index d_model, double base = 10000) {
        require(d_model > 0 && d_model % 2 == 0,
                "LearnedSinusoid: expected an even width (pairs of sine and cosine), got ", d_model);
        require<OptionError>(base >= 1 && std::isfinite(base),
                             "LearnedSinusoid: expected a base >= 1 (no frequency above 1 rad a step), got ", base);
        require_room("LearnedSinusoid", "a code", {d_model}, "choose a smaller d_model");
        NdArray w = zeros({d_model / 2});
        for (Index j = 0; j < d_model / 2; ++j)
            w.mutable_data()[j] =
                static_cast<Scalar>(std::pow(base, -2.0 * static_cast<double>(j) / static_cast<double>(d_model)));
        frequency_ = Tensor::parameter(w);
    }

    Tensor vectors(const Positions& positions) const override {
        return reshape(sin_cos_at(positions, frequency_), {positions.size(), d_model()});    // [T, D/2, 2] -> [T, D]
    }

    Traits traits() const override {
        return {.place = Place::input,
                .translation_invariant = true,
                .distinct = true,
                .source = "Wang et al. 2021, openreview onxoVA9FxMw"};
    }

    Parameters parameters() const override { return {{"frequency", frequency_}}; }

private:
    Index d_model() const { return 2 * frequency_.dim(0); }

    Tensor frequency_;    // w: [D/2]
};

}    // namespace ordinal
