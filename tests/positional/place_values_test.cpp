#include <ordinal/positional/recurrences/place_values.h>

#include <doctest/doctest.h>

#include <ordinal/positional/tables/extend_table.h>
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a position is read digit by digit with the zeros in front") {
    Rng rng(2);
    const PlaceValues scheme(4, 4, 10, 3, DigitStep::tanh, rng);
    const NdArray E = parameter_of(scheme, "digit.weight").values(), A = parameter_of(scheme, "step.weight").values(),
                  b = parameter_of(scheme, "step.bias").values();
    std::vector<double> h(4, 0);
    for (const Index digit : {0, 4, 7}) {    // position 47
        std::vector<double> next;
        for (Index i = 0; i < 4; ++i) {
            double z = static_cast<double>(b.at({i}) + E.at({digit, i}));
            for (Index j = 0; j < 4; ++j) z += static_cast<double>(A.at({i, j})) * h[static_cast<std::size_t>(j)];
            next.push_back(std::tanh(z));
        }
        h = next;
    }
    const NdArray p = scheme.vectors(Positions::of({47})).values();
    for (Index i = 0; i < 4; ++i)
        CHECK(std::abs(static_cast<double>(p.at({0, i})) - h[static_cast<std::size_t>(i)]) <= tolerance(1e-6, 1e-14));
}

// Su's row: P[j] + beta (P[i] - P[0]) with i, j = k / n, k mod n. So E[d] = P[d] - P[0], A = beta I, and b puts P[0]
// back: beta b + b = P[0].
TEST_CASE("two digits and a linear step are the hierarchical table") {
    Rng rng(3);
    const Index n = 6, D = 4;
    const double alpha = 0.4, beta = alpha / (1 - alpha);
    const NdArray P = random_normal({n, D}, 1, rng), first = reshape(slice(P, 0, 0, 1), {D});
    const PlaceValues scheme(D, D, n, 2, DigitStep::linear, rng);
    NdArray A = zeros({D, D});
    for (Index i = 0; i < D; ++i) A.mutable_data()[i * D + i] = static_cast<Scalar>(beta);
    parameter_of(scheme, "digit.weight").set_values(P - first);
    parameter_of(scheme, "step.weight").set_values(A);
    parameter_of(scheme, "step.bias").set_values(first * static_cast<Scalar>(1 / (1 + beta)));
    Rng unused(1);
    const Tensor expected = extend_table(Tensor(P), n * n, {.strategy = Extend::hierarchical, .alpha = alpha}, unused);
    CHECK(largest_error(scheme.vectors(Positions::arange(n * n)).values(), expected.values()) <=
          tolerance(1e-6, 1e-14));
}

TEST_CASE("place values keep the promises of an encoding") {
    for (const std::string specification : {"place_values", "place_values(base=2)",
                                            "place_values(base=3, digits=5, state=4)", "place_values(step=linear)"}) {
        CAPTURE(specification);
        CHECK(Contract(*made(specification), small).broken() == "");
        if (is_double) CHECK(wrong_encoding_gradients(*made(specification), small) == "");
    }
    CHECK(made("place_values")->traits().max_length == 100);
    CHECK(made("place_values(base=2)")->traits().max_length == 64);
    for (const auto& [length, numbers] : {std::pair<Index, Index>{1, 10}, {10, 10}, {11, 100}, {100, 100}, {101, 1000}})
        CHECK(made("place_values", {.d_model = 8, .max_length = length})->traits().max_length == numbers);
    CHECK(made("place_values(digits=6)")->traits().max_length == 1'000'000);
    Rng rng(1);
    CHECK_THROWS_AS(make_encoding("place_values(base=2)", {.d_model = 8, .max_length = (Index(1) << 62) + 1}, rng),
                    OptionError);
}

TEST_CASE("numbers with too many digits are refused") {
    CHECK_THROWS_WITH_AS(
        made("place_values")->vectors(Positions::of({100})),
        "PlaceValues: position 100 has more than 2 digits in base 10, the last one is 99; take more digits",
        PositionOutOfRange);
    CHECK_THROWS_WITH_AS(made("place_values(base=1)"),
                         "PlaceValues: expected a base of 2 or more and at least one digit, got 1 and 1", OptionError);
    CHECK_THROWS_WITH_AS(made("place_values(digits=60)"),
                         "PlaceValues: 60 digits of base 10 count beyond 2^53; take fewer", OptionError);
}
