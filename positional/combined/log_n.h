// LogN: longer texts get sharper attention.
//
// Source:  Su 2022, kexue.fm/archives/9034 (why log n); Su 2023, kexue.fm/archives/9431 (the two reasons why length
//          fails)
// Formula: q -> q log n / log N,  n = keys that the query sees, N = tokens in training;  one key: nothing to sharpen
//          n is the length of the text without its padding; where tokens see no future, query i sees n = i + 1 keys
// Shapes:  query: [B, H, T, Dh]; a bias on the scores stays as it is
// Why:     the softmax over n keys gets flatter as n grows, whatever the position scheme does: with log n in front, its
//          entropy stays about the same. Failing past the training length has two causes, unseen positions and more
//          keys than ever; this is the second, so it is a wrapper that any scheme can have. The price: where
//          tokens see both sides, every score changes when the text grows. Wherever the scheme inside acts, its queries
//          are now multiplied too: the trait sharpens_queries says so.
#pragma once

#include <cmath>
#include <ostream>

#include <ordinal/positional/combined/wrapper.h>

namespace ordinal {

class LogN : public Wrapper {
public:
    LogN(std::shared_ptr<const Encoding> inner, Index trained) : Wrapper(std::move(inner)), trained_(trained) {
        require<OptionError>(trained > 1, "LogN: expected a training length > 1, got ", trained);
    }

    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const QueryKeyValue rotated = inner_->apply_to_queries_and_keys(qkv, context);
        return {rotated.query * Tensor(factors(qkv, context)), rotated.key, rotated.value};
    }

    Traits traits() const override {
        Traits traits = inner_->traits();
        // Where a bias hides the future, each query counts what is behind it, and that stays when the text grows.
        traits.length_dependent = traits.length_dependent || !hides_the_future();
        traits.translation_invariant = traits.translation_invariant && !hides_the_future();
        traits.sharpens_queries = true;
        return traits;
    }

    NdArray narrate(Index k, std::ostream& out) const override {
        const NdArray numbers = inner_->explain(k, out);
        out << "  in a text of " << k + 1 << " tokens all queries are then multiplied by log " << k + 1 << " / log "
            << trained_ << " = " << factor(k + 1) << "\n";
        return includes(inner_->traits().place, Place::queries_and_keys) ? numbers * factor(k + 1) : numbers;
    }

private:
    bool hides_the_future() const {
        const Traits traits = inner_->traits();
        return traits.causal_only && includes(traits.place, Place::scores);
    }
    // Of each query: [B, 1, Tq, 1], or B = 1 without padding.
    NdArray factors(const QueryKeyValue& qkv, AttentionContext context) const {
        context.causal = context.causal || hides_the_future();
        NdArray n = context.visible_keys(qkv.query.dim(2));
        Scalar* numbers = n.mutable_data();
        for (Index i = 0; i < n.size(); ++i) numbers[i] = factor(static_cast<Index>(numbers[i]));
        return n;
    }
    Scalar factor(Index n) const {
        return n < 2 ? 1
                     : static_cast<Scalar>(std::log(static_cast<double>(n)) / std::log(static_cast<double>(trained_)));
    }

    Index trained_;    // N
};

}    // namespace ordinal
