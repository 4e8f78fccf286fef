// Positions: which position each token of a sequence has.
//
// Usually 0, 1, 2, ..., T - 1. Kept apart from the encodings, so that a shift test, position interpolation or random
// positions are one line for every scheme that accepts such ids.
#pragma once

#include <cmath>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/scalar.h>

namespace ordinal {

constexpr Index most_ids = Index(1) << 28;    // 2 GiB, the bound for one array of any kind

// [T] ids, shared by all sequences of a batch. Padding is attention's business, not a special id; but where a code
// depends on the number of tokens, each sequence's own number is told by with_lengths.
class Positions {
public:
    Positions() = default;    // of no tokens
    static Positions arange(Index count, Index start = 0) {
        require(count >= 0, "Positions: expected a length of 0 or more, got ", count);
        require(count <= most_ids, "Positions: ", count, " ids would take more than 2 GiB, which is the bound");
        require<PositionOutOfRange>(-(Index(1) << 53) <= start && start <= (Index(1) << 53) + 1 - count,
                                    "Positions: ids from ", start, " on are too large to count");
        std::vector<double> ids = with_memory([&] { return std::vector<double>(static_cast<std::size_t>(count)); },
                                              "Positions: there is no memory for ", count, " ids");
        for (Index i = 0; i < count; ++i) ids[static_cast<std::size_t>(i)] = static_cast<double>(start + i);
        return Positions(std::move(ids));
    }
    static Positions of(std::vector<double> ids) { return Positions(std::move(ids)); }

    Positions first(Index count) const { return cut(0, count); }                // of the first tokens
    Positions last(Index count) const { return cut(size() - count, count); }    // of the last ones

    // The number of tokens of each sequence of the batch, when some have padding behind them: [B], at most T each.
    Positions with_lengths(std::vector<Index> lengths) const {
        for (Index length : lengths)
            require(0 <= length && length <= size(), "Positions: expected lengths between 0 and the ", size(),
                    " tokens there are, got ", length);
        Positions same = *this;
        for (Positions& part : same.parts_) part = part.with_lengths(lengths);
        same.lengths_ = std::move(lengths);
        return same;
    }
    const std::vector<Index>& lengths() const { return lengths_; }    // empty: all sequences have T tokens

    // The segment (a sentence, a line) that each token of each text is in: [B] lists of T numbers, or one for all.
    Positions with_segments(std::vector<std::vector<Index>> segments) const {
        Positions same = *this;
        for (Positions& part : same.parts_) part = part.with_segments(segments);
        same.segments_ = std::move(segments);
        return same;
    }
    const std::vector<std::vector<Index>>& segments() const { return segments_; }    // empty: nobody has said

    // Where several schemes act together, some may choose ids for themselves: then each part has its own, of the same
    // tokens. All other parts, and all who do not know of parts, see the ids of the whole.
    Positions with_parts(std::vector<Positions> parts) const {
        for (const Positions& part : parts)
            require(part.size() == size(), "Positions: each part needs ids for ", size(), " tokens, got ", part.size());
        Positions same = *this;
        same.parts_ = std::move(parts);
        return same;
    }
    Positions of_part(std::size_t i) const { return i < parts_.size() ? parts_[i] : *this; }

    Positions shifted(double amount) const {
        return changed([=](double id) { return id + amount; });
    }
    Positions scaled(double factor) const {
        return changed([=](double id) { return id * factor; });
    }

    Index size() const { return static_cast<Index>(ids_.size()); }
    double operator[](Index i) const { return ids_[static_cast<std::size_t>(i)]; }

    // Id i as a whole number >= 0. Schemes that look positions up or count to them accept nothing else.
    Index whole(Index i, const char* who) const {
        const double id = (*this)[i];
        require<PositionOutOfRange>(id >= 0 && id == std::floor(id), who, ": position ", id,
                                    " is not a whole number >= 0, and this scheme has nothing in between");
        require<PositionOutOfRange>(id <= 0x1p53, who, ": position ", id, " is too large to count");
        return static_cast<Index>(id);
    }

    // 0, 1, ..., T - 1? Schemes that run along the tokens accept nothing else.
    bool is_arange() const { return ids_ == arange(size()).ids_; }

private:
    explicit Positions(std::vector<double> ids) : ids_(std::move(ids)) {
        for (std::size_t i = 0; i < ids_.size(); ++i)
            require<PositionOutOfRange>(std::isfinite(ids_[i]), "Positions: expected a number for token ", i, ", got ",
                                        ids_[i]);
    }

    Positions cut(Index begin, Index count) const {
        require(0 <= count && count <= size(), "Positions: expected a part of the ", size(), " tokens, got ", count);
        Positions some(std::vector<double>(ids_.begin() + begin, ids_.begin() + begin + count));
        for (const Positions& part : parts_) some.parts_.push_back(part.cut(begin, count));
        return some;
    }

    template <class F>
    Positions changed(F f) const {
        std::vector<double> ids = ids_;
        for (double& id : ids) id = f(id);
        Positions all = Positions(std::move(ids)).with_lengths(lengths_).with_segments(segments_);
        for (const Positions& part : parts_) all.parts_.push_back(part.changed(f));
        return all;
    }

    std::vector<double> ids_;
    std::vector<Index> lengths_;
    std::vector<std::vector<Index>> segments_;
    std::vector<Positions> parts_;
};

}    // namespace ordinal
