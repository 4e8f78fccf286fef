// RandomWalk: how likely a random walker who starts at token k is back after 1, 2, ... steps. On a sentence
// it fails, and it is instructive how.
//
// Source:  Dwivedi et al. 2022, arXiv 2110.07875 (random walks as positions in graphs)
// Formula: f_k = [ (M)_kk, (M^2)_kk, ..., (M^F)_kk ],   M = D^-1 A: from a node to each neighbour, equally likely
// Shapes:  f: [n, F] on the path of n nodes
// Why:     no eigenvectors, no arbitrary signs, and in a molecule the returns tell rings from chains. The price, on a
//          chain: nothing tells left from right, so token k and token n - 1 - k get the same numbers; and whoever is
//          so far inside that the walker cannot reach an end and return looks like everybody else.
#pragma once

#include <algorithm>
#include <map>

#include <ordinal/positional/graphs/graph_positions.h>

namespace ordinal {

// (M^t)_kk for t = 1 .. steps, for some nodes k of the path of `nodes` nodes. The walker gets no farther than `steps`
// from k, so nobody looks farther. Nodes as far from their end walk alike, and so do all who cannot reach one and
// return: however many are asked for, at most steps / 2 + 1 of them are computed.   [T] -> [T, steps]
inline NdArray return_probabilities_of(const std::vector<Index>& ids, Index nodes, Index steps) {
    NdArray returns = zeros({static_cast<Index>(ids.size()), steps});
    Scalar* to = returns.mutable_data();
    std::map<Index, const Scalar*> rows;    // by the distance from the end
    const auto neighbours = [&](Index i) { return (i > 0) + (i + 1 < nodes); };
    for (const Index k : ids) {
        const auto [row, is_new] = rows.emplace(std::min({k, nodes - 1 - k, steps / 2 + 1}), to);
        if (!is_new) {
            to = std::copy(row->second, row->second + steps, to);
            continue;
        }
        const Index first = std::max<Index>(0, k - steps), last = std::min(nodes - 1, k + steps);
        std::vector<double> at(static_cast<std::size_t>(last - first + 1),
                               0);    // where the walker is, from `first` on
        const auto place = [first](Index i) { return static_cast<std::size_t>(i - first); };
        at[place(k)] = 1;
        for (Index t = 0; t < steps; ++t) {
            std::vector<double> next(at.size(), 0);
            for (Index i = std::max(first, k - t); i <= std::min(last, k + t); ++i) {
                const double share = at[place(i)] / std::max(1, neighbours(i));
                if (i > first) next[place(i - 1)] += share;
                if (i < last) next[place(i + 1)] += share;
            }
            at = next;
            *to++ = static_cast<Scalar>(at[place(k)]);
        }
    }
    return returns;
}

inline NdArray return_probabilities(Index nodes, Index steps) {    // of all nodes: [nodes, steps]
    std::vector<Index> all;
    for (Index k = 0; k < nodes; ++k) all.push_back(k);
    return return_probabilities_of(all, nodes, steps);
}

class RandomWalk : public GraphPositions {
public:
    // random_walk(steps=32, nodes)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        return std::make_shared<RandomWalk>(request.d_model, options.count("steps", 32), nodes_of(options), rng);
    }

    RandomWalk(Index d_model, Index steps, std::optional<Index> nodes, Rng& rng)
        : GraphPositions(d_model, allowed(steps), nodes, rng) {}

    NdArray features_of(const std::vector<Index>& ids, Index nodes) const override {
        return return_probabilities_of(ids, nodes, num_features());
    }

    Traits traits() const override { return traits_with("Dwivedi et al. 2022, arXiv 2110.07875"); }

private:
    static constexpr Index most_steps = 1024;
    static Index allowed(Index steps) {
        require<OptionError>(0 < steps && steps <= most_steps, "RandomWalk: expected steps between 1 and ", most_steps,
                             ", for a token takes their square, got ", steps);
        return steps;
    }
};

}    // namespace ordinal
