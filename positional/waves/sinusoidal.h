// Sinusoidal: the encoding of the first Transformer. Waves of many frequencies.
//
// Source:  Vaswani et al. 2017, arXiv 1706.03762, section 3.5
// Formula: P[k, 2j] = sin(k w_j),  P[k, 2j+1] = cos(k w_j),  w_j = base^(-2j/D),  base = 10000
// Shapes:  positions [T] -> codes [T, D], D even; interleaved: sine and cosine of one frequency are neighbours
// Why:     nothing to learn, no bound, all positions at once, and the product of two codes depends on their distance
//          only. The price: it does not adapt to the task, and "defined everywhere" is not "works everywhere": a model
//          trained on 32 positions has not learned what the 33rd code means.
#pragma once

#include <cmath>

#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

class Sinusoidal : public AdditiveEncoding {
public:
    // sinusoidal(base=10000)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng&) {
        return std::make_shared<Sinusoidal>(request.d_model, options.number("base", 10000));
    }

    explicit Sinusoidal(Index d_model, double base = 10000) : d_model_(d_model), base_(base) {
        require(d_model > 0 && d_model % 2 == 0, "Sinusoidal: expected an even width (pairs of sine and cosine), got ",
                d_model);
        require<OptionError>(base >= 1 && std::isfinite(base),
                             "Sinusoidal: expected a base >= 1 (no frequency above 1 rad a step), got ", base);
        require_room("Sinusoidal", "a code", {d_model}, "choose a smaller d_model");
    }

    // Each position directly: angle = k w_j.
    Tensor vectors(const Positions& positions) const override {
        NdArray codes = NdArray::uninitialized({positions.size(), d_model_});
        Scalar* P = codes.mutable_data();
        std::vector<double> w;    // one frequency for each pair
        for (Index j = 0; j < d_model_ / 2; ++j) w.push_back(frequency(j));
        for_rows(codes.shape(), [&](Index begin, Index end) {    // P[t] = sin(k w_0), cos(k w_0), sin(k w_1), ...
            for (Index t = begin; t < end; ++t)
                kernels::sin_cos(positions[t], w.data(), P + t * d_model_, d_model_ / 2);
        });
        return Tensor(codes);
    }

    // The same codes as a recurrence: p_{k+1} = R p_k, where R rotates the pair (sin, cos) of frequency j by w_j, from
    // p_0 = (0, 1, 0, 1, ...). The sinusoid is a linear RNN whose weights nobody trained.
    //     sin((k+1) w) = sin(k w) cos w + cos(k w) sin w,    cos((k+1) w) = cos(k w) cos w - sin(k w) sin w
    NdArray orbit(Index count) const {
        NdArray codes = NdArray::uninitialized({count, d_model_});
        Scalar* P = codes.mutable_data();
        for (Index j = 0; j < d_model_ / 2; ++j) {
            const double c = std::cos(frequency(j)), s = std::sin(frequency(j));
            double sine = 0, cosine = 1;
            for (Index k = 0; k < count; ++k) {
                P[k * d_model_ + 2 * j] = static_cast<Scalar>(sine);
                P[k * d_model_ + 2 * j + 1] = static_cast<Scalar>(cosine);
                const double next_sine = sine * c + cosine * s;
                cosine = cosine * c - sine * s;
                sine = next_sine;
            }
        }
        return codes;
    }

    Traits traits() const override {
        return {.place = Place::input,
                .translation_invariant = true,
                .distinct = true,
                .source = "Vaswani et al. 2017, arXiv 1706.03762, section 3.5"};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override { return {}; }
    double frequency(Index j) const {    // w_j; careful: 2 * j / D in integers would be 0
        return std::pow(base_, -2.0 * static_cast<double>(j) / static_cast<double>(d_model_));
    }

private:
    Index d_model_;
    double base_;
};

}    // namespace ordinal
