// How well hidden characters are guessed. NaN where nothing was asked: a share of none.
#pragma once

#include <cmath>
#include <vector>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>

namespace ordinal::demos {

struct Guesses {
    double all = 0, characters = 0;              // hidden, and hidden that are no punctuation
    double surprise = 0, of_characters = 0;      // the sum of -log p(the true character)
    double right = 0, found = 0, guessed = 0;    // of "is this punctuation?": yes and no; yes; guessed to be some

    // logits: [N, V], for N hidden characters; the guess is the likeliest token.   truth: [N]
    void add(const NdArray& logits, const IndexArray& truth, const std::vector<bool>& is_mark) {
        const NdArray log_p = log_softmax(Tensor(logits)).values();
        const IndexArray guesses = argmax_last(logits);
        for (Index i = 0; i < truth.size(); ++i) {
            const bool mark = is_mark[static_cast<std::size_t>(truth[i])],
                       guessed_mark = is_mark[static_cast<std::size_t>(guesses[i])];
            const double surprised = -static_cast<double>(log_p.at({i, truth[i]}));
            ++all;
            characters += !mark;
            surprise += surprised;
            of_characters += mark ? 0 : surprised;
            right += mark == guessed_mark;
            found += mark && guessed_mark;
            guessed += guessed_mark;
        }
    }

    double loss() const { return surprise / all; }    // e^loss is the perplexity
    double character_loss() const { return of_characters / characters; }
    double where() const { return right / all; }                    // "is this punctuation?" answered right
    double recall() const { return found / (all - characters); }    // of the hidden punctuation, the share found
    double precision() const { return found / guessed; }            // of the guesses that are, where some is hidden

    // F1, the harmonic mean of both: always saying "punctuation" has all recall and little precision, never saying it
    // no recall, and a precision of which nothing is known.
    double f1() const {
        if (std::isnan(recall())) return recall();
        return found > 0 ? 2 * recall() * precision() / (recall() + precision()) : 0;
    }
};

}    // namespace ordinal::demos
