// Randomized: the tokens get random ids, in order, out of a range much longer than any training text.
//
// Source:  Ruoss et al. 2023, arXiv 2305.16843, section 3
// Formula: ids = a sorted sample of T different numbers out of 0 .. L - 1, every sample equally likely
// Shapes:  [T] -> [T], before any hook of the inner scheme sees them
// Why:     a model trained on short texts has then met all ids up to L, and learns "later" instead of "three later".
//          Any scheme whose ids need not be 0, 1, 2, ... can have it. The price: exact distances are lost, and L is a
//          bound that must be chosen before training.
// As in the paper, ids are random at test time too (in order and evenly spaced ones would be new to the model).
// Training draws anew for each batch; evaluation draws once for each length, always the same, so that results can be
// repeated. A batch has one draw, for its longest text: ids are shared. So padding changes nothing where it stands
// behind every text, and a shorter text of a batch has the first of the longest one's ids: evaluate texts of different
// lengths alone where their numbers shall not depend on the company.
#pragma once

#include <algorithm>
#include <ostream>
#include <set>
#include <vector>

#include <ordinal/positional/combined/wrapper.h>

namespace ordinal {

// T of the numbers 0 .. range - 1 in order, all samples equally likely, without a walk over the range (Floyd, in
// Bentley and Floyd 1987, doi 10.1145/30401.315746): for each j = range - T .. range - 1 a number out of 0 .. j; where
// it is in the sample already, j itself.
inline Positions sorted_sample(Index count, Index range, Rng& rng) {
    std::set<Index> ids;
    for (Index j = range - count; j < range; ++j)
        if (!ids.insert(rng.below(j + 1)).second) ids.insert(j);
    return Positions::of(std::vector<double>(ids.begin(), ids.end()));
}

class Randomized : public Wrapper {
public:
    Randomized(std::shared_ptr<const Encoding> inner, Index range) : Wrapper(std::move(inner)), range_(range) {
        require<OptionError>(0 < range && static_cast<double>(range) <= 0x1p53,
                             "Randomized: expected a range between 1 and 2^53, got ", range);
        require<OptionError>(!inner_->traits().chooses_ids, "Randomized: the scheme inside chooses the ids already");
    }

    Positions position_ids(const Positions& positions, const Mode& mode) const override {
        const auto& lengths = positions.lengths();
        const Index T = lengths.empty() ? positions.size() : *std::max_element(lengths.begin(), lengths.end());
        require<PositionOutOfRange>(T <= range_, "Randomized: ", T, " tokens cannot get different ids out of ", range_,
                                    " (0..", range_ - 1, "); train with a larger range");
        Rng same_for_each_length(static_cast<std::uint64_t>(T));
        const Positions sample = sorted_sample(T, range_, mode.is_training() ? mode.rng() : same_for_each_length);
        std::vector<double> ids(static_cast<std::size_t>(positions.size()), 0);    // nobody sees those of padding
        for (Index t = 0; t < T; ++t) ids[static_cast<std::size_t>(t)] = sample[t];
        return Positions::of(std::move(ids)).with_lengths(lengths);
    }

    Traits traits() const override {
        Traits traits = inner_->traits();
        traits.max_length = range_;
        traits.chooses_ids = true;
        traits.length_dependent = true;    // a longer text is another sample
        traits.streams = false;
        return traits;
    }

    NdArray narrate(Index k, std::ostream& out) const override {
        const NdArray numbers = inner_->explain(k, out);
        out << "  (which token has position " << k << " is drawn: T tokens get a sorted sample out of 0 .. "
            << range_ - 1 << ")\n";
        return numbers;
    }

protected:
    Positions accepted(const Positions& positions) const override {
        for (Index i = 0; i < positions.size(); ++i)
            require<PositionOutOfRange>(positions[i] < static_cast<double>(range_), "Randomized: position ",
                                        positions[i], " is outside the range 0..", range_ - 1,
                                        " that ids are drawn from");
        return positions;
    }

private:
    Index range_;    // L
};

}    // namespace ordinal
