// How well hidden characters are guessed.
#pragma once

#include <cmath>
#include <vector>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>

namespace ordinal::demos {

struct GuessScore {
    double loss = 0;              // mean of -log p(the true character); e^loss is the perplexity
    double character_loss = 0;    // the same where the truth is no punctuation
    double where = 0;             // the share of "is this punctuation?" answered right
    double recall = 0;            // of the hidden punctuation, the share guessed to be some punctuation
    double precision = 0;         // of the guesses that are punctuation, the share where some is hidden

    // F1, the harmonic mean of both: always saying "punctuation" has all recall and little precision, never saying it
    // no recall, and a precision of which nothing is known. NaN where no punctuation is hidden.
    double f1() const {
        if (std::isnan(recall)) return recall;
        return recall > 0 ? 2 * recall * precision / (recall + precision) : 0;
    }
};

class GuessTally {
public:
    explicit GuessTally(const std::vector<bool>& is_mark) : is_mark_(is_mark) {}

    // logits: [N, V], for N hidden characters; the guess is the likeliest token.   truth: [N]
    void add(const NdArray& logits, const IndexArray& truth) {
        const NdArray log_p = log_softmax(Tensor(logits)).values();
        const IndexArray guesses = argmax_last(logits);
        for (Index i = 0; i < truth.size(); ++i) {
            const double surprise = -static_cast<double>(log_p.at({i, truth[i]}));
            const bool mark = is_mark(truth[i]), guessed_mark = is_mark(guesses[i]);
            ++all_;
            loss_ += surprise;
            right_ += mark == guessed_mark;
            true_positives_ += mark && guessed_mark;
            predicted_ += guessed_mark;
            if (mark) continue;
            ++characters_;
            character_loss_ += surprise;
        }
    }

    GuessScore score() const {    // NaN where nothing was asked: a share of none
        const auto per = [](double part, Index whole) { return part / static_cast<double>(whole); };
        const auto right = static_cast<double>(right_), true_positives = static_cast<double>(true_positives_);
        return {per(loss_, all_), per(character_loss_, characters_), per(right, all_),
                per(true_positives, all_ - characters_), per(true_positives, predicted_)};
    }

private:
    bool is_mark(Index token) const { return is_mark_[static_cast<std::size_t>(token)]; }

    std::vector<bool> is_mark_;
    double loss_ = 0, character_loss_ = 0;
    Index all_ = 0, characters_ = 0, right_ = 0, true_positives_ = 0, predicted_ = 0;
};

}    // namespace ordinal::demos
