// Embedding: a learned look-up. Row i of the table is the vector of token i.
#pragma once

#include <ordinal/core/ops.h>
#include <ordinal/nn/module.h>

namespace ordinal {

// ids of any shape, e.g. [B, T] -> [B, T, D].   weight: [V, D]
class Embedding : public Module {
public:
    explicit Embedding(NdArray weight) : weight_(Tensor::parameter(std::move(weight))) {
        require(weight_.ndim() == 2, "Embedding: expected a table [V, D], got ", weight_.shape());
    }
    Embedding(Index rows, Index width, Rng& rng, double standard_deviation = 1)    // N(0, 1) as in PyTorch
        : Embedding(random_normal({rows, width}, standard_deviation, rng)) {}

    // Only the rows that are looked up get a gradient.
    Tensor forward(const IndexArray& ids) const { return gather_rows(weight_, ids); }

    Parameters parameters() const override { return {{"weight", weight_}}; }
    const Tensor& weight() const { return weight_; }

private:
    Tensor weight_;
};

}    // namespace ordinal
