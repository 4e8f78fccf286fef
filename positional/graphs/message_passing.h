// MessagePassing: a graph network on the chain of tokens. In every round each token hears the one before it.
//
// Source:  message passing: Gilmer et al. 2017, arXiv 1704.01212; graph networks that make position codes: Kanatsoulis
//          et al. 2025, arXiv 2502.01122
// Formula: h_k = p_0 for all k; R rounds of  h_k <- f(h_{k-1}),  node 0 hears nobody and keeps p_0;  code_k = U h_k
// Shapes:  h: [n, S], U: [D, S] (left out when S = D); positions [T] -> codes [T, D]
// Why:     all nodes at once, R rounds whatever the length. What comes out is the RNN encoding cut off after R steps,
//          p_{min(k, R)}: word from the start of the text travels one node a round, and beyond R nobody has heard it.
//          The communication graph decides the depth: a chain needs n rounds; with the edges k - 1, k - 2, k - 4, ...
//          log2 n are enough, and that is the scan of scan.h.
#pragma once

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/recurrences/recursion_step.h>
#include <ordinal/positional/recurrences/scan.h>
#include <ordinal/positional/recurrences/state_output.h>

namespace ordinal {

constexpr Index nobody = -1;
constexpr Index most_rounds = 10'000;

// Node k hears node k - reach.
inline std::vector<Index> hear_back(Index nodes, Index reach) {
    std::vector<Index> senders;
    for (Index k = 0; k < nodes; ++k) senders.push_back(k >= reach ? k - reach : nobody);
    return senders;
}

// One round: h_k <- update(h of the node that k hears, h_k); who hears nobody keeps what it has.   h: each [n, ...]
template <class Update>
Bundle pass_messages(const Bundle& h, const std::vector<Index>& senders, const Update& update) {
    std::vector<Index> from, to, place;    // of the messages; and where each node is in [all nodes, then updated ones]
    for (Index k = 0; k < static_cast<Index>(senders.size()); ++k) {
        const Index sender = senders[static_cast<std::size_t>(k)];
        place.push_back(sender == nobody ? k : static_cast<Index>(senders.size() + to.size()));
        if (sender == nobody) continue;
        from.push_back(sender);
        to.push_back(k);
    }
    const auto rows = [](const Bundle& all, const std::vector<Index>& ids) {
        Bundle picked;
        for (const Tensor& tensor : all) picked.push_back(gather_rows(tensor, {{static_cast<Index>(ids.size())}, ids}));
        return picked;
    };
    return rows(concat_all(h, update(rows(h, from), rows(h, to)), 0), place);
}

class MessagePassing : public AdditiveEncoding {
public:
    // message_passing(state=d_model, rounds=16)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        return std::make_shared<MessagePassing>(request.d_model, options.count("state", request.d_model),
                                                options.count("rounds", 16), tanh_step(), rng);
    }

    MessagePassing(Index d_model, Index state, Index rounds, const MakeStep& make_step, Rng& rng)
        : state_(state_size("MessagePassing", state, d_model)), rounds_(rounds) {
        require<OptionError>(0 < rounds && rounds <= most_rounds, "MessagePassing: expected rounds between 1 and ",
                             most_rounds, ", for in every batch they wait for each other, got ", rounds);
        require<OptionError>(make_step != nullptr, "MessagePassing: expected a step, got an empty function");
        start_ = normal_parameter({state_}, 0.5, rng);
        step_ = make_step(state_, rng);
        output_ = StateOutput(state_, d_model, rng);
    }

    Tensor vectors(const Positions& positions) const override {
        std::vector<Index> ids;
        Index nodes = 1;
        for (Index i = 0; i < positions.size(); ++i) {
            ids.push_back(positions.whole(i, "MessagePassing"));
            require_computable("MessagePassing", ids.back());
            ids.back() = std::min(ids.back(), rounds_);    // nobody beyond has heard more than node R
            nodes = std::max(nodes, ids.back() + 1);
        }
        require_room<PositionOutOfRange>("MessagePassing", "what all rounds keep", {rounds_, nodes, state_},
                                         "take fewer rounds or a smaller state");
        Bundle h{broadcast_to(start_, {nodes, state_})};
        for (Index round = 0; round < rounds_; ++round)
            h = pass_messages(h, hear_back(nodes, 1),
                              [&](const Bundle& heard, const Bundle&) { return Bundle{step_->next(heard[0])}; });
        return output_.forward(gather_rows(h[0], {{positions.size()}, ids}));
    }

    Traits traits() const override {
        return {.place = Place::input,
                .computable_up_to = most_computed,
                .ids = AcceptedIds::whole,
                .source = "Gilmer et al. 2017, arXiv 1704.01212"};
    }

    Parameters parameters() const override {
        Parameters all{{"start", start_}};
        for (const auto& parameter : step_->parameters()) all.push_back(parameter);
        for (const auto& parameter : output_.parameters()) all.push_back(parameter);
        return all;
    }

private:
    Index state_, rounds_;
    Tensor start_;                           // p_0: [S]
    std::unique_ptr<RecursionStep> step_;    // f
    StateOutput output_;                     // U
};

}    // namespace ordinal
