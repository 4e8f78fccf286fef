// Observer: an encoding that does what another one does, and lets us see the scores that attention makes of it.
//
// Attention keeps no scores and needs no switch for it: whatever decides them passes through the position scheme's
// hooks. The last hook gets the turned queries and keys, and gives the bias.
#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

class Observer : public Encoding {
public:
    explicit Observer(std::shared_ptr<const Encoding> observed) : observed_(std::move(observed)) {}

    // What the attention layers compute while `run` runs a model with this encoding, the first layer first:
    // q k^T / sqrt(Dh) + bias, before any mask and the softmax.   [B, H, T, T] each
    std::vector<NdArray> scores_during(const std::function<void()>& run) const {
        NoGrad guard;
        seen_.clear();
        looking_ = true;
        run();
        looking_ = false;
        return seen_;
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        ScoreBias bias = observed_->score_bias(qkv, {positions, x});
        if (looking_) {
            const double head_dim = static_cast<double>(qkv.query.dim(3));
            Tensor scores = matmul(qkv.query, transpose(qkv.key)) * static_cast<Scalar>(1 / std::sqrt(head_dim));
            if (bias.defined()) scores = scores + bias.rows(bias.sources, 0, positions.size());
            seen_.push_back(scores.values());
        }
        return bias;
    }

    // The rest is passed on.
    Positions position_ids(const Positions& positions, const Mode& mode) const override {
        return observed_->position_ids(positions, mode);
    }
    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode& mode) const override {
        return observed_->apply_to_input(x, positions, mode);
    }
    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        return observed_->apply_to_queries_and_keys(qkv, {positions});
    }
    Traits traits() const override { return observed_->traits(); }
    NdArray explain(Index k, std::ostream& out) const override { return observed_->explain(k, out); }
    std::unique_ptr<Stream> stream() const override { return observed_->stream(); }
    Parameters parameters() const override { return observed_->parameters(); }

private:
    std::shared_ptr<const Encoding> observed_;
    mutable bool looking_ = false;
    mutable std::vector<NdArray> seen_;    // [layer]
};

}    // namespace ordinal
