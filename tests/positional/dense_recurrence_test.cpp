#include <ordinal/positional/recurrences/dense_recurrence.h>

#include <doctest/doctest.h>

#include <ordinal/positional/recurrences/linear_recurrence.h>
#include "tests/nn/testing.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("doubling is the matrix again and again - values and gradients") {
    for (const Index count : {1, 2, 3, 8, 9, 33}) {
        Rng rng(1);
        const DenseRecurrence encoding(5, 0, rng);
        const NdArray upstream = random_normal({count, 5}, 0.2, rng);
        const auto run = [&](const Tensor& P) {
            for (const auto& parameter : encoding.parameters()) parameter.tensor.clear_grad();
            P.backward(upstream);
            std::vector<NdArray> all{P.values(), parameter_of(encoding, "start").grad()};
            if (count > 1) all.push_back(parameter_of(encoding, "matrix").grad());
            return all;
        };
        std::vector<Tensor> steps{reshape(parameter_of(encoding, "start"), {1, 5})};
        while (static_cast<Index>(steps.size()) < count) steps.push_back(encoding.next(steps.back()));
        const auto slow = run(concat(steps, 0)), fast = run(encoding.orbit(count));
        for (std::size_t i = 0; i < slow.size(); ++i)    // up to 33 products, and sums of them in another order
            CHECK(largest_error(fast[i], slow[i]) <= tolerance(5e-5, 1e-13));
    }
}

TEST_CASE("a dense recurrence with a matrix of rotations is the closed form") {
    Rng rng(2);
    const LinearRecurrence planes(6, {}, rng);
    const DenseRecurrence dense(6, 0, rng);
    const NdArray angles = parameter_of(planes, "angle").values();
    NdArray A = zeros({6, 6});
    for (Index j = 0; j < 3; ++j) {
        const Scalar c = std::cos(angles.at({j})), s = std::sin(angles.at({j}));
        Scalar* block = A.mutable_data() + 2 * j * 6 + 2 * j;
        block[0] = c;
        block[1] = -s;
        block[6] = s;
        block[7] = c;
    }
    parameter_of(dense, "matrix").set_values(A);
    parameter_of(dense, "start").set_values(parameter_of(planes, "start").values());
    const Positions positions = Positions::arange(64);
    CHECK(largest_error(dense.vectors(positions).values(), planes.vectors(positions).values()) <=
          tolerance(5e-5, 1e-12));    // angles up to 64 pi, in float good to 1e-5
}

TEST_CASE("a dense recurrence starts as a rotation and picks any ids") {
    Rng rng(3);
    const DenseRecurrence encoding(7, 4, rng);
    CHECK(names(encoding) == std::vector<std::string>{"start", "matrix", "output.weight"});
    const NdArray p = encoding.orbit(200).values();
    const auto length = [&](Index k) {
        const NdArray row = slice(p, 0, k, k + 1);
        return std::sqrt(static_cast<double>(sum_all(row * row)));
    };
    CHECK(std::abs(length(199) / length(0) - 1) <= tolerance(1e-4, 1e-12));
    const NdArray codes = encoding.vectors(Positions::arange(10)).values();
    CHECK(largest_error(encoding.vectors(Positions::of({7, 0})).values(),
                        concat({slice(codes, 0, 7, 8), slice(codes, 0, 0, 1)}, 0)) <= tolerance(1e-6, 1e-14));
    CHECK(encoding.vectors(Positions::arange(0)).shape() == Shape{0, 7});
    CHECK_THROWS_WITH_AS(encoding.vectors(Positions::of({0.5})),
                         "DenseRecurrence: position 0.5 is not a whole number >= 0, and this scheme has nothing in "
                         "between",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(
        encoding.vectors(Positions::of({2e7})),
        "DenseRecurrence: position 20000000 needs all positions before it, and only 0..999999 are computed; use a "
        "scheme that computes each position alone",
        PositionOutOfRange);
}

TEST_CASE("doubling needs one more round for twice the positions") {
    Rng rng(4);
    const DenseRecurrence encoding(4, 0, rng);
    const auto depth = [&](Index count) { return graph_depth(encoding.vectors(Positions::arange(count))); };
    for (const Index count : {8, 64, 1024}) CHECK(depth(2 * count) - depth(count) == depth(16) - depth(8));
}

TEST_CASE("a dense recurrence passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(5);
    for (const Index state : {4, 3}) {
        const DenseRecurrence encoding(4, state, rng);
        CHECK(wrong_gradients(encoding, {}, rng, [&] { return encoding.vectors(Positions::of({0, 6, 3})); }) == "");
    }
}
