#include <ordinal/positional/graphs/laplacian.h>

#include <doctest/doctest.h>

#include <numbers>

#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

LaplacianPositions make(Graph graph, Index vectors, std::optional<Index> nodes = std::nullopt) {
    Rng rng(1);
    return LaplacianPositions(graph, 6, vectors, nodes, rng);
}

// L v, with the graph written down as lists of neighbours: nothing that knows of cosines.
NdArray laplacian_times(Graph graph, const NdArray& v) {
    const Index n = v.dim(0), F = v.dim(1);
    NdArray Lv = zeros({n, F});
    for (Index k = 0; k < n; ++k)
        for (Index neighbour : {k - 1, k + 1}) {
            if (graph == Graph::cycle) neighbour = (neighbour + n) % n;
            if (neighbour < 0 || neighbour >= n) continue;
            for (Index j = 0; j < F; ++j) Lv.mutable_data()[k * F + j] += v.at({k, j}) - v.at({neighbour, j});
        }
    return Lv;
}

// How far f is from L f = lambda f.
template <class Features>
double residual(Graph graph, const Features& encoding, Index nodes, const NdArray& f) {
    NdArray lambda_f = f;
    for (Index k = 0; k < nodes; ++k)
        for (Index j = 0; j < f.dim(1); ++j)
            lambda_f.mutable_data()[k * f.dim(1) + j] *= static_cast<Scalar>(encoding.eigenvalue(j, nodes));
    return largest_error(laplacian_times(graph, f), lambda_f);
}

}    // namespace

TEST_CASE("the features are eigenvectors of the graph") {
    for (const Graph graph : {Graph::path, Graph::cycle})
        for (const Index nodes : {3, 8, 13, 128}) {
            const LaplacianPositions encoding = make(graph, nodes - 1);
            const NdArray f = encoding.features(nodes);
            CHECK(residual(graph, encoding, nodes, f) <= tolerance(2e-6, 1e-12));
            // All of them, orthogonal, of length sqrt(n), and none is constant.
            NdArray gram = zeros({nodes - 1, nodes - 1});
            for (Index j = 0; j + 1 < nodes; ++j) gram.mutable_data()[j * (nodes - 1) + j] = static_cast<Scalar>(nodes);
            CHECK(largest_error(matmul(transpose(f), f), gram) <= tolerance(5e-5, 1e-11));    // angles up to 400
            CHECK(largest_error(sum(f, 0), zeros({1, nodes - 1})) <= tolerance(2e-5, 1e-12));
        }
}

TEST_CASE("eigenvectors of the wrong graph are found out") {
    const LaplacianPositions path = make(Graph::path, 5), cycle = make(Graph::cycle, 5);
    CHECK(residual(Graph::cycle, path, 16, path.features(16)) > 0.1);
    CHECK(residual(Graph::path, cycle, 16, cycle.features(16)) > 0.1);
    NdArray shifted = path.features(17);    // planted: k instead of k + 1/2, half a token out of place
    for (Index k = 0; k < 16; ++k)
        for (Index j = 0; j < 5; ++j)
            shifted.mutable_data()[k * 5 + j] =
                static_cast<Scalar>(std::cos(std::numbers::pi * static_cast<double>((j + 1) * k) / 16));
    CHECK(residual(Graph::path, path, 16, slice(shifted, 0, 0, 16)) > 1e-3);
}

TEST_CASE("the eigenvectors of a cycle are a sinusoid that closes") {
    const Index nodes = 20;
    const NdArray f = make(Graph::cycle, 4).features(nodes);
    for (Index k = 0; k < nodes; ++k)
        for (Index j = 0; j < 2; ++j) {
            const double angle = 2 * std::numbers::pi * static_cast<double>((j + 1) * k) / 20;
            CHECK(std::abs(static_cast<double>(f.at({k, 2 * j})) - std::sqrt(2) * std::cos(angle)) <=
                  tolerance(1e-6, 1e-14));
            CHECK(std::abs(static_cast<double>(f.at({k, 2 * j + 1})) - std::sqrt(2) * std::sin(angle)) <=
                  tolerance(1e-6, 1e-14));
        }
}

TEST_CASE("a path of three times the length is the same waves with tokens in between") {
    const LaplacianPositions encoding = make(Graph::path, 5);
    const NdArray f = encoding.features(10), longer = encoding.features(30);
    for (Index k = 0; k < 10; ++k)    // (k + 1/2) / n = (3 k + 1 + 1/2) / (3 n)
        CHECK(largest_error(slice(longer, 0, 3 * k + 1, 3 * k + 2), slice(f, 0, k, k + 1)) <= tolerance(1e-6, 1e-13));
}

TEST_CASE("short graphs have fewer eigenvectors and the rest is 0") {
    for (const Graph graph : {Graph::path, Graph::cycle}) {
        const LaplacianPositions encoding = make(graph, 9);
        CHECK(same_numbers(encoding.features(1), zeros({1, 9})));
        CHECK(encoding.features(0).shape() == Shape{0, 9});
        const NdArray f = encoding.features(4);
        CHECK(same_numbers(slice(f, 1, 3, 9), zeros({4, 6})));
        CHECK(residual(graph, encoding, 4, slice(f, 1, 0, 3)) <= tolerance(1e-6, 1e-14));
    }
}

TEST_CASE("a graph of fixed size is a table that was written by a formula") {
    const LaplacianPositions fixed = make(Graph::path, 5, 40), whole = make(Graph::path, 5);
    const NdArray all = whole.vectors(Positions::arange(40)).values();
    CHECK(same_numbers(fixed.vectors(Positions::of({7, 39})).values(),
                       concat({slice(all, 0, 7, 8), slice(all, 0, 39, 40)}, 0)));
    CHECK(fixed.traits().max_length == 40);
    CHECK_FALSE(fixed.traits().length_dependent);
    CHECK_THROWS_WITH_AS(fixed.vectors(Positions::of({40})),
                         "GraphPositions: position 40 is outside the graph of 40 nodes (0..39)", PositionOutOfRange);
    CHECK_THROWS_WITH_AS(whole.vectors(Positions::of({0, 2})),
                         "GraphPositions: the graph has one node for each token, so positions must be 0, 1, ..., T - "
                         "1; a graph of fixed size (nodes=256) takes others",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(whole.stream(),
                         "Encoding: its codes change when the sequence grows, so there is no streaming form; encode "
                         "the whole sequence",
                         OptionError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(fixed.explain(40, out), "LaplacianPositions: position 40 is outside the graph of 40 nodes",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(whole.explain(-1, out),
                         "LaplacianPositions: positions are explained step by step, from 0 to 999999, got -1",
                         PositionOutOfRange);
}

TEST_CASE("explain of a Laplacian walks along the wave") {
    Rng rng(2);
    const auto encoding = make_encoding("laplacian_path(vectors=2)", {.d_model = 3}, rng);
    std::ostringstream out;
    encoding->explain(2, out);    // n = 3: sqrt(2) cos(pi/6) = 1.22474, and after two steps its mirror image
    CHECK(out.str().find("Position 2 of 3 on a path, by eigenvectors of its Laplacian, L v = lambda v:\n"
                         "  eigenvector 1: lambda = 1, from v(0) = 1.22474 in 2 steps v(k + 1) = (2 - lambda) v(k) - "
                         "v(k - 1) to v(2) = -1.22474\n") == 0);
    CHECK(out.str().find("  f_2 = [-1.2247, +0.7071]\n  code = U f_2 = [") != std::string::npos);
}

TEST_CASE("a Laplacian passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(3);
    for (const Graph graph : {Graph::path, Graph::cycle}) {
        const LaplacianPositions encoding = make(graph, 4);
        CHECK(wrong_gradients(encoding, {}, rng, [&] { return encoding.vectors(Positions::arange(6)); }) == "");
    }
}
