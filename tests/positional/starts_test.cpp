// Where learning begins: the spread of the numbers that every parameter starts with.
#include <doctest/doctest.h>

#include <cmath>

#include <ordinal/nn/recurrent.h>
#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

struct Moments {
    double mean = 0, deviation = 0, count = 0;
};
Moments moments_of(const NdArray& numbers) {
    Moments m{.count = static_cast<double>(numbers.size())};
    for (const Scalar x : numbers.to_vector()) m.mean += static_cast<double>(x) / m.count;
    for (const Scalar x : numbers.to_vector()) m.deviation += std::pow(static_cast<double>(x) - m.mean, 2) / m.count;
    m.deviation = std::sqrt(m.deviation);
    return m;
}

// Of n numbers, mean and deviation stray by deviation / sqrt(n) and / sqrt(2 n) at most: 5 of these are allowed.
void check_spread(const NdArray& numbers, double deviation) {
    const Moments found = moments_of(numbers);
    CHECK(std::abs(found.mean) <= 5 * deviation / std::sqrt(found.count));
    CHECK(std::abs(found.deviation - deviation) <= 5 * deviation / std::sqrt(2 * found.count));
}

void check_spread(const Module& module, const std::string& parameter, double deviation) {
    CAPTURE(parameter);
    check_spread(parameter_of(module, parameter).values(), deviation);
}

double uniform(double fan_in) { return 1 / std::sqrt(3 * fan_in); }    // the deviation of U(-1, 1) / sqrt(fan_in)

}    // namespace

TEST_CASE("every parameter that is drawn starts as wide as its header says") {
    const EncodingRequest request{.d_model = 64, .max_length = 300, .num_heads = 4};
    const double normal = 1, truncated = 0.8796;    // the deviation of a normal number that is drawn again beyond 2
    const auto check = [&](const std::string& specification, const std::string& parameter, double deviation) {
        CAPTURE(specification);
        check_spread(*made(specification, request), parameter, deviation);
    };
    check("table", "weight", 0.02 * truncated);
    check("table(std=3)", "weight", 3 * truncated);
    check("ring", "weight", 0.02 * truncated);
    check("extended_table", "weight", 0.02 * truncated);
    for (const char* name :
         {"rnn(state=400)", "gru(state=100)", "message_passing(state=400)", "linear_dense(state=100)"})
        check(name, "start", 0.5 * normal);
    check("place_values(state=64)", "digit.weight", 0.5 * normal);
    check("rnn(state=400)", "output.weight", normal / 20);
    check("laplacian_path(vectors=400)", "output.weight", normal / 20);
    check("random_walk(steps=400)", "output.weight", normal / 20);
    check("t5", "relative_attention_bias.weight", 0.02 * normal);
    check("rnn", "step.weight", uniform(64));
    check("rnn", "step.bias", uniform(64));
    check("cope", "codes", uniform(16));
    check("shaw", "keys", uniform(16));
    check("forgetting", "weight", uniform(64));
    check("selective_rope", "weight", uniform(64));
    Rng rng(3);
    check_spread(Linear(100, 90, rng), "weight", uniform(100));
    check_spread(Linear(100, 90, rng), "bias", uniform(100));
    const GruCell cell(90, 100, rng);
    for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) check_spread(cell, name, uniform(100));
}

TEST_CASE("the planes of a linear recurrence start near (0, 1) and share half a turn") {
    const auto linear = made("linear(state=400)", {.d_model = 64, .num_heads = 4});
    const NdArray start = parameter_of(*linear, "start").values(), angle = parameter_of(*linear, "angle").values();
    check_spread(slice(start, 0, 0, 400, 2), 0.1);
    check_spread(slice(start, 0, 1, 400, 2) - 1, 0.1);
    const double gap = std::acos(-1.0) / 200;    // each angle is drawn from a gap of its own
    double inside = 0;
    for (Index j = 0; j < 200; ++j) {
        const double place = static_cast<double>(angle.at({j})) / gap - static_cast<double>(j);
        CHECK(place >= -1e-4);
        CHECK(place <= 1 + 1e-4);
        inside += place / 200;
    }
    CHECK(std::abs(inside - 0.5) <= 5 * uniform(1) / 2 / std::sqrt(200));
}

TEST_CASE("every parameter that starts at a number starts at that of its header") {
    const EncodingRequest request{.d_model = 64, .num_heads = 4};
    const auto starts = [&](const std::string& specification, const std::string& parameter) {
        const NdArray values = parameter_of(*made(specification, request), parameter).values();
        const std::vector<Scalar> all = values.to_vector();
        CHECK(std::all_of(all.begin(), all.end(), [&](Scalar x) { return x == all[0]; }));
        return all[0];
    };
    CHECK(starts("gated", "start") == 0);
    CHECK(starts("rnn_over_inputs", "start") == 0);
    CHECK(starts("selective_rope", "bias") == 1);
    CHECK(starts("rope(ssmax=128)", "ssmax") == 1);
    CHECK(starts("table(gain=0.25)", "gain") == Scalar(0.25));
    CHECK(starts("fire", "c") == Scalar(0.1));
    CHECK(starts("fire", "L") == 512);
    CHECK(std::abs(starts("linear(decay=0.75)", "decay") - std::log(Scalar(3))) <= tolerance(1e-6, 1e-15));
}

TEST_CASE("no tokens have no codes whatever the scheme") {
    const EncodingRequest request{.d_model = 8, .max_length = 12, .num_heads = 2};
    for (const NamedEncoding& scheme : builtin_encodings()) {
        CAPTURE(scheme.name);
        const auto encoding = made(scheme.name, request);
        if (encoding->is_additive()) CHECK(encoding->vectors(Positions::arange(0)).shape() == Shape{0, 8});
    }
    CHECK(made("rnn(state=3)", request)->vectors(Positions::arange(0)).shape() == Shape{0, 8});
}

TEST_CASE("a scheme without chance draws nothing and one with chance draws what it needs") {
    const EncodingRequest request{.d_model = 8, .max_length = 12, .num_heads = 2};
    const auto draws = [&](const std::string& specification, bool training) {    // of 64 bits, for one batch
        const auto scheme = made(specification, request);
        Rng dice(3), counted(3);
        const Mode mode = training ? Mode::training(dice) : Mode::evaluation();
        const Positions ids = scheme->position_ids(Positions::arange(5), mode);
        scheme->apply_to_input(Tensor(example_tokens(5, 8)), ids, mode);
        int count = 0;
        for (; count < 1000 && counted.state() != dice.state(); ++count) counted.bits();
        return count;
    };
    for (const NamedEncoding& scheme : builtin_encodings()) {
        CAPTURE(scheme.name);
        CHECK(draws(scheme.name, false) == 0);
        CHECK(draws(scheme.name, true) == (scheme.name == "ring" ? 1 : 0));
    }
    CHECK(draws("ring(random_start=no)", true) == 0);
    CHECK(draws("linear(noise=0.5)", true) == 2 * 5 * 8);    // two for each normal number
    CHECK(draws("linear(noise=0.5)", false) == 0);
    CHECK(draws("table(drop=0.5)", true) == 1);
    CHECK(draws("table(drop=0.5)", false) == 0);
    CHECK(draws("sinusoidal(shift=3)", true) == 1);
    CHECK(draws("sinusoidal(shift=3)", false) == 0);
    CHECK(draws("sinusoidal(randomized=50)", true) == 5);
    CHECK(draws("sinusoidal(randomized=50)", false) == 0);    // from a generator of its own
}
