// Linear: the layer that everything else is made of.
#pragma once

#include <ordinal/core/ops.h>
#include <ordinal/nn/init.h>
#include <ordinal/nn/module.h>

namespace ordinal {

// y = x W^T + b          x: [..., in]   W: [out, in]   b: [out]   y: [..., out]
class Linear : public Module {
public:
    Linear(Index in, Index out, Rng& rng, bool with_bias = true) {
        require<OptionError>(in > 0 && out > 0, "Linear: expected at least one input and output, got ", in, " and ",
                             out);
        weight_ = uniform_parameter({out, in}, in, rng);
        if (with_bias) bias_ = uniform_parameter({out}, in, rng);
    }

    Tensor forward(const Tensor& x) const {
        require(x.ndim() >= 1 && x.dim(-1) == weight_.dim(1), "Linear: expected x [..., ", weight_.dim(1), "], got ",
                x.shape());
        return linear(x, weight_, bias_);
    }

    Parameters parameters() const override {
        Parameters all{{"weight", weight_}};
        if (bias_.defined()) all.push_back({"bias", bias_});
        return all;
    }

    const Tensor& weight() const { return weight_; }
    const Tensor& bias() const { return bias_; }

private:
    Tensor weight_;
    Tensor bias_;    // undefined without a bias
};

}    // namespace ordinal
