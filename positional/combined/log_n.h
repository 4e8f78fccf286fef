// LogN: longer texts get sharper attention.
//
// Source:  Su 2022, kexue.fm/archives/9034 (why log n); Su 2023, kexue.fm/archives/9431 (the two reasons why length
//          fails)
// Formula: q -> q log n / log N,  n = keys that the query sees, N = tokens in training;  one key: nothing to sharpen
//          n is the length of the text without its padding; where tokens see no future, query i sees n = i + 1 keys
//          ssmax=N:  q -> q s_h log n  with a learned s_h for each head ("Scalable-Softmax": softmax with the base
//          n^s; Nakanishi 2025, arXiv 2501.19399, as others quote its equation: each layer has its own s_h). Here s_h =
//          g_h / log N, g_h starts at 1, which is log_n=N, and one scheme serves all layers; by_layer gives each its
//          own
// Shapes:  query: [B, H, T, Dh]; g: [H]; a bias stays as it is unless it reads queries, as path's: it reads these
// Why:     the softmax over n keys gets flatter as n grows, whatever the position scheme does: with log n in front, its
//          entropy stays about the same. Failing past the training length has two causes, unseen positions and more
//          keys than ever; this is the second, so it is a wrapper that any scheme can have. The price: where
//          tokens see both sides, every score changes when the text grows. Wherever the scheme inside acts, its queries
//          are now multiplied too: the trait sharpens_queries says so.
#pragma once

#include <cmath>
#include <ostream>

#include <ordinal/nn/init.h>
#include <ordinal/positional/combined/wrapper.h>
#include <ordinal/positional/explain.h>

namespace ordinal {

class LogN : public Wrapper {
public:
    // learned_heads: the heads that learn a factor of their own; 0: none does
    LogN(std::shared_ptr<const Encoding> inner, Index trained, Index learned_heads = 0)
        : Wrapper(std::move(inner)), trained_(trained) {
        require<OptionError>(trained > 1, "LogN: expected a training length > 1, got ", trained);
        if (learned_heads > 0) learned_ = constant_parameter({learned_heads}, 1);
    }

    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const QueryKeyValue rotated = inner_->apply_to_queries_and_keys(qkv, context);
        return {times_log_n(rotated.query, context), rotated.key, rotated.value};
    }
    Tensor sharpened(const Tensor& query, const AttentionContext& context) const override {
        return times_log_n(inner_->sharpened(query, context), context);
    }
    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        return inner_->score_bias({times_log_n(qkv.query, context), qkv.key, qkv.value}, context);
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
        const Scalar f = factor(k + 1) * (learned_.defined() ? learned_.values().at({0}) : 1);
        out << "  in a text of " << k + 1 << " tokens " << (learned_.defined() ? "head 0's" : "all")
            << " queries are then multiplied by log " << k + 1 << " / log " << trained_
            << (learned_.defined() ? " and what this head has learned" : "") << " = " << f << "\n";
        const Place place = inner_->traits().place;
        if (includes(place, Place::scores)) return computed_in_batch(*this, k, sizes());    // it may read queries
        return includes(place, Place::queries_and_keys) ? numbers * f : numbers;
    }

    Parameters parameters() const override {
        Parameters all;
        if (learned_.defined()) all.push_back({"ssmax", learned_});
        for (const auto& parameter : inner_->parameters()) all.push_back(parameter);
        return all;
    }

private:
    bool hides_the_future() const {
        const Traits traits = inner_->traits();
        return traits.causal_only && includes(traits.place, Place::scores);
    }
    Tensor times_log_n(const Tensor& query, const AttentionContext& context) const {
        const Tensor sharp = query * Tensor(factors(query.dim(2), context));
        if (!learned_.defined()) return sharp;
        const Index H = learned_.dim(0);
        require(sharp.dim(1) == H, "LogN: expected queries of ", H, " heads, got ", sharp.shape());
        return sharp * reshape(learned_, {H, 1, 1});
    }
    // Of the last `queries` tokens: [B, 1, queries, 1], or B = 1 without padding.
    NdArray factors(Index queries, AttentionContext context) const {
        context.causal = context.causal || hides_the_future();
        NdArray n = context.visible_keys(queries);
        Scalar* numbers = n.mutable_data();
        for (Index i = 0; i < n.size(); ++i) numbers[i] = factor(static_cast<Index>(numbers[i]));
        return n;
    }
    Scalar factor(Index n) const {
        return n < 2 ? 1
                     : static_cast<Scalar>(std::log(static_cast<double>(n)) / std::log(static_cast<double>(trained_)));
    }

    Index trained_;     // N
    Tensor learned_;    // g, if it is learned
};

}    // namespace ordinal
