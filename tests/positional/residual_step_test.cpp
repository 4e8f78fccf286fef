#include <ordinal/positional/recurrences/residual_step.h>

#include <doctest/doctest.h>

#include <ordinal/positional/recurrences/ode_step.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("a residual step is the Euler method with a step of 1") {
    Rng one(1), two(1);
    const RecurrentPositions residual(6, 4, residual_step(8), one), euler(6, 4, ode_step(OdeMethod::euler, 1, 8), two);
    const Positions positions = Positions::arange(30);
    CHECK(same_numbers(residual.vectors(positions).values(), euler.vectors(positions).values()));
    CHECK(names(residual) == names(euler));
    CHECK(names(residual) == std::vector<std::string>{"start", "field.in.weight", "field.in.bias", "field.out.weight",
                                                      "field.out.bias", "output.weight"});
}

TEST_CASE("a residual step without a field stays where it is") {
    Rng rng(2);
    const RecurrentPositions encoding(4, 0, residual_step(), rng);
    parameter_of(encoding, "field.out.weight").set_values(zeros({4, 64}));
    parameter_of(encoding, "field.out.bias").set_values(NdArray({4}, {1, 0, 0, -2}));
    const NdArray p = encoding.vectors(Positions::of({0, 5})).values();    // h = (1, 0, 0, -2): a straight walk
    CHECK(largest_error(slice(p, 0, 1, 2) - slice(p, 0, 0, 1), NdArray({1, 4}, {5, 0, 0, -10})) <=
          tolerance(2e-6, 1e-14));
}

TEST_CASE("a residual step adds its field to the state") {
    Rng rng(3);
    const ResidualStep step(1, 1, rng);
    for (const auto& parameter : step.parameters()) parameter.tensor.set_values(NdArray(parameter.tensor.shape(), 1));
    const double next = static_cast<double>(step.next(Tensor(NdArray({1, 1}, 1))).item());
    CHECK(std::abs(next - (2 + std::tanh(2.0))) <= tolerance(3e-7, 1e-15));    // 1 + (tanh(1 * 1 + 1) * 1 + 1)
    std::ostringstream out;
    CHECK(step.narrate({1}, 4, out) == std::vector<Scalar>{static_cast<Scalar>(next)});
    CHECK(out.str() == "");    // a step that has nothing of its own to say
}
