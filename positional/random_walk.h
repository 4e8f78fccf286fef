// RandomWalk: how likely a random walker who starts at token k is back after 1, 2, ... steps. Registered as
// `random_walk`. On a sentence it fails, and it is instructive how.
//
// Source:  Dwivedi et al. 2022, arXiv 2110.07875 (random walks as positions in graphs)
// Formula: f_k = [ (M)_kk, (M^2)_kk, ..., (M^F)_kk ],   M = D^-1 A: from a node to each neighbour, equally likely
// Shapes:  f: [n, F] on the path of n nodes
// Why:     no eigenvectors, no arbitrary signs, and in a molecule the returns tell rings from chains. The price, on a
//          chain: nothing tells left from right, so token k and token n - 1 - k get the same numbers; and whoever is
//          so far inside that the walker cannot reach an end and return looks like everybody else.
#pragma once

#include <ordinal/positional/graph_positions.h>

namespace ordinal {

// (M^t)_kk for t = 1 .. steps on the path of `nodes` nodes. [nodes, steps]
inline NdArray return_probabilities(Index nodes, Index steps) {
    NdArray returns = zeros({nodes, steps});
    Scalar* to = returns.mutable_data();
    const auto neighbours = [&](Index i) { return (i > 0) + (i + 1 < nodes); };
    for (Index k = 0; k < nodes; ++k) {
        std::vector<double> at(static_cast<std::size_t>(nodes), 0);    // where the walker is
        at[static_cast<std::size_t>(k)] = 1;
        for (Index t = 0; t < steps; ++t) {
            std::vector<double> next(at.size(), 0);
            for (Index i = std::max<Index>(0, k - t); i <= std::min(nodes - 1, k + t); ++i) {
                const double share = at[static_cast<std::size_t>(i)] / std::max(1, neighbours(i));
                if (i > 0) next[static_cast<std::size_t>(i - 1)] += share;
                if (i + 1 < nodes) next[static_cast<std::size_t>(i + 1)] += share;
            }
            at = next;
            *to++ = static_cast<Scalar>(at[static_cast<std::size_t>(k)]);
        }
    }
    return returns;
}

class RandomWalk : public GraphPositions {
public:
    RandomWalk(Index d_model, Index steps, std::optional<Index> nodes, Rng& rng)
        : GraphPositions(d_model, steps, nodes, rng) {}

    NdArray features(Index nodes) const override { return return_probabilities(nodes, num_features()); }

    Traits traits() const override { return traits_with("Dwivedi et al. 2022, arXiv 2110.07875"); }

    // The slow way: the whole matrix M, multiplied by itself.
    NdArray explain(Index k, std::ostream& out) const override {
        require<PositionOutOfRange>(k >= 0, "RandomWalk: the story starts at position 0, got ", k);
        const Index n = nodes_for(k);
        require<PositionOutOfRange>(k < n, "RandomWalk: position ", k, " is outside the graph of ", n, " nodes");
        NdArray M = zeros({n, n});
        for (Index i = 0; i < n; ++i)
            for (const Index j : {i - 1, i + 1})
                if (j >= 0 && j < n) M.mutable_data()[i * n + j] = i == 0 || i == n - 1 ? 1 : Scalar(0.5);
        out << "Position " << k << " of " << n << " on a path, by a random walk that starts there:\n";
        std::vector<Scalar> f;
        NdArray power = M;
        for (Index t = 1; t <= num_features(); ++t) {
            f.push_back(power.at({k, k}));
            if (t <= 4)
                out << "  back after " << t << (t == 1 ? " step" : " steps") << " with probability " << f.back()
                    << "\n";
            NdArray next = zeros({n, n});
            for (Index i = 0; i < n; ++i)
                for (Index j = 0; j < n; ++j)
                    for (Index l = std::max<Index>(0, j - 1); l <= std::min(n - 1, j + 1); ++l)
                        next.mutable_data()[i * n + j] += power.at({i, l}) * M.at({l, j});
            power = next;
        }
        out << "  token " << n - 1 - k << " counts the same: on a chain without direction left is right\n";
        return tell_code(k, f, out);
    }
};

}    // namespace ordinal
