// LayerNorm: each vector to mean 0 and variance 1, then a learned scale and shift. Ba et al. 2016, arXiv 1607.06450
#pragma once

#include <cmath>

#include <ordinal/core/ops.h>
#include <ordinal/nn/init.h>
#include <ordinal/nn/module.h>

namespace ordinal {

// y = (x - mean) / sqrt(variance + eps) * weight + bias, over the last axis.   x, y: [..., D]   weight, bias: [D]
class LayerNorm : public Module {
public:
    explicit LayerNorm(Index width, double eps = 1e-5)    // PyTorch's eps; BERT uses 1e-12
        : weight_(constant_parameter({width}, 1)), bias_(constant_parameter({width}, 0)), eps_(eps) {
        require<OptionError>(eps >= 0 && std::isfinite(eps), "LayerNorm: expected a finite eps of 0 or more, got ",
                             eps);
    }

    Tensor forward(const Tensor& x) const { return layer_norm(x, weight_, bias_, eps_); }
    Parameters parameters() const override { return {{"weight", weight_}, {"bias", bias_}}; }

private:
    Tensor weight_, bias_;
    double eps_;
};

}    // namespace ordinal
