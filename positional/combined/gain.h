// Gain: any additive encoding, times one learned number.
//
// Source:  a learned factor on the position code is folklore; we know no paper that is the first
// Formula: p_k = g inner_k,  g learned
// Shapes:  g: []; positions [T] -> codes [T, D]
// Why:     a sinusoid has numbers of size 1, a freshly drawn token embedding of size 0.02 to 0.1: added as they are,
//          position would drown the token. The model learns how large position should be. The price: one number, and a
//          gain that starts at 0 tells no position apart until training moves it.
#pragma once

#include <cmath>
#include <memory>
#include <ostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/init.h>
#include <ordinal/positional/combined/wrapper.h>

namespace ordinal {

class Gain : public Wrapper {
public:
    Gain(std::shared_ptr<const Encoding> inner, double start)
        : Wrapper(std::move(inner)), gain_(constant_parameter(Shape{}, static_cast<Scalar>(start))) {
        require<OptionError>(is_additive(),
                             "Gain: expected a scheme that adds codes to the input, got one that does not");
        require<OptionError>(std::isfinite(gain_.item()), "Gain: expected a gain that fits this build's numbers, got ",
                             start);
    }

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const override {
        return Encoding::apply_to_input(x, positions, mode);    // with the vectors below, not the inner ones
    }
    Tensor vectors(const Positions& positions) const override { return inner_->vectors(positions) * gain_; }
    Tensor training_vectors(const Positions& positions, Rng& rng) const override {
        return inner_->training_vectors(positions, rng) * gain_;
    }
    std::unique_ptr<Stream> stream() const override { return std::make_unique<Scaled>(inner_->stream(), gain_); }
    Traits traits() const override {
        Traits traits = inner_->traits();
        traits.distinct = traits.distinct && gain_.item() != 0;
        return traits;
    }

    NdArray narrate(Index k, std::ostream& out) const override {
        const NdArray code = inner_->explain(k, out) * gain_.item();
        out << "  all of it times the learned gain " << gain_.item() << "\n";
        return code;
    }

    Parameters parameters() const override {
        Parameters all{{"gain", gain_}};
        for (const auto& parameter : inner_->parameters()) all.push_back(parameter);
        return all;
    }

private:
    struct Scaled : Stream {
        Scaled(std::unique_ptr<Stream> codes, Tensor gain) : inner(std::move(codes)), g(std::move(gain)) {}
        Tensor step(const Tensor& x) override { return x + inner->next(Tensor(NdArray(x.shape()))) * g; }

        std::unique_ptr<Stream> inner;
        Tensor g;
    };

    Tensor gain_;
};

}    // namespace ordinal
