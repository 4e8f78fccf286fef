#include <ordinal/positional/recurrences/linear_recurrence.h>

#include <doctest/doctest.h>

#include <numbers>

#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

const std::vector<LinearRecurrenceOptions> all_options = {
    {}, {.state = 4}, {.decay = 0.9}, {.state = 4, .decay = 0.999}};

}    // namespace

TEST_CASE("the closed form of a linear recurrence is the recursion - values and gradients") {
    for (const LinearRecurrenceOptions& options : all_options) {
        Rng rng(1);
        const LinearRecurrence encoding(6, options, rng);
        const Index state = parameter_of(encoding, "start").size(), length = 40;
        const NdArray upstream = random_normal({length, 6}, 0.2, rng);
        const auto run = [&](const Tensor& all_codes) {
            for (const auto& parameter : encoding.parameters()) parameter.tensor.clear_grad();
            all_codes.backward(upstream);
            std::vector<NdArray> all{all_codes.values()};
            for (const auto& parameter : encoding.parameters()) all.push_back(parameter.tensor.grad());
            return all;
        };
        std::vector<Tensor> steps{reshape(parameter_of(encoding, "start"), {1, state})};
        while (static_cast<Index>(steps.size()) < length) steps.push_back(encoding.next(steps.back()));
        const auto slow = run(encoding.output(concat(steps, 0))),
                   fast = run(encoding.vectors(Positions::arange(length)));
        for (std::size_t i = 0; i < slow.size(); ++i)    // angles up to 40 pi, and 40 roundings of a state
            CHECK(largest_error(fast[i], slow[i]) <= tolerance(1e-4, 1e-12));
    }
}

TEST_CASE("a linear recurrence without decay is a sinusoid where its angles and start are") {
    Rng rng(2);
    const LinearRecurrence encoding(2, {}, rng);
    parameter_of(encoding, "start").set_values(NdArray({2}, {0, 1}));
    parameter_of(encoding, "angle").set_values(NdArray({1}, {1}));
    const NdArray p = codes(encoding, Positions::arange(20));
    for (Index k = 0; k < 20; ++k) {    // (0, 1) rotated by k: -sin k, cos k
        CHECK(std::abs(static_cast<double>(p.at({k, 0})) + std::sin(static_cast<double>(k))) <= tolerance(1e-6, 1e-14));
        CHECK(std::abs(static_cast<double>(p.at({k, 1})) - std::cos(static_cast<double>(k))) <= tolerance(1e-6, 1e-14));
    }
}

TEST_CASE("a linear recurrence rotates and keeps lengths - and shrinks by its decay where it has one") {
    Rng rng(3);
    const auto length_of = [](const NdArray& p, Index k, Index plane) {
        const double x = static_cast<double>(p.at({k, 2 * plane})), y = static_cast<double>(p.at({k, 2 * plane + 1}));
        return std::sqrt(x * x + y * y);
    };
    const NdArray rotated = codes(LinearRecurrence(8, {}, rng), Positions::arange(100));
    const NdArray shrunk = codes(LinearRecurrence(8, {.decay = 0.9}, rng), Positions::arange(100));
    for (Index plane = 0; plane < 4; ++plane)
        for (const Index k : {1, 10, 99}) {
            CHECK(std::abs(length_of(rotated, k, plane) / length_of(rotated, 0, plane) - 1) <= tolerance(1e-6, 1e-14));
            const double expected = std::pow(0.9, static_cast<double>(k));
            CHECK(std::abs(length_of(shrunk, k, plane) / length_of(shrunk, 0, plane) / expected - 1) <=
                  tolerance(1e-4, 1e-12));    // rho is off by a rounding, and so is k times its logarithm
        }
}

TEST_CASE("the angles of a linear recurrence start spread over half a rotation and differ by seed") {
    for (const Index state : {2, 8, 16}) {
        const double gap = std::numbers::pi / static_cast<double>(state / 2);
        Rng rng(4), other(5), straight(6);
        const LinearRecurrence one(32, {.state = state}, rng), two(32, {.state = state}, other);
        const NdArray a = parameter_of(one, "angle").values(), b = parameter_of(two, "angle").values();
        const NdArray exact =
            parameter_of(LinearRecurrence(32, {.state = state, .jitter = 0}, straight), "angle").values();
        CHECK_FALSE(same_numbers(a, b));
        for (Index j = 0; j < state / 2; ++j) {
            const double middle = gap * (static_cast<double>(j) + 0.5);
            CHECK(std::abs(static_cast<double>(exact.at({j})) - middle) <= tolerance(3e-7, 1e-15));
            CHECK(std::abs(static_cast<double>(a.at({j})) - middle) <= gap / 2);    // the order of the angles stays
        }
    }
}

TEST_CASE("a linear recurrence accepts every id") {
    Rng rng(7);
    const LinearRecurrence encoding(6, {.state = 4}, rng);
    const NdArray p = codes(encoding, Positions::arange(30)), q = codes(encoding, Positions::of({7, 29, 0}));
    CHECK(same_numbers(q, concat({slice(p, 0, 7, 8), slice(p, 0, 29, 30), slice(p, 0, 0, 1)}, 0)));
    // Half a step twice is a step; a step back undoes one.
    const LinearRecurrence bare(4, {}, rng);
    const NdArray half = codes(bare, Positions::of({0.5}));
    parameter_of(bare, "start").set_values(reshape(half, Shape{4}));
    const NdArray whole = codes(bare, Positions::of({0.5})), back = codes(bare, Positions::of({-0.5}));
    Rng again(7);
    const LinearRecurrence unused(6, {.state = 4}, again);
    const LinearRecurrence fresh(4, {}, again);
    CHECK(largest_error(whole, codes(fresh, Positions::of({1}))) <= tolerance(1e-6, 1e-14));
    CHECK(largest_error(back, codes(fresh, Positions::of({0}))) <= tolerance(1e-6, 1e-14));
    CHECK(codes(encoding, Positions::arange(0)).shape() == Shape{0, 6});
}

TEST_CASE("the noise of a linear recurrence is as large as asked and there in training only") {
    Rng rng(8);
    const LinearRecurrence noisy(16, {.noise = 0.5}, rng), quiet(16, {}, rng);
    const Positions positions = Positions::arange(500);
    const NdArray clean = codes(noisy, positions);
    Rng draw(9), same(9);
    const NdArray trained = noisy.training_vectors(positions, draw).values();
    CHECK(same_numbers(trained, noisy.training_vectors(positions, same).values()));
    const auto rms = [](const NdArray& a) {
        return std::sqrt(static_cast<double>(sum_all(a * a)) / static_cast<double>(a.size()));
    };
    CHECK(std::abs(rms(trained - clean) / rms(clean) - 0.5) < 0.02);    // 8000 draws: 0.5 +- 0.004
    CHECK(same_numbers(quiet.training_vectors(positions, draw).values(), codes(quiet, positions)));
    CHECK(noisy.training_vectors(Positions::arange(0), draw).shape() == Shape{0, 16});
}

TEST_CASE("the noise is put on the state before the output matrix") {
    Rng rng(10);
    const LinearRecurrence encoding(6, {.state = 2, .noise = 1}, rng);
    const NdArray U = parameter_of(encoding, "output.weight").values();    // [6, 2]
    const Positions positions = Positions::arange(9);
    Rng draw(11), same(11);
    const NdArray noise = encoding.training_vectors(positions, draw).values() - codes(encoding, positions);
    const NdArray P = encoding.states(positions).values();
    const double rms = std::sqrt(static_cast<double>(sum_all(P * P)) / 18);
    CHECK(largest_error(noise, matmul(random_normal({9, 2}, rms, same), transpose(U))) <= tolerance(1e-6, 1e-14));
}

TEST_CASE("a linear recurrence refuses what it cannot be") {
    Rng rng(12);
    CHECK_THROWS_WITH_AS(LinearRecurrence(7, {}, rng),
                         "LinearRecurrence: it rotates pairs of numbers, so the state must be even, got 7; choose one, "
                         "for example state=8",
                         OptionError);
    CHECK(LinearRecurrence(7, {.state = 8}, rng).vectors(Positions::arange(3)).shape() == Shape{3, 7});
    CHECK_THROWS_WITH_AS(LinearRecurrence(8, {.noise = -1}, rng),
                         "LinearRecurrence: expected noise of 0 or more, got -1", OptionError);
    CHECK_THROWS_WITH_AS(LinearRecurrence(8, {.decay = 1.5}, rng),
                         "LinearRecurrence: expected a decay above 0, up to 1 (none), got 1.5", OptionError);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(LinearRecurrence(8, {}, rng).explain(-1, out),
                         "LinearRecurrence: positions are explained step by step, from 0 to 999999, got -1",
                         PositionOutOfRange);
}

TEST_CASE("a linear recurrence lists what it learns") {
    Rng rng(13);
    const auto list = [&](const std::string& specification) {
        return names(*make_encoding(specification, {.d_model = 8}, rng));
    };
    CHECK(list("linear") == std::vector<std::string>{"start", "angle"});
    CHECK(list("linear(state=4, decay=0.99)") == std::vector<std::string>{"start", "angle", "decay", "output.weight"});
    const auto encoding = make_encoding("linear(decay=0.75)", {.d_model = 2}, rng);
    CHECK(std::abs(1 / (1 + std::exp(-static_cast<double>(parameter_of(*encoding, "decay").item()))) - 0.75) <=
          tolerance(1e-7, 1e-15));
}

TEST_CASE("a linear recurrence is explained with the numbers of a hand computation") {
    Rng rng(14);
    const LinearRecurrence encoding(2, {.decay = 0.5}, rng);
    parameter_of(encoding, "start").set_values(NdArray({2}, {0, 1}));
    parameter_of(encoding, "angle").set_values(NdArray({1}, {Scalar(0.5)}));
    parameter_of(encoding, "decay").set_values(zeros({1}));
    std::ostringstream out;
    const NdArray code = encoding.explain(2, out);
    CHECK(std::abs(static_cast<double>(code.at({0})) + std::sin(1.0) / 4) <= tolerance(1e-7, 1e-15));
    CHECK(std::abs(static_cast<double>(code.at({1})) - std::cos(1.0) / 4) <= tolerance(1e-7, 1e-15));
    CHECK(out.str() ==
          "Position 2 by a linear recurrence, p_{k+1} = A p_k, state of 2 numbers: 1 plane that rotates\n"
          "  plane 0 rotates by theta_0 = 0.5 a step and shrinks by rho_0 = 0.5: from [+0.0000, +1.0000] to "
          "[-0.2104, +0.1351] in 2 steps\n"
          "  p_2 = [-0.2104, +0.1351]  (one step for any k: A^k rotates by k theta)\n");
}

TEST_CASE("a linear recurrence passes the gradient check" * doctest::skip(!is_double)) {
    for (const LinearRecurrenceOptions& options : all_options)
        for (const Positions& positions : {Positions::arange(6), Positions::of({2.5, -1, 40})}) {
            Rng rng(15);
            const LinearRecurrence encoding(6, options, rng);
            CHECK(wrong_gradients(encoding, {}, rng, [&] { return encoding.vectors(positions); }) == "");
        }
}
