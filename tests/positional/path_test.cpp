#include <ordinal/positional/biases/path.h>

#include <doctest/doctest.h>

#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

NdArray bias_for(const Path& path, const NdArray& x, Index num_heads, Index head_dim) {
    return bias_of(path, example_heads(x.dim(1), num_heads, head_dim), Tensor(x), Positions::arange(x.dim(1)));
}

}    // namespace

// The matrices as the paper writes them, multiplied out: q_i . H_i ... H_{j+1} k_j.
TEST_CASE("the way back of a query is the product of the reflections between") {
    const Index H = 2, Dh = 3, D = 6, T = 7;
    Rng rng(5);
    const Path path(H, Dh, D, rng);
    for (const Scalar size_of_x : {Scalar(1), Scalar(1e-6)}) {    // and tokens so small that 1e-12 counts
        const NdArray x = example_tokens(T, D) * size_of_x, b = bias_for(path, x, H, Dh);
        const NdArray W = parameter_of(path, "direction.weight").values(),
                      u = parameter_of(path, "strength.weight").values(),
                      c = parameter_of(path, "strength.bias").values();
        const QueryKeyValue qkv = example_heads(T, H, Dh);
        for (Index h = 0; h < H; ++h)
            for (Index i = 0; i < T; ++i)
                for (Index j = 0; j < T; ++j) {
                    if (j > i) {
                        CHECK(b.at({0, h, i, j}) == hidden_score);
                        continue;
                    }
                    std::vector<double> v;    // H_i ... H_{j+1} k_j, from the right
                    for (Index d = 0; d < Dh; ++d) v.push_back(static_cast<double>(qkv.key.values().at({0, h, j, d})));
                    const std::vector<double> key = v;
                    for (Index t = j + 1; t <= i; ++t) {
                        std::vector<double> w;
                        double size = 1e-12, z = static_cast<double>(c.at({h})), along = 0;
                        for (Index d = 0; d < Dh; ++d) {
                            w.push_back(0);
                            for (Index e = 0; e < D; ++e)
                                w.back() += static_cast<double>(W.at({h * Dh + d, e}) * x.at({0, t, e}));
                            size += w.back() * w.back();
                        }
                        for (Index e = 0; e < D; ++e) z += static_cast<double>(u.at({h, e}) * x.at({0, t, e}));
                        for (std::size_t d = 0; d < w.size(); ++d) along += w[d] * v[d] / size;
                        for (std::size_t d = 0; d < w.size(); ++d) v[d] -= 2 / (1 + std::exp(-z)) * along * w[d];
                    }
                    double expected = 0;
                    for (Index d = 0; d < Dh; ++d)
                        expected += static_cast<double>(qkv.query.values().at({0, h, i, d})) *
                                    (v[static_cast<std::size_t>(d)] - key[static_cast<std::size_t>(d)]) /
                                    std::sqrt(static_cast<double>(Dh));
                    CHECK(std::abs(static_cast<double>(b.at({0, h, i, j})) - expected) <= tolerance(1e-5, 1e-10));
                }
    }
}

TEST_CASE("tokens that reflect nothing leave the scores alone and two equal mirrors undo each other") {
    Rng rng(5);
    const Path path(1, 4, 4, rng);
    NdArray x({1, 6, 4}, 1);    // the same token everywhere: one mirror
    parameter_of(path, "strength.weight").set_values(zeros({1, 4}));
    parameter_of(path, "strength.bias").set_values(NdArray({1}, {-1000}));    // beta = 0
    NdArray b = bias_for(path, x, 1, 4);
    for (Index i = 0; i < 6; ++i)
        for (Index j = 0; j <= i; ++j) CHECK(b.at({0, 0, i, j}) == 0);
    parameter_of(path, "strength.bias").set_values(NdArray({1}, {1000}));    // beta = 2
    b = bias_for(path, x, 1, 4);
    for (Index i = 0; i < 6; ++i)
        for (Index j = 0; j <= i; ++j)
            CHECK((std::abs(b.at({0, 0, i, j})) <= tolerance(1e-5, 1e-10)) == ((i - j) % 2 == 0));
}

TEST_CASE("path keeps the promises of an encoding") {
    Rng rng(7);
    const auto path = make_encoding("path", small, rng);
    CHECK(Contract(*path, small).broken() == "");
    if (is_double) CHECK(wrong_encoding_gradients(*path, small) == "");
    CHECK_THROWS_WITH_AS(path->score_bias(example_heads(3, 2, 4), {Positions::arange(3), Tensor(zeros({1, 2, 8}))}),
                         "Path: expected the layer's input [B, 3, D], got [1, 2, 8]", ShapeError);
    CHECK_THROWS_WITH_AS(Path(0, 4, 8, rng), "Path: expected heads and a head_dim > 0, got 0 and 4", OptionError);
    CHECK_THROWS_WITH_AS(Path(2, 0, 8, rng), "Path: expected heads and a head_dim > 0, got 2 and 0", OptionError);
    CHECK_NOTHROW(Path(1, 1, 1, rng));
}
