// LearnedTable: BERT's position encoding. One learned vector for each position.
//
// Source:  Devlin et al. 2019, arXiv 1810.04805 (section 3, "position embeddings"); first in Gehring et al. 2017,
//          arXiv 1705.03122
// Formula: p_k = P[k]
// Shapes:  P: [rows, D], in BERT [512, 768]; positions [T] -> codes [T, D]
// Why:     all positions at once, and they adapt to the task. The price: there is no row 513. Position 512 (we count
//          from 0) is an error, not a guess, and a row that training never visited is just its random start.
#pragma once

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/tables/fresh_table.h>

namespace ordinal {

class LearnedTable : public AdditiveEncoding {
public:
    // table(std=0.02)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        return std::make_shared<LearnedTable>(request.max_length, request.d_model, rng, options.number("std", 0.02));
    }

    // 0.02 is BERT's.
    LearnedTable(Index rows, Index d_model, Rng& rng, double standard_deviation = 0.02)
        : LearnedTable(fresh_table("LearnedTable", rows, d_model, standard_deviation, rng)) {
        distinct_ = standard_deviation > 0;    // 0: all rows begin at 0, and training has to tell them apart
    }
    explicit LearnedTable(NdArray table) : weight_(Tensor::parameter(std::move(table))) {
        require(weight_.ndim() == 2, "LearnedTable: expected a table [rows, D], got ", weight_.shape());
    }

    Tensor vectors(const Positions& positions) const override {
        std::vector<Index> rows;
        for (Index i = 0; i < positions.size(); ++i) rows.push_back(row(positions, i));
        return gather_rows(weight_, {{positions.size()}, rows});    // the gradient reaches the visited rows only
    }

    Traits traits() const override {
        return {.place = Place::input,
                .max_length = weight_.dim(0),
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

    Tensor weight_;
    bool distinct_ = false;    // of a table from elsewhere nothing is promised
};

}    // namespace ordinal
