// Ring: a learned table whose ends are joined. After the last row comes the first.
//
// Source:  a trained table repeated: Beltagy et al. 2020, arXiv 2004.05150; texts that begin anywhere: Kiyono et al.
//          2021, arXiv 2109.05644; both together, as a ring: ours, we know no paper
// Formula: p_k = P[(k + u) mod n],  u uniform in 0 .. n - 1, drawn for each batch in training; u = 0 in evaluation
// Shapes:  P: [n, D]; positions [T] -> codes [T, D]
// Why:     the codes of a ring are familiar for ever: there is no position whose row was not trained, and, as texts
//          begin anywhere, no step from one row to the next that was not met, the one over the seam included. The
//          price: positions n apart are the same, and the model must let go of the past before the ring comes round
//          (see positional/biases/forgetting.h); and with a random start, nobody knows where the text began.
// With random_start=no the first n positions are those of a plain table, repeated: training never meets the seam.
#pragma once

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/tables/fresh_table.h>

namespace ordinal {

class Ring : public AdditiveEncoding {
public:
    // ring(rows=max_length, random_start=yes, std=0.02)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const Index rows = options.count("rows", request.max_length);
        const bool random_start = options.choice("random_start", {"yes", "no"}) == "yes";
        const double standard_deviation = options.number("std", 0.02);
        const auto ring =
            std::make_shared<Ring>(fresh_table("Ring", rows, request.d_model, standard_deviation, rng), random_start);
        ring->distinct_ = standard_deviation > 0 && rows >= 32;
        return ring;
    }

    explicit Ring(NdArray table, bool random_start = true)
        : weight_(Tensor::parameter(std::move(table))), random_start_(random_start) {
        require(weight_.ndim() == 2 && weight_.dim(0) > 0, "Ring: expected a table [rows, D], got ", weight_.shape());
    }

    Positions position_ids(const Positions& positions, const Mode& mode) const override {
        if (!random_start_ || !mode.is_training()) return positions;
        return positions.shifted(static_cast<double>(mode.rng().below(weight_.dim(0))));
    }

    Tensor vectors(const Positions& positions) const override {
        std::vector<Index> rows;
        for (Index i = 0; i < positions.size(); ++i) rows.push_back(positions.whole(i, "Ring") % weight_.dim(0));
        return gather_rows(weight_, {{positions.size()}, rows});
    }

    Traits traits() const override {
        return {.place = Place::input,
                .depth = Depth::constant,
                .ids = AcceptedIds::whole,
                .distinct = distinct_,
                .chooses_ids = random_start_,
                .source = "Beltagy et al. 2020, arXiv 2004.05150 (repeated); joined to a ring: ours"};
    }

    Parameters parameters() const override { return {{"weight", weight_}}; }

private:
    Tensor weight_;    // P: [n, D]
    bool random_start_;
    bool distinct_ = false;    // of a table from elsewhere nothing is promised
};

}    // namespace ordinal
