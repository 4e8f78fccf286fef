// Dropout: in training each number is replaced by 0 with some probability, so that no unit can rely on another one.
#pragma once

#include <ordinal/core/ops.h>
#include <ordinal/nn/module.h>

namespace ordinal {

inline void require_probability(double p, const char* who) {
    require<OptionError>(0 <= p && p < 1, who, ": expected 0 <= probability < 1, got ", p);
}

class Dropout {
public:
    explicit Dropout(double probability) : probability_(probability) { require_probability(probability, "Dropout"); }

    Tensor forward(const Tensor& x, const Mode& mode) const {
        return mode.is_training() ? dropout(x, probability_, mode.rng()) : x;
    }

private:
    double probability_;
};

}    // namespace ordinal
