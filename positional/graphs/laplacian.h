// LaplacianPositions: the slow vibrations of a chain or a ring of tokens.
//
// Source:  Dwivedi and Bresson 2020, arXiv 2012.09699 (eigenvectors of the graph Laplacian as positions)
// Formula: L = D - A,  L v_j = lambda_j v_j
//          The source normalises: I - D^-1/2 A D^-1/2. On the ring, where all degrees are 2, that has the same
//          vectors. On the path it has cos(pi j k / (n - 1)), with both end nodes times 1 / sqrt 2: nearly the same
//          waves; with D - A the ends need no exception, and the vectors are those of a textbook, the DCT-II.
//          path:   v_j(k) = cos(pi j (k + 1/2) / n),  lambda_j = 2 - 2 cos(pi j / n),  j = 1 .. n - 1   (the DCT-II)
//          cycle:  cos(2 pi j k / n) and sin(2 pi j k / n),  lambda_j = 2 - 2 cos(2 pi j / n)             (the DFT)
// Shapes:  the first F eigenvectors without the constant one, each of length sqrt(n), 0 where the graph has fewer;
//          cycle: cosine and sine interleaved.  f: [n, F]
// Why:     it works for every graph, and on a ring it is a sinusoid: the Transformer's encoding is the Laplacian's on
//          an endless chain. The price: an eigenvector knows k / n, the share of the way, not k. A longer sequence is
//          squeezed into the same waves, so "three back" means another difference at every length. And the sign of
//          an eigenvector is arbitrary; for chain and ring we can choose it once and for all.
#pragma once

#include <numbers>

#include <ordinal/positional/graphs/graph_positions.h>

namespace ordinal {

enum class Graph { path, cycle };

class LaplacianPositions : public GraphPositions {
public:
    // laplacian_path(vectors=32, nodes), laplacian_cycle(vectors=32, nodes)
    template <Graph graph>
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const Index vectors = options.count("vectors", 32);
        return std::make_shared<LaplacianPositions>(graph, request.d_model, vectors, nodes_of(options), rng);
    }

    LaplacianPositions(Graph graph, Index d_model, Index vectors, std::optional<Index> nodes, Rng& rng)
        : GraphPositions(d_model, vectors, nodes, rng), graph_(graph) {}

    NdArray features_of(const std::vector<Index>& ids, Index nodes) const override {
        NdArray f = zeros({static_cast<Index>(ids.size()), num_features()});
        Scalar* to = f.mutable_data();
        for (const Index k : ids)
            for (Index j = 0; j < num_features(); ++j)
                *to++ = static_cast<Scalar>(eigenvector(j, nodes, static_cast<double>(k)));
        return f;
    }

    // The eigenvalue of feature j, for a graph of n nodes; features that the graph has not are 0 and have none.
    double eigenvalue(Index j, Index n) const {
        const double s = std::sin(frequency(j, n) / 2);
        return 4 * s * s;    // 2 - 2 cos w, which for a slow wave is two equal numbers less each other
    }

    Traits traits() const override { return traits_with("Dwivedi and Bresson 2020, arXiv 2012.09699"); }

    NdArray narrate(Index k, std::ostream& out) const override;

private:
    Index wave(Index j) const { return graph_ == Graph::path ? j + 1 : j / 2 + 1; }    // the j of the formula
    double frequency(Index j, Index n) const {
        const double half_turns = static_cast<double>(graph_ == Graph::path ? wave(j) : 2 * wave(j));
        return std::numbers::pi * half_turns / static_cast<double>(n);
    }
    // 1 or sqrt(2), so that the squares over the nodes have the mean 1; 0 where the graph has no such eigenvector.
    double size(Index j, Index n) const {
        if (graph_ == Graph::path) return wave(j) < n ? std::numbers::sqrt2 : 0;
        return 2 * wave(j) < n ? std::numbers::sqrt2 : 2 * wave(j) == n && j % 2 == 0 ? 1 : 0;
    }
    double eigenvector(Index j, Index n, double k) const {
        const double w = frequency(j, n);
        if (graph_ == Graph::path) return size(j, n) * std::cos(w * (k + 0.5));
        return size(j, n) * (j % 2 == 0 ? std::cos(w * k) : std::sin(w * k));
    }

    Graph graph_;
};

}    // namespace ordinal
