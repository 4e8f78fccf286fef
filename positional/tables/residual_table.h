// ResidualTable: a table that is 0 past its last row. Half of a scheme: a rule without a bound stands beside it.
//
// Source:  a learned table as in Devlin et al. 2019, arXiv 1810.04805, section 3; what it does past its rows is ours
// Formula: r_k = R[k] for k < n,  else 0
// Shapes:  R: [n, D]; positions [T] -> codes [T, D]
// Why:     as part of a sum (positional/combined/sum_of_encodings.h) it holds what the rule beside it cannot say, the
//          exceptions of the first n positions. Past them the sum is the rule alone: no error, no random row. The
//          price: the model never saw the rule alone in training, unless the table was sometimes dropped.
#pragma once

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/tables/extend_table.h>

namespace ordinal {

class ResidualTable : public AdditiveEncoding {
public:
    explicit ResidualTable(NdArray table) : weight_(Tensor::parameter(std::move(table))) {
        require(weight_.ndim() == 2 && weight_.dim(0) > 0, "ResidualTable: expected a table [n, D], got ",
                weight_.shape());
    }

    // The strategy `zero` of extend_table, without an end: a row of W holds a 1, or nothing.
    Tensor vectors(const Positions& positions) const override {
        SparseRows W;
        for (Index i = 0; i < positions.size(); ++i) {
            const Index k = positions.whole(i, "ResidualTable");
            W.push_back(k < weight_.dim(0) ? SparseRow{{k, 1}} : SparseRow{});
        }
        return mix_rows(W, weight_);
    }

    Traits traits() const override {
        return {.place = Place::input,
                .ids = AcceptedIds::whole,
                .source = "Devlin et al. 2019, arXiv 1810.04805, section 3; silent past its rows"};
    }

    Parameters parameters() const override { return {{"weight", weight_}}; }

private:
    Tensor weight_;    // R: [n, D]
};

}    // namespace ordinal
