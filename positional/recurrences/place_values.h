// PlaceValues: a recurrence reads the digits of the position's number, the first digit first.
//
// Source:  after SeqPE, Li et al. 2025, arXiv 2506.13277 (a sequence model reads the number of a position); a plain
//          recurrence instead of their encoder, and without their extra losses: ours
// Formula: k = d_1 d_2 ... d_n in the number system of base m, with zeros in front;  h_0 = 0
//          h_i = f(A h_{i-1} + b + E[d_i]),  p_k = U h_n;   f = tanh, or nothing with step=linear
// Shapes:  E: [m, S], A: [S, S], b: [S], U: [D, S] (left out when S = D); positions [T] -> codes [T, D]
// Why:     m^n positions from m rows: a table, a recurrence, and yet n = log k steps instead of k, for all positions
//          at once. A digit means the same at each place of the text. The price: a number whose first digits training
//          never saw is a new word, and neighbours such as 99 and 100 share no digit.
// Two digits with f = nothing are the hierarchical table of positional/tables/extend_table.h; a test proves it.
#pragma once

#include <cmath>

#include <ordinal/nn/init.h>
#include <ordinal/nn/linear.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/recurrences/state_output.h>

namespace ordinal {

enum class DigitStep { tanh, linear };

class PlaceValues : public AdditiveEncoding {
public:
    // place_values(base=10, digits=enough for max_length, state=d_model, step=tanh)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const Index base = options.count("base", 10);
        Index enough = 1;
        for (Index rest = request.max_length - 1; base > 1 && rest >= base; rest /= base) ++enough;
        const Index digits = options.count("digits", enough), state = options.count("state", request.d_model);
        const auto step = options.choice<DigitStep>("step", {{"tanh", DigitStep::tanh}, {"linear", DigitStep::linear}});
        return std::make_shared<PlaceValues>(request.d_model, state, base, digits, step, rng);
    }

    PlaceValues(Index d_model, Index state, Index base, Index digits, DigitStep step, Rng& rng)
        : base_(allowed(base, digits, state)),
          digits_(digits),
          step_(step),
          codes_(normal_parameter({base, state_size("PlaceValues", state, d_model)}, 0.5, rng)),
          map_(matrix_size("PlaceValues", codes_.dim(1)), codes_.dim(1), rng),
          output_(codes_.dim(1), d_model, rng) {}

    Tensor vectors(const Positions& positions) const override {
        const Index T = positions.size();
        std::vector<std::vector<Index>> places(static_cast<std::size_t>(digits_));
        for (Index t = 0; t < T; ++t) {
            Index rest = number(positions, t);
            for (Index i = digits_ - 1; i >= 0; --i, rest /= base_)
                places[static_cast<std::size_t>(i)].push_back(rest % base_);
        }
        Tensor h(zeros({T, codes_.dim(1)}));
        for (const std::vector<Index>& digit : places) {
            const Tensor z = map_.forward(h) + gather_rows(codes_, {{T}, digit});
            h = step_ == DigitStep::tanh ? tanh(z) : z;
        }
        return output_.forward(h);
    }

    Traits traits() const override {
        return {.place = Place::input,
                .max_length = numbers(),
                .ids = AcceptedIds::whole,
                .source = "after SeqPE, Li et al. 2025, arXiv 2506.13277"};
    }

    Parameters parameters() const override {
        Parameters all{{"digit.weight", codes_}};
        append(all, "step", map_);
        for (const auto& parameter : output_.parameters()) all.push_back(parameter);
        return all;
    }

private:
    static Index allowed(Index base, Index digits, Index state) {
        require<OptionError>(base > 1 && digits > 0, "PlaceValues: expected a base of 2 or more and at least one ",
                             "digit, got ", base, " and ", digits);
        require<OptionError>(std::pow(static_cast<double>(base), static_cast<double>(digits)) <= 0x1p53,
                             "PlaceValues: ", digits, " digits of base ", base, " count beyond 2^53; take fewer");
        require_room("PlaceValues", "the codes of the digits", {base, std::max<Index>(state, 1)},
                     "take a smaller base");
        return base;
    }
    Index numbers() const {
        Index count = 1;
        for (Index i = 0; i < digits_; ++i) count *= base_;
        return count;
    }
    Index number(const Positions& positions, Index t) const {
        const Index k = positions.whole(t, "PlaceValues");
        require<PositionOutOfRange>(k < numbers(), "PlaceValues: position ", k, " has more than ", digits_,
                                    " digits in base ", base_, ", the last one is ", numbers() - 1,
                                    "; take more digits");
        return k;
    }

    Index base_, digits_;
    DigitStep step_;
    Tensor codes_;          // E
    Linear map_;            // A, b
    StateOutput output_;    // U
};

}    // namespace ordinal
