// Lab 8: an encoding of your own. The page, README.md, says what is asked of it.
//
// Source:  residue number systems (Sun Tzu's remainders); as a position encoding: this lab
// Formula: p_k = sum over clocks j of A_j cos(2 pi k / m_j) + B_j sin(2 pi k / m_j),  m = 3, 4, 5, 7, 11, 13
// Shapes:  A, B: [6, D], learned; positions [T] -> codes [T, D]
// Why:     each hand alone is a cycle and known for ever; together they first meet again after 60060 positions.
// INSTRUCTOR-ONLY
#pragma once

#include <cmath>
#include <numbers>

#include <ordinal/nn.h>
#include <ordinal/positional.h>
#include "not_yet.h"

namespace mine {

using namespace ordinal;

namespace conventions {
const std::string signature = RULE_signature;
}    // namespace conventions

class Own : public AdditiveEncoding {
public:
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions&, Rng& rng) {
        return std::make_shared<Own>(request.d_model, rng);
    }
    Own(Index D, Rng& rng) : hands_(normal_parameter({2 * clocks, D}, 0.1, rng)) {}

    // [T] -> [T, D]
    Tensor vectors(const Positions& positions) const override {
        static constexpr double periods[clocks] = {3, 4, 5, 7, 11, 13};
        NdArray turns = zeros({positions.size(), 2 * clocks});
        for (Index t = 0; t < positions.size(); ++t)
            for (Index j = 0; j < clocks; ++j) {
                const double angle = 2 * std::numbers::pi * std::fmod(positions[t], periods[j]) / periods[j];
                turns.set({t, 2 * j}, std::cos(angle));
                turns.set({t, 2 * j + 1}, std::sin(angle));
            }
        return matmul(Tensor(turns), hands_);
    }

    Traits traits() const override { return {.distinct = true, .source = conventions::signature}; }
    Parameters parameters() const override { return {{"hands", hands_}}; }

private:
    static constexpr Index clocks = 6;
    Tensor hands_;
};

static const bool registered = register_encoding("own", Own::make);

}    // namespace mine
