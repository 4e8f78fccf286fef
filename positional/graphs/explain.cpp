// One token's way along the waves of its graph.
#include <ordinal/positional/explain.h>
#include <ordinal/positional/graphs/laplacian.h>

namespace ordinal {

// The slow way: walk along the chain, L v = lambda v solved for the next node: v(k + 1) = (2 - lambda) v(k) - v(k - 1).
NdArray LaplacianPositions::narrate(Index k, std::ostream& out) const {
    require_explainable("LaplacianPositions", k);
    const Index n = nodes_for(k);
    require<PositionOutOfRange>(k < n, "LaplacianPositions: position ", k, " is outside the graph of ", n, " nodes");
    out << "Position " << k << " of " << n << " on a " << (graph_ == Graph::path ? "path" : "cycle")
        << ", by eigenvectors of its Laplacian, L v = lambda v:\n";
    std::vector<Scalar> f;
    for (Index j = 0; j < num_features(); ++j) {
        // Before the first node of a path the wave is its mirror image, v(-1) = v(0); a cycle goes round.
        double before = graph_ == Graph::path ? eigenvector(j, n, 0) : eigenvector(j, n, -1), v = eigenvector(j, n, 0);
        const double lambda = eigenvalue(j, n);
        if (j < 3)
            out << "  eigenvector " << j + 1 << ": lambda = " << lambda << ", from v(0) = " << v << " in " << k
                << " steps v(k + 1) = (2 - lambda) v(k) - v(k - 1)";
        for (Index step = 0; step < k; ++step) {
            const double next = v + (v - before - lambda * v);
            before = v;
            v = next;
        }
        if (j < 3) out << " to v(" << k << ") = " << v << "\n";
        f.push_back(static_cast<Scalar>(v));
    }

    const NdArray& U = output_matrix();
    NdArray code = zeros({U.dim(0)});
    Scalar* p = code.mutable_data();
    for (Index d = 0; d < U.dim(0); ++d)
        for (Index j = 0; j < U.dim(1); ++j) p[d] += U.at({d, j}) * f[static_cast<std::size_t>(j)];
    out << "  f_" << k << " = " << FirstNumbers(f) << "\n  code = U f_" << k << " = " << FirstNumbers(code) << "\n";
    return code;
}

}    // namespace ordinal
