// Shifted: in training, a text begins anywhere. Also known as SHAPE.
//
// Source:  Kiyono et al. 2021, arXiv 2109.05644, section 3
// Formula: ids = k + s,  s uniform in 0 .. S, drawn for each batch in training; s = 0 in evaluation
// Shapes:  [T] -> [T], before any hook of the inner scheme sees them
// Why:     an absolute code teaches a model "position 7"; when every text may begin at any number, only distances are
//          worth learning, at no cost. The price: what really depends on the beginning is lost, and a table needs
//          T + S rows. A scheme that knows distances only (RoPE, ALiBi) does not notice.
#pragma once

#include "positional/wrapper.h"

namespace ordinal {

template <class Kind>
class Shifted : public Wrapper<Kind> {
public:
    Shifted(std::shared_ptr<const Kind> inner, Index largest) : Wrapper<Kind>(std::move(inner)), largest_(largest) {}

    Positions assign(const Positions& positions, const Mode& mode) const override {
        if (!mode.is_training()) return positions;
        const Index T = positions.size(), rows = this->traits().max_length.value_or(T + largest_);
        require<PositionOutOfRange>(T + largest_ <= rows, "Shifted: ", T, " tokens that begin at up to ", largest_,
                                    " need ", T + largest_, " positions in training, and this scheme has ", rows,
                                    "; use a smaller shift, shorter texts or a longer table");
        return positions.shifted(static_cast<double>(mode.rng().below(largest_ + 1)));
    }

private:
    Index largest_;    // S
};

}    // namespace ordinal
