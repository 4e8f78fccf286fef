#include <ordinal/nn/init.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a random orthogonal matrix times its transpose is the identity") {
    for (const Index n : {1, 2, 7, 64}) {
        CAPTURE(n);
        Rng rng(static_cast<std::uint64_t>(n));
        const NdArray W = random_orthogonal(n, rng);
        NdArray identity = zeros({n, n});
        for (Index i = 0; i < n; ++i) identity.mutable_data()[i * n + i] = 1;
        // Rows of length 1, summed from n products of size 1/n: some roundings of 1.
        CHECK(largest_error(matmul(W, transpose(W)), identity) <= tolerance(1e-6, 5e-15));
        CHECK(largest_error(matmul(transpose(W), W), identity) <= tolerance(1e-6, 5e-15));
    }
}

TEST_CASE("a random orthogonal matrix is another one for another seed") {
    Rng a(1), again(1), b(2);
    const NdArray W = random_orthogonal(5, a);
    CHECK(same_numbers(W, random_orthogonal(5, again)));
    CHECK_FALSE(same_numbers(W, random_orthogonal(5, b)));
}

TEST_CASE(
    "a random orthogonal matrix keeps the side on which each row was drawn") {    // Gram and Schmidt turn none round
    Rng a(5), again(5);
    const NdArray W = random_orthogonal(8, a), drawn = random_normal({8, 8}, 1, again);
    for (Index i = 0; i < 8; ++i) {
        CAPTURE(i);
        CHECK(sum_all(slice(W, 0, i, i + 1) * slice(drawn, 0, i, i + 1)) > 0);
    }
}

TEST_CASE("uniform_parameter is bounded by one over the root of the fan-in") {
    Rng rng(3);
    const Tensor w = uniform_parameter({1000}, 4, rng);
    CHECK(w.requires_grad());
    const std::vector<Scalar> values = w.values().to_vector();
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    CHECK(*least >= -0.5);
    CHECK(*most <= 0.5);
    CHECK(*least < -0.48);    // 1000 draws miss the outer 2 % of one side with probability 4e-5
    CHECK(*most > 0.48);
    CHECK_THROWS_WITH_AS(uniform_parameter({2}, 0, rng), "uniform_parameter: expected a fan-in of at least 1, got 0",
                         OptionError);
}

TEST_CASE("constant_parameter and normal_parameter are leaves that collect gradients") {
    Rng rng(4);
    const Tensor ones = constant_parameter({2, 2}, 1), normal = normal_parameter({2, 2}, 0.5, rng);
    CHECK(ones.values().to_vector() == std::vector<Scalar>{1, 1, 1, 1});
    sum(ones * normal).backward();
    CHECK(same_numbers(ones.grad(), normal.values()));
    CHECK(same_numbers(normal.grad(), ones.values()));
}
