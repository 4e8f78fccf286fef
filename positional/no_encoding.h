// No position encoding: the control of every experiment. Often called NoPE.
//
// Source:  Haviv et al. 2022, arXiv 2203.16634; Kazemnejad et al. 2023, arXiv 2305.19466
// Formula: x_k -> x_k
// Shapes:  none
// Why:     without positions and without a mask, attention sees a bag of tokens: permute the tokens and the outputs
//          are permuted, nothing else changes. Whatever a model does better than this, it does by knowing where.
//          (A causal mask lets a little position through: token k averages over k + 1 tokens.)
#pragma once

#include <ordinal/positional/encoding.h>

namespace ordinal {

class NoEncoding : public AdditiveEncoding {
public:
    // none
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions&, Rng&) {
        return std::make_shared<NoEncoding>(request.d_model);
    }

    explicit NoEncoding(Index d_model) : d_model_(d_model) {}

    Tensor vectors(const Positions& positions) const override { return Tensor(zeros({positions.size(), d_model_})); }
    Tensor apply_to_input(const Tensor& x, const Positions&, const Mode&) const override { return x; }

    Traits traits() const override {
        return {.place = Place::nowhere, .source = "the control; Kazemnejad et al. 2023, arXiv 2305.19466"};
    }

    Parameters parameters() const override { return {}; }

private:
    Index d_model_;
};

}    // namespace ordinal
