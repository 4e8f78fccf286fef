#include <ordinal/positional/recurrences/ode_step.h>

#include <doctest/doctest.h>

#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// p(3) by a solver of the given step size, always from the same weights.
NdArray arrived(OdeMethod method, double size) {
    Rng rng(1);
    const RecurrentPositions encoding(4, 0, ode_step(method, size, 8), rng);
    for (const auto& parameter : encoding.parameters())
        parameter.tensor.set_values(random_normal(parameter.tensor.shape(), 0.7, rng));
    return encoding.vectors(Positions::of({3})).values();
}

double error(OdeMethod method, double size) {
    static const NdArray exact = arrived(OdeMethod::rk4, 0.001);
    return static_cast<double>(max_abs_difference(arrived(method, size), exact));
}

}    // namespace

TEST_CASE("half the step makes Euler twice and RK4 sixteen times as exact" * doctest::skip(!is_double)) {
    const double euler = error(OdeMethod::euler, 0.01) / error(OdeMethod::euler, 0.005);
    const double rk4 = error(OdeMethod::rk4, 0.0125) / error(OdeMethod::rk4, 0.00625);
    CHECK(std::abs(euler - 2) < 0.1);    // orders 1 and 4 in the limit: measured 20.3 18.0 17.0 16.5 on the way
    CHECK(std::abs(rk4 - 16) < 1);
}

TEST_CASE("the solvers follow a field that is known") {
    // h(p) = w tanh(p) with p tiny: p(t) = p(0) e^(w t)
    Rng rng(2);
    const RecurrentPositions encoding(1, 0, ode_step(OdeMethod::rk4, 0.25, 1), rng);
    const auto set = [&](const std::string& name, double value) {
        const Tensor parameter = parameter_of(encoding, name);
        parameter.set_values(NdArray(parameter.shape(), static_cast<Scalar>(value)));
    };
    set("start", 1e-4);
    set("field.in.weight", 1);
    set("field.in.bias", 0);
    set("field.out.weight", 0.5);
    set("field.out.bias", 0);
    const NdArray p = encoding.vectors(Positions::arange(7)).values();
    for (Index k = 0; k < 7; ++k)
        CHECK(std::abs(static_cast<double>(p.at({k, 0})) / (1e-4 * std::exp(0.5 * static_cast<double>(k))) - 1) < 2e-5);
}

TEST_CASE("an ode refuses steps that do not meet the positions") {
    Rng rng(3);
    for (const double size : {0.0, -1.0, 2.0, 0.3, 1e-5})
        CHECK_THROWS_WITH_AS(
            OdeStep(4, 4, OdeMethod::rk4, size, rng),
            text_of("OdeStep: expected a step of 1 divided by a whole number up to 1000, got ", size).c_str(),
            OptionError);
    CHECK_THROWS_WITH_AS(make_encoding("ode(method=rk5)", {.d_model = 4}, rng),
                         "ode: option 'method' cannot be 'rk5'; did you mean rk4?", OptionError);
}

TEST_CASE("explain of an ode says its directions") {
    Rng rng(4);
    const OdeStep step(1, 1, OdeMethod::rk4, 1, rng);
    for (const auto& parameter : step.parameters())    // h = 1 everywhere
        parameter.tensor.set_values(NdArray(parameter.tensor.shape(), parameter.name == "field.out.bias" ? 1 : 0));
    std::ostringstream out;
    CHECK(step.narrate({2}, 0, out)[0] == 3);
    CHECK(out.str() ==
          "  at p(0)[0] = 2 the direction is k1 = 1, half way k2 = 1, again k3 = 1, at the end k4 = 1; "
          "p(1)[0] = 3\n");
    CHECK(step.formula() == "p(k + 1), by 1 RK4 step along dp/dt = h(p)");
    CHECK(OdeStep(1, 1, OdeMethod::euler, 0.5, rng).formula() == "p(k + 1), by 2 Euler steps along dp/dt = h(p)");
}
