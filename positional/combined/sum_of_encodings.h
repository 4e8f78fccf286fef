// SumOfEncodings: a learned table plus a rule. Partly fixed, partly learned.
//
// Source:  the sum is an old idea with many hands; dropping the table for whole batches is ours, after dropout
//          (Srivastava et al. 2014)
// Formula: p_k = r_k + f_k                         r: the table's part, f: the rule's
//          in training  p_k = d r_k + f_k          d = 0 with probability `dropout`, for all positions at once; else 1
// Shapes:  positions [T] -> codes [T, D], of both parts
// Why:     the table is exact where there was training, the rule goes on for ever. But a model that always saw both
//          leans on the table, which is easier to learn; past the last row it meets a sum it has never seen. Dropping
//          the table now and then teaches the rest of the model to live on the rule. There is no factor
//          1 / (1 - dropout) as in dropout: with and without the table are the two cases that will be met later.
//          The price: half of the training steps do without the better part.
#pragma once

#include <memory>
#include <ostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/dropout.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/explain.h>

namespace ordinal {

class SumOfEncodings : public AdditiveEncoding {
public:
    using Part = std::shared_ptr<const Encoding>;
    SumOfEncodings(Part table, Part rule, double dropout = 0)
        : table_(std::move(table)), rule_(std::move(rule)), dropout_(dropout) {
        require_probability(dropout, "SumOfEncodings");
        require<OptionError>(table_ && rule_, "SumOfEncodings: expected two schemes, got none for one of them");
        require<OptionError>(table_->is_additive() && rule_->is_additive(),
                             "SumOfEncodings: codes are added here, and one part has none");
        require<OptionError>(!includes(table_->acts_at() | rule_->acts_at(), Place::scores),
                             "SumOfEncodings: codes are added here, and one part acts on the scores");
        require<OptionError>(!includes(table_->acts_at(), Place::ids) || !includes(rule_->acts_at(), Place::ids),
                             "SumOfEncodings: both parts choose the ids; take one that does");
    }

    // Both parts see the same ids: those of the part that chooses.
    Positions position_ids(const Positions& positions, const Mode& mode) const override {
        return rule_->position_ids(table_->position_ids(positions, mode), mode);
    }

    Tensor vectors(const Positions& positions) const override {
        return table_->vectors(positions) + rule_->vectors(positions);
    }

    Tensor training_vectors(const Positions& positions, Rng& rng) const override {
        const bool dropped = rng.chance(dropout_);
        const Tensor f = rule_->training_vectors(positions, rng);
        return dropped ? f : table_->training_vectors(positions, rng) + f;
    }

    // Wrappers inside may act here, as LogN does.
    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        return rule_->apply_to_queries_and_keys(table_->apply_to_queries_and_keys(qkv, context), context);
    }

    // The stricter of both, trait by trait.
    Traits traits() const override {
        const Traits a = table_->traits(), b = rule_->traits();
        Traits both = a;
        both.place = a.place | b.place;
        both.sharpens_queries = a.sharpens_queries || b.sharpens_queries;
        both.content_dependent = a.content_dependent || b.content_dependent;
        both.causal_only = a.causal_only || b.causal_only;
        if (b.max_length) both.max_length = a.max_length ? std::min(*a.max_length, *b.max_length) : *b.max_length;
        if (b.computable_up_to)
            both.computable_up_to = std::min(a.computable_up_to.value_or(*b.computable_up_to), *b.computable_up_to);
        both.depth = std::max(a.depth, b.depth);
        both.ids = std::max(a.ids, b.ids);
        both.cacheable = a.cacheable && b.cacheable;
        both.chooses_ids = a.chooses_ids || b.chooses_ids;
        both.length_dependent = a.length_dependent || b.length_dependent;
        both.streams = a.streams && b.streams;
        both.translation_invariant = false;    // (r_i + f_i) . (r_j + f_j) has the products r_i . f_j too
        both.distinct = b.distinct;            // past the table's rows the rule is alone
        both.source = a.source + "; plus " + b.source;
        return both;
    }

    std::unique_ptr<Stream> stream() const override {
        return std::make_unique<OneAfterTheOther>(table_->stream(), rule_->stream());
    }

    NdArray narrate(Index k, std::ostream& out) const override {
        out << "Position " << k << " by a sum of two codes, a table's and a rule's.\n";
        const NdArray r = table_->explain(k, out), f = rule_->explain(k, out), code = r + f;
        out << "Together p_" << k << " = r_" << k << " + f_" << k << " = " << FirstNumbers(code)
            << (dropout_ > 0 ? "  (in training r is left out now and then)\n" : "\n");
        return code;
    }

    Parameters parameters() const override {
        Parameters all;
        append(all, "table", *table_);
        append(all, "rule", *rule_);
        return all;
    }

private:
    // One adds r_k to the token, the other f_k to what comes out.
    struct OneAfterTheOther : Stream {
        OneAfterTheOther(std::unique_ptr<Stream> a, std::unique_ptr<Stream> b)
            : first(std::move(a)), second(std::move(b)) {}
        Tensor step(const Tensor& x) override { return second->next(first->next(x)); }

        std::unique_ptr<Stream> first, second;
    };

    Part table_, rule_;
    double dropout_;
};

}    // namespace ordinal
