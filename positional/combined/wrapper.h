// Wrapper: an encoding around another one. It hands everything through; a wrapper of its own overrides what it changes.
//
// Around an additive encoding it is an additive encoding again, so that wrappers stack and codes stay visible.
#pragma once

#include <memory>
#include <ostream>

#include <ordinal/positional/encoding.h>

namespace ordinal {

template <class Kind>    // Encoding or AdditiveEncoding
class HandsThrough : public Kind {
public:
    explicit HandsThrough(std::shared_ptr<const Kind> inner) : inner_(std::move(inner)) {
        require<OptionError>(inner_ != nullptr, "Wrapper: expected a scheme inside, got none; a cast to ",
                             "AdditiveEncoding gives none for a scheme that adds no codes");
    }

    Positions position_ids(const Positions& positions, const Mode& mode) const override {
        return inner_->position_ids(positions, mode);
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
    Traits traits() const override { return inner_->traits(); }
    NdArray explain(Index k, std::ostream& out) const override { return inner_->explain(k, out); }
    std::unique_ptr<Stream> stream() const override {
        return this->traits().streams ? inner_->stream() : Encoding::stream();    // the second one refuses
    }
    Parameters parameters() const override { return inner_->parameters(); }

protected:
    // The ids on their way to the inner scheme: a wrapper may refuse some.
    virtual Positions accepted(const Positions& positions) const { return positions; }
    AttentionContext accepted(AttentionContext context) const {
        context.positions = accepted(context.positions);
        return context;
    }

    std::shared_ptr<const Kind> inner_;
};

template <class Kind>
class Wrapper : public HandsThrough<Kind> {
public:
    using HandsThrough<Kind>::HandsThrough;
};

template <>
class Wrapper<AdditiveEncoding> : public HandsThrough<AdditiveEncoding> {
public:
    using HandsThrough::HandsThrough;
    Tensor vectors(const Positions& positions) const override { return inner_->vectors(accepted(positions)); }
    Tensor training_vectors(const Positions& positions, Rng& rng) const override {
        return inner_->training_vectors(accepted(positions), rng);
    }
};

// Wrap<AdditiveEncoding> around an additive encoding, else Wrap<Encoding>.
template <template <class> class Wrap, class... Arguments>
std::shared_ptr<Encoding> wrap(const std::shared_ptr<Encoding>& inner, Arguments... arguments) {
    if (const auto additive = std::dynamic_pointer_cast<AdditiveEncoding>(inner))
        return std::make_shared<Wrap<AdditiveEncoding>>(additive, arguments...);
    return std::make_shared<Wrap<Encoding>>(inner, arguments...);
}

}    // namespace ordinal
