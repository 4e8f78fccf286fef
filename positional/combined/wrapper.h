// Wrapper: an encoding around another one. It passes every question on; a wrapper of its own overrides what it changes.
//
// Around an additive encoding it is additive again, so that wrappers stack and codes stay visible.
#pragma once

#include <memory>

#include <ordinal/positional/encoding.h>

namespace ordinal {

class Wrapper : public Encoding {
public:
    explicit Wrapper(std::shared_ptr<const Encoding> inner) : inner_(std::move(inner)) {
        require<OptionError>(inner_ != nullptr, "Wrapper: expected a scheme inside, got none");
        require<OptionError>(inner_->of_layers().empty(), "Wrapper: the scheme inside is another one in each layer; ",
                             "wrap those: by_layer(A(gain=1), B(gain=1))");
        set_sizes(inner_->sizes());
    }

    Positions position_ids(const Positions& positions, const Mode& mode) const override {
        return inner_->position_ids(positions, mode);
    }
    bool is_additive() const override { return inner_->is_additive(); }
    Tensor vectors(const Positions& positions) const override { return inner_->vectors(accepted(positions)); }
    Tensor training_vectors(const Positions& positions, Rng& rng) const override {
        return inner_->training_vectors(accepted(positions), rng);
    }
    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const override {
        return inner_->apply_to_input(x, accepted(positions), mode);
    }
    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        return inner_->apply_to_queries_and_keys(qkv, accepted(context));
    }
    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        return inner_->score_bias(qkv, accepted(context));
    }
    Tensor sharpened(const Tensor& query, const AttentionContext& context) const override {
        return inner_->sharpened(query, accepted(context));
    }
    Traits traits() const override { return inner_->traits(); }
    NdArray narrate(Index k, std::ostream& out) const override { return inner_->narrate(k, out); }
    std::unique_ptr<Stream> stream() const override {
        return traits().streams ? inner_->stream() : Encoding::stream();    // the second one refuses
    }
    Parameters parameters() const override { return inner_->parameters(); }

protected:
    // The ids on their way to the inner scheme: a wrapper may refuse some.
    virtual Positions accepted(const Positions& positions) const { return positions; }
    AttentionContext accepted(AttentionContext context) const {
        context.positions = accepted(context.positions);
        return context;
    }

    std::shared_ptr<const Encoding> inner_;
};

}    // namespace ordinal
