// Dropout: in training each number is replaced by 0 with some probability, so that no unit can rely on another one.
#pragma once

#include "core/ops.h"
#include "nn/module.h"

namespace ordinal {

class Dropout {
public:
    explicit Dropout(double probability) : probability_(probability) {
        require<OptionError>(0 <= probability && probability < 1, "Dropout: expected 0 <= probability < 1, got ",
                             probability);
    }

    Tensor forward(const Tensor& x, const Mode& mode) const {
        return mode.is_training() ? dropout(x, probability_, mode.rng()) : x;
    }

private:
    double probability_;
};

}    // namespace ordinal
