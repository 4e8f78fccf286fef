// Shifted: in training, a text begins anywhere. Also known as SHAPE.
//
// Source:  Kiyono et al. 2021, arXiv 2109.05644, section 3
// Formula: ids = k + s,  s uniform in 0 .. S, drawn for each batch in training; s = 0 in evaluation
// Shapes:  [T] -> [T], before any hook of the inner scheme sees them
// Why:     an absolute code teaches a model "position 7"; when every text may begin at any number, only distances are
//          worth learning, at no cost. The price: what really depends on the beginning is lost, and a table needs
//          T + S rows. A scheme that knows distances only (RoPE, ALiBi) does not notice.
#pragma once

#include <ordinal/positional/combined/wrapper.h>

namespace ordinal {

class Shifted : public Wrapper {
public:
    Shifted(std::shared_ptr<const Encoding> inner, Index largest) : Wrapper(std::move(inner)), largest_(largest) {
        require<OptionError>(0 <= largest && static_cast<double>(largest) < 0x1p53,
                             "Shifted: expected a largest shift of 0 or more, below 2^53, got ", largest);
        require<OptionError>(!inner_->traits().chooses_ids, "Shifted: the scheme inside chooses the ids already");
    }

    Positions position_ids(const Positions& positions, const Mode& mode) const override {
        if (!mode.is_training()) return positions;
        const std::optional<Index> rows = traits().max_length;
        for (Index t = 0; rows && t < positions.size(); ++t)    // refused always, not now and then
            require<PositionOutOfRange>(positions[t] + static_cast<double>(largest_) < static_cast<double>(*rows),
                                        "Shifted: position ", positions[t], " moves on by up to ", largest_,
                                        " in training, and this scheme ends at ", *rows - 1,
                                        "; use a smaller shift, shorter texts or a longer table");
        return positions.shifted(static_cast<double>(mode.rng().below(largest_ + 1)));
    }

    Traits traits() const override {
        Traits traits = inner_->traits();
        traits.chooses_ids = true;
        return traits;
    }

private:
    Index largest_;    // S
};

}    // namespace ordinal
