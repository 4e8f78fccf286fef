// LearnedTable: BERT's position encoding. One learned vector for each position.
//
// Source:  Devlin et al. 2019, arXiv 1810.04805 (section 3, "position embeddings"); first in Gehring et al. 2017,
//          arXiv 1705.03122
// Formula: p_k = P[k];   beyond=zero:  p_k = 0 past the last row
// Shapes:  P: [rows, D], in BERT [512, 768]; positions [T] -> codes [T, D]
// Why:     all positions at once, and they adapt to the task. The price: there is no row 512. Position 512 (we count
//          from 0) is an error, not a guess, and a row that training never visited is just its random start.
// With beyond=zero it is half of a scheme: beside a rule without a bound (table(beyond=zero) + linear) it holds what
// the rule cannot say, the exceptions of the first positions. Past them the rule is alone, and the model has met it
// alone in training only if the table was sometimes dropped (positional/combined/dropped.h).
#pragma once

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/tables/extend_table.h>
#include <ordinal/positional/tables/fresh_table.h>

namespace ordinal {

enum class Beyond { error, zero };    // what a table says past its last row

class LearnedTable : public AdditiveEncoding {
public:
    // table(rows=max_length, std=0.02, beyond=error)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const Index rows = options.count("rows", request.max_length);
        const double standard_deviation = options.number("std", 0.02);
        const auto beyond = options.choice<Beyond>("beyond", {{"error", Beyond::error}, {"zero", Beyond::zero}});
        return std::make_shared<LearnedTable>(rows, request.d_model, rng, standard_deviation, beyond);
    }

    // 0.02 is BERT's.
    LearnedTable(Index rows, Index d_model, Rng& rng, double standard_deviation = 0.02, Beyond beyond = Beyond::error)
        : LearnedTable(fresh_table("LearnedTable", rows, d_model, standard_deviation, rng), beyond) {
        // 0: all rows begin at 0, and training has to tell them apart; and zeros past the last row are all alike
        distinct_ = standard_deviation > 0 && (beyond == Beyond::error || rows >= 32);
    }
    explicit LearnedTable(NdArray table, Beyond beyond = Beyond::error)
        : weight_(Tensor::parameter(std::move(table))), beyond_(beyond) {
        require(weight_.ndim() == 2, "LearnedTable: expected a table [rows, D], got ", weight_.shape());
    }

    Tensor vectors(const Positions& positions) const override {
        if (beyond_ == Beyond::zero) return zero_beyond(positions);
        std::vector<Index> rows;
        for (Index i = 0; i < positions.size(); ++i) rows.push_back(row(positions, i));
        return gather_rows(weight_, {{positions.size()}, rows});    // the gradient reaches the visited rows only
    }

    Traits traits() const override {
        return {.place = Place::input,
                .max_length = beyond_ == Beyond::error ? std::optional(weight_.dim(0)) : std::nullopt,
                .depth = Depth::constant,
                .ids = AcceptedIds::whole,
                .distinct = distinct_,
                .source = "Devlin et al. 2019, arXiv 1810.04805, section 3"};
    }

    NdArray narrate(Index k, std::ostream& out) const override;

    Parameters parameters() const override { return {{"weight", weight_}}; }
    const Tensor& weight() const { return weight_; }

private:
    Index row(const Positions& positions, Index i) const {
        const Index k = positions.whole(i, "LearnedTable"), rows = weight_.dim(0);
        require<PositionOutOfRange>(k < rows, "LearnedTable: position ", k, " is outside the table of ", rows,
                                    " rows (0..", rows - 1, "); a learned table cannot extrapolate. Use a scheme ",
                                    "without a bound, or a longer table: see docs/08-extending-a-trained-table.md");
        return k;
    }

    // The strategy `zero` of extend_table, without an end: a row of W holds a 1, or nothing.
    Tensor zero_beyond(const Positions& positions) const {
        SparseRows W;
        for (Index i = 0; i < positions.size(); ++i) {
            const Index k = positions.whole(i, "LearnedTable");
            W.push_back(k < weight_.dim(0) ? SparseRow{{k, 1}} : SparseRow{});
        }
        return mix_rows(W, weight_);
    }

    Tensor weight_;
    Beyond beyond_;
    bool distinct_ = false;    // of a table from elsewhere nothing is promised
};

}    // namespace ordinal
