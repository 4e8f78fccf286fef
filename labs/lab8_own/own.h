// Lab 8: an encoding of your own. The page, README.md, says what is asked of it; ./go lab 8 --for NAME says how you
// sign.
//
// Source:  whose idea? yours
// Formula: p_k = ...
// Shapes:  positions [T] -> codes [T, D]
// Why:     what does it buy, and at what price?
#pragma once

#include <cmath>
#include <memory>

#include <ordinal/nn.h>
#include <ordinal/positional.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

class Own : public AdditiveEncoding {    // or Encoding, and another of the four hooks in nn/position_scheme.h
public:
    // request: d_model, num_heads, ...   rng: for what begins at random
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions&, Rng& rng) {
        return std::make_shared<Own>(request.d_model, rng);
    }
    Own(Index D, Rng& rng) { not_yet("Own"); }

    // [T] -> [T, D]
    Tensor vectors(const Positions& positions) const override { not_yet("Own::vectors"); }

    // What you promise; what you leave out promises nothing. source begins with your signature.
    Traits traits() const override { not_yet("Own::traits"); }

    // What training changes, each under a name.
    Parameters parameters() const override { not_yet("Own::parameters"); }
};

static const bool registered = register_encoding("own", Own::make);

}    // namespace mine
