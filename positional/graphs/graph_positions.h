// GraphPositions: what the schemes share that see a sequence as a graph. Each token is a node; a node's place in the
// graph gives it some numbers (features), a learned matrix makes them a code.
//
// Formula: code_k = U f_k(n),  n = the number of nodes
// Shapes:  f: [n, F], U: [D, F]; positions 0 .. T - 1 -> codes [T, D]
//
// The graph has a node for each token of the sequence, so a longer sequence is another graph and all codes change. Or
// it has a fixed number of nodes, whatever the sequence: then the codes stay, and the last node is a bound.
#pragma once

#include <optional>

#include <ordinal/nn/linear.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

class GraphPositions : public AdditiveEncoding {
public:
    // nodes: of the graph; none = as many as there are tokens
    GraphPositions(Index d_model, Index features, std::optional<Index> nodes, Rng& rng)
        : nodes_(nodes), output_(allowed(features, d_model, nodes), d_model, rng, false) {
        output_.weight().set_values(
            random_normal({d_model, features}, 1 / std::sqrt(static_cast<double>(features)), rng));
    }

    // Of some nodes of a graph of `nodes`: [T] -> f [T, F]. A graph may be large; only who is asked for is looked at.
    virtual NdArray features_of(const std::vector<Index>& ids, Index nodes) const = 0;

    // Of all of them: f [n, F]
    NdArray features(Index nodes) const {
        std::vector<Index> all;
        for (Index k = 0; k < nodes; ++k) all.push_back(k);
        return features_of(all, nodes);
    }

    Tensor vectors(const Positions& positions) const override {
        require<PositionOutOfRange>(nodes_ || positions.is_arange(),
                                    "GraphPositions: the graph has one node for each token, so positions must be 0, 1, "
                                    "..., T - 1; a graph of fixed size (nodes=256) takes others");
        std::vector<Index> ids;
        for (Index i = 0; i < positions.size(); ++i) {
            ids.push_back(positions.whole(i, "GraphPositions"));
            require<PositionOutOfRange>(!nodes_ || ids.back() < *nodes_, "GraphPositions: position ", ids.back(),
                                        " is outside the graph of ", nodes_.value_or(0), " nodes (0..",
                                        nodes_.value_or(0) - 1, ")");
        }
        return output_.forward(Tensor(features_of(ids, nodes_.value_or(positions.size()))));
    }

    Parameters parameters() const override {
        Parameters all;
        append(all, "output", output_);
        return all;
    }

protected:
    Traits traits_with(std::string source) const {
        return {.place = Place::input,
                .max_length = nodes_,
                .ids = nodes_ ? AcceptedIds::whole : AcceptedIds::consecutive,
                .length_dependent = !nodes_,
                .streams = nodes_.has_value(),
                .source = std::move(source)};
    }

    static std::optional<Index> nodes_of(EncodingOptions& options) {    // the option `nodes`
        const Index nodes = options.count("nodes", 1);
        return options.has("nodes") ? std::optional(nodes) : std::nullopt;
    }
    Index nodes_for(Index k) const { return nodes_.value_or(k + 1); }    // of the graph that explain(k) is about
    const NdArray& output_matrix() const { return output_.weight().values(); }    // U
    Index num_features() const { return output_.weight().dim(1); }

private:
    static Index allowed(Index features, Index d_model, std::optional<Index> nodes) {
        require<OptionError>(features > 0 && nodes.value_or(1) > 0,
                             "GraphPositions: expected features and nodes > 0, got ", features, " and ",
                             nodes.value_or(1));
        require_room("GraphPositions", "the output's matrix", {d_model, features}, "take fewer features");
        return features;
    }

    std::optional<Index> nodes_;
    Linear output_;    // U
};

}    // namespace ordinal
