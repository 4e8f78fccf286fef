// LogN: longer texts get sharper attention.
//
// Source:  Su 2022, kexue.fm/archives/9034 (why log n); Su 2023, kexue.fm/archives/9431 (the two reasons why length
//          fails)
// Formula: q -> q log n / log N,  n = tokens in the text, N = tokens in training;  one token: nothing to sharpen
// Shapes:  query: [B, H, T, Dh]; a bias on the scores stays as it is
// Why:     the softmax over n keys gets flatter as n grows, whatever the position scheme does: with log n in front, its
//          entropy stays about the same. Failing past the training length has two causes, unseen positions and more
//          keys than ever; this is the second, so it is a wrapper that any scheme can have. The price: every score
//          changes when the text grows, so there is no streaming. Wherever the scheme inside acts, its queries are now
//          multiplied too: the trait sharpens_queries says so.
#pragma once

#include <cmath>

#include <ordinal/positional/wrapper.h>

namespace ordinal {

template <class Kind>
class LogN : public Wrapper<Kind> {
public:
    LogN(std::shared_ptr<const Kind> inner, Index trained) : Wrapper<Kind>(std::move(inner)), trained_(trained) {
        require<OptionError>(trained > 1, "LogN: expected a training length > 1, got ", trained);
    }

    QueryKeyValue turn(const QueryKeyValue& qkv, const Positions& positions) const override {
        const QueryKeyValue turned = this->inner_->turn(qkv, positions);
        return {turned.query * factor(positions.size()), turned.key, turned.value};
    }

    // A bias made from queries sees them as they were: sharper products q . k, the same bias.
    ScoreBias score_bias(const QueryKeyValue& qkv, const Tensor& x, const Positions& positions) const override {
        const QueryKeyValue before{qkv.query * (1 / factor(positions.size())), qkv.key, qkv.value};
        return this->inner_->score_bias(before, x, positions);
    }

    Traits traits() const override {
        Traits traits = this->inner_->traits();
        traits.length_dependent = true;
        traits.sharpens_queries = true;
        return traits;
    }

    NdArray explain(Index k, std::ostream& out) const override {
        const NdArray told = this->inner_->explain(k, out);
        out << "  in a text of " << k + 1 << " tokens all queries are then multiplied by log " << k + 1 << " / log "
            << trained_ << " = " << factor(k + 1) << "\n";
        return this->inner_->traits().place == Place::queries_and_keys ? told * factor(k + 1) : told;
    }

private:
    Scalar factor(Index n) const {
        return n < 2 ? 1
                     : static_cast<Scalar>(std::log(static_cast<double>(n)) / std::log(static_cast<double>(trained_)));
    }

    Index trained_;    // N
};

}    // namespace ordinal
