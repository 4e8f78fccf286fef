#include <ordinal/positional/biases/kerple.h>

#include <doctest/doctest.h>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

Kerple with(KerpleKernel kernel, std::initializer_list<Scalar> raw_r1, std::initializer_list<Scalar> raw_r2) {
    const Kerple kerple(2, kernel);
    parameter_of(kerple, "raw_r1").set_values(NdArray({2, 1, 1}, raw_r1));
    parameter_of(kerple, "raw_r2").set_values(NdArray({2, 1, 1}, raw_r2));
    return kerple;
}

}    // namespace

TEST_CASE("KERPLE's power kernel starts as ALiBi") {
    for (const Index H : {2, 8, 12})
        CHECK(largest_error(bias_at(Kerple(H, KerpleKernel::power), H, 40), bias_at(Alibi(H), H, 40)) <=
              tolerance(2e-6, 1e-14));
}

TEST_CASE("KERPLE is the formula of its paper") {
    const double ids[] = {0, 1, 3.5, 20};
    const Positions positions = Positions::of({0, 1, 3.5, 20});
    const NdArray logs = bias_at(with(KerpleKernel::log, {0.5, -1}, {0.25, -2}), 2, positions);
    const NdArray powers = bias_at(with(KerpleKernel::power, {0.5, -1}, {0.25, -2}), 2, positions);
    const double r1[] = {std::exp(0.5), std::exp(-1)}, r2[] = {std::exp(0.25), std::exp(-2)};
    const double exponent[] = {2 / (1 + std::exp(-0.25)), 2 / (1 + std::exp(2))};
    for (Index h = 0; h < 2; ++h)
        for (Index i = 0; i < 4; ++i)
            for (Index j = 0; j < 4; ++j) {
                const double d = std::abs(ids[i] - ids[j]);
                const double b_log = -r1[h] * std::log(1 + r2[h] * d), b_power = -r1[h] * std::pow(d, exponent[h]);
                CHECK(std::abs(static_cast<double>(logs.at({h, i, j})) - b_log) <= tolerance(5e-6, 1e-14));
                CHECK(std::abs(static_cast<double>(powers.at({h, i, j})) - b_power) <=
                      tolerance(2e-6, 1e-14) * std::max(1.0, std::abs(b_power)));
            }
}

TEST_CASE("whatever training does to its raw numbers KERPLE stays a kernel that fades") {
    for (const Scalar raw : {Scalar(-5), Scalar(0), Scalar(5)})
        for (const KerpleKernel kernel : {KerpleKernel::log, KerpleKernel::power}) {
            const NdArray b = bias_at(with(kernel, {raw, raw}, {raw, raw}), 2, 10);
            CHECK(all_finite(b));
            for (Index j = 0; j < 9; ++j) CHECK(b.at({0, 9, j}) < b.at({0, 9, j + 1}));
            CHECK(b.at({0, 9, 9}) == 0);
        }
}

TEST_CASE("KERPLE wants the heads it was made for") {
    CHECK_THROWS_WITH_AS(Kerple(2).score_bias(example_heads(5, 1, 4), {Positions::arange(5), Tensor()}),
                         "Kerple: expected queries [B, 2, 5, Dh], got [1, 1, 5, 4]", ShapeError);
}

TEST_CASE("Kerple refuses parameters whose exponential is no number to count with") {
    const Tensor q(zeros({1, 1, 3, 4}));
    for (const KerpleKernel kernel : {KerpleKernel::log, KerpleKernel::power})
        for (const double wrong : {1e10, -1e10}) {
            const Kerple kerple(1, kernel);
            kerple.parameters()[0].tensor.set_values(NdArray({1, 1, 1}, static_cast<Scalar>(wrong)));
            CHECK_THROWS_WITH_AS(kerple.score_bias({q, q, q}, {.positions = Positions::arange(3)}),
                                 text_of("Kerple: expected raw_r1 between -60 and 60, got ", wrong,
                                         "; its exponential counts. Train with a smaller learning rate")
                                     .c_str(),
                                 OptionError);
        }
    const Kerple kerple(1, KerpleKernel::log);    // at both ends there are numbers
    for (const double raw : {60.0, -60.0}) {
        for (const auto& [name, tensor] : kerple.parameters())
            tensor.set_values(NdArray({1, 1, 1}, static_cast<Scalar>(raw)));
        const ScoreBias bias = kerple.score_bias({q, q, q}, {.positions = Positions::arange(3)});
        CHECK(!has_nan(bias.rows(bias.sources, 0, 3).values()));
    }
}
