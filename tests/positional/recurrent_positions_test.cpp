#include <ordinal/positional/recurrences/recurrent_positions.h>

#include <doctest/doctest.h>

#include <numbers>

#include <ordinal/positional/examples.h>
#include <ordinal/positional/recurrences/ode_step.h>
#include "tests/nn/testing.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

NdArray row_of(const NdArray& codes, Index k) { return slice(codes, 0, k, k + 1); }

double distance(const NdArray& a, const NdArray& b) {
    const NdArray gap = a - b;
    return std::sqrt(static_cast<double>(sum_all(gap * gap)));
}

double smallest_distance(const NdArray& codes) {
    double least = 1e9;
    for (Index i = 0; i < codes.dim(0); ++i)
        for (Index j = 0; j < i; ++j) least = std::min(least, distance(row_of(codes, i), row_of(codes, j)));
    return least;
}

const std::vector<MakeStep> all_steps = {tanh_step(),
                                         tanh_step(RecurrenceInit::orthogonal),
                                         tanh_step(RecurrenceInit::rotation),
                                         gru_step(),
                                         residual_step(5),
                                         ode_step(),
                                         ode_step(OdeMethod::euler, 0.5, 5)};

}    // namespace

TEST_CASE("each recurrent code is exactly one step after the one before") {
    for (const MakeStep& step : all_steps) {
        Rng rng(1);
        const RecurrentPositions encoding(6, 0, step, rng);
        const NdArray p = codes(encoding, Positions::arange(20));
        CHECK(same_numbers(reshape(row_of(p, 0), Shape{6}), parameter_of(encoding, "start").values()));
        for (Index k = 0; k + 1 < 20; ++k)
            CHECK(same_numbers(encoding.step().next(Tensor(row_of(p, k))).values(), row_of(p, k + 1)));
    }
}

TEST_CASE("the orbit is next again and again - its gradients as well") {
    for (const MakeStep& step : all_steps) {
        Rng rng(1);
        const RecurrentPositions encoding(6, 0, step, rng);
        const NdArray upstream = random_normal({30, 6}, 0.2, rng);
        const auto gradients = [&](const Tensor& states) {
            for (const auto& parameter : encoding.parameters()) parameter.tensor.clear_grad();
            states.backward(upstream);
            std::vector<NdArray> all{states.values()};
            for (const auto& parameter : encoding.parameters()) all.push_back(parameter.tensor.grad());
            return all;
        };
        std::vector<Tensor> steps{reshape(parameter_of(encoding, "start"), {1, 6})};
        while (steps.size() < 30) steps.push_back(encoding.step().next(steps.back()));
        const auto expected = gradients(concat(steps, 0)), got = gradients(encoding.step().orbit(encoding.first(), 29));
        CHECK(same_numbers(got[0], expected[0]));
        for (std::size_t i = 1; i < got.size(); ++i)    // sums over 29 steps, in another order
            CHECK(largest_error(got[i], expected[i]) <= tolerance(1e-5, 1e-13));
    }
}

TEST_CASE("the step is the published formula") {
    Rng rng(2);
    const RecurrentPositions encoding(4, 0, tanh_step(), rng);
    const NdArray p = codes(encoding, Positions::arange(2));
    const NdArray W = parameter_of(encoding, "step.weight").values(), b = parameter_of(encoding, "step.bias").values();
    for (Index i = 0; i < 4; ++i) {
        double sum = static_cast<double>(b.at({i}));
        for (Index j = 0; j < 4; ++j) sum += static_cast<double>(W.at({i, j})) * static_cast<double>(p.at({0, j}));
        CHECK(std::abs(static_cast<double>(p.at({1, i})) - std::tanh(sum)) <= tolerance(3e-7, 1e-15));    // 5 roundings
    }
}

TEST_CASE("longer sequences only add codes - and any order of ids picks from the same ones") {
    for (const MakeStep& step : all_steps) {
        Rng rng(3);
        const RecurrentPositions encoding(6, 0, step, rng);
        const NdArray p = codes(encoding, Positions::arange(31));
        for (const Index count : {1, 2, 30})
            CHECK(same_numbers(codes(encoding, Positions::arange(count)), slice(p, 0, 0, count)));
        CHECK(same_numbers(codes(encoding, Positions::arange(5, 10)), slice(p, 0, 10, 15)));
        CHECK(same_numbers(codes(encoding, Positions::of({7, 30, 7})),
                           concat({row_of(p, 7), row_of(p, 30), row_of(p, 7)}, 0)));
    }
}

TEST_CASE("a recurrence goes on far past any training length") {
    for (const MakeStep& step : all_steps) {
        Rng rng(4);
        const RecurrentPositions encoding(8, 0, step, rng);
        const NdArray p = codes(encoding, Positions::arange(2000));
        CHECK(p.shape() == Shape{2000, 8});
        CHECK(all_finite(p));
    }
}

TEST_CASE("a recurrence counts in whole steps only") {
    Rng rng(5);
    const RecurrentPositions encoding(4, 0, tanh_step(), rng);
    CHECK_THROWS_WITH_AS(
        encoding.vectors(Positions::of({0, 1.5})),
        "RecurrentPositions: position 1.5 is not a whole number >= 0, and this scheme has nothing in between",
        PositionOutOfRange);
    CHECK_THROWS_AS(encoding.vectors(Positions::of({-1})), PositionOutOfRange);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(encoding.explain(-1, out),
                         "RecurrentPositions: positions are explained step by step, from 0 to 999999, got -1",
                         PositionOutOfRange);
}

TEST_CASE("the orthogonal start rotates and keeps lengths") {
    Rng rng(6);
    const RecurrentPositions encoding(16, 0, tanh_step(RecurrenceInit::orthogonal), rng);
    const NdArray W = parameter_of(encoding, "step.weight").values();
    NdArray identity = zeros({16, 16});
    for (Index i = 0; i < 16; ++i) identity.mutable_data()[i * 16 + i] = 1;
    CHECK(largest_error(matmul(W, transpose(W)), identity) <= tolerance(1e-6, 2e-15));    // sums of 16 products
    CHECK(same_numbers(parameter_of(encoding, "step.bias").values(), zeros({16})));
}

TEST_CASE("the rotation start is 1.2 times a rotation in each of the planes") {
    Rng rng(7);
    const Index state = 8;
    const RecurrentPositions encoding(8, 0, tanh_step(RecurrenceInit::rotation), rng);
    const NdArray W = parameter_of(encoding, "step.weight").values();
    for (Index i = 0; i < state; ++i)
        for (Index j = 0; j < state; ++j)
            if (i / 2 != j / 2) CHECK(W.at({i, j}) == 0);
    for (Index plane = 0; plane < 4; ++plane) {
        const Index i = 2 * plane;
        const double a = static_cast<double>(W.at({i, i})), b = static_cast<double>(W.at({i, i + 1}));
        const double c = static_cast<double>(W.at({i + 1, i})), d = static_cast<double>(W.at({i + 1, i + 1}));
        // The eigenvalues of a plane are 1.2 e^(+-i angle): their product is the determinant, their sum the trace.
        const double angle = std::numbers::pi * (static_cast<double>(plane) + 0.5) / 4;
        CHECK(std::abs(a * d - b * c - 1.44) <= tolerance(3e-7, 1e-15));
        CHECK(std::abs(a + d - 2.4 * std::cos(angle)) <= tolerance(3e-7, 1e-15));
        CHECK(a == d);
        CHECK(b == -c);
        CHECK(c > 0);
    }
    CHECK(same_numbers(parameter_of(encoding, "step.bias").values(), zeros({state})));
    CHECK_THROWS_WITH_AS(RecurrentPositions(7, 0, tanh_step(RecurrenceInit::rotation), rng),
                         "RecurrentPositions: a rotation needs an even state, got 7", OptionError);
}

TEST_CASE("the uniform start falls to a fixed point where all positions look alike") {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        Rng rng(seed);
        const RecurrentPositions encoding(64, 0, tanh_step(), rng);
        const NdArray p = codes(encoding, Positions::arange(201));
        CHECK(distance(row_of(p, 0), row_of(p, 1)) > 1);    // it starts far from there: |p_0| is about 4
        CHECK(distance(row_of(p, 199), row_of(p, 200)) <=
              tolerance(1e-5, 1e-12));    // what rounding keeps moving in 64 numbers
        CHECK(distance(row_of(p, 100), row_of(p, 200)) <= tolerance(1e-5, 1e-12));
    }
}

TEST_CASE("a GRU falls to a fixed point as well") {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        Rng rng(seed);
        const RecurrentPositions encoding(8, 0, gru_step(), rng);
        const NdArray p = codes(encoding, Positions::arange(401));
        CHECK(distance(row_of(p, 399), row_of(p, 400)) <= tolerance(1e-5, 1e-12));
    }
}

TEST_CASE("the rotation start keeps 256 positions apart") {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        Rng rng(seed);
        const RecurrentPositions rotation(8, 0, tanh_step(RecurrenceInit::rotation), rng);
        const NdArray p = codes(rotation, Positions::arange(256));
        CHECK(smallest_distance(p) > 0.05);                     // measured: 0.13
        CHECK(distance(row_of(p, 254), row_of(p, 255)) > 1);    // still walking; measured: 2.1
        const RecurrentPositions uniform(8, 0, tanh_step(), rng);
        CHECK(smallest_distance(codes(uniform, Positions::arange(256))) <= tolerance(1e-6, 1e-14));
    }
}

TEST_CASE("a state narrower than the model is mapped up") {
    Rng rng(8);
    const RecurrentPositions same(6, 6, tanh_step(), rng), narrow(6, 4, tanh_step(), rng), gru(6, 4, gru_step(), rng);
    CHECK(names(same) == std::vector<std::string>{"start", "step.weight", "step.bias"});
    CHECK(names(narrow) == std::vector<std::string>{"start", "step.weight", "step.bias", "output.weight"});
    CHECK(names(gru) == std::vector<std::string>{"start", "gru.weight_ih", "gru.weight_hh", "gru.bias_ih",
                                                 "gru.bias_hh", "output.weight"});
    CHECK(parameter_of(narrow, "start").shape() == Shape{4});
    CHECK(parameter_of(narrow, "output.weight").shape() == Shape{6, 4});
    CHECK(codes(narrow, Positions::arange(3)).shape() == Shape{3, 6});
    CHECK(codes(narrow, Positions::of({5})).shape() == Shape{1, 6});
}

TEST_CASE("explain of a recurrence has its first and last steps with the numbers of a hand computation") {
    Rng rng(9);
    const RecurrentPositions encoding(1, 0, tanh_step(), rng);
    parameter_of(encoding, "start").set_values(NdArray({1}, {Scalar(0.5)}));
    parameter_of(encoding, "step.weight").set_values(NdArray({1, 1}, {2}));
    parameter_of(encoding, "step.bias").set_values(NdArray({1}, {Scalar(-0.5)}));
    std::ostringstream out;
    const double p_2 = std::tanh(2 * std::tanh(2 * 0.5 - 0.5) - 0.5);    // = 0.4005
    CHECK(std::abs(static_cast<double>(encoding.explain(2, out).item()) - p_2) <=
          tolerance(2e-7, 1e-15));    // 6 roundings
    const std::string text = out.str();
    CHECK(text.find("Position 2 by recurrence, p_{k+1} = tanh(W p_k + b), state of 1 numbers:\n"
                    "  p_0 = [+0.5000]  (learned)\n"
                    "  p_1[0] = tanh(b[0] + sum_j W[0, j] p_0[j]) = tanh(0.5) = 0.46211") == 0);
    CHECK(text.find("  p_1 = [+0.4621]\n") != std::string::npos);
    CHECK(text.find("  p_2 = [+0.4005]\n") != std::string::npos);
    CHECK(text.find("  2 dependent steps; position 3 is one more\n") != std::string::npos);
}

TEST_CASE("a recurrence passes the gradient check through all of its steps" * doctest::skip(!is_double)) {
    for (const Index state : {4, 2})
        for (const MakeStep& step : all_steps)
            for (const Positions& positions : {Positions::arange(7), Positions::of({4, 0, 4, 2})}) {
                Rng rng(10);
                const RecurrentPositions encoding(4, state, step, rng);
                CHECK(wrong_gradients(encoding, {}, rng, [&] { return encoding.vectors(positions); }) == "");
            }
}

TEST_CASE("a position that would take for ever is refused at once and a code of another width too") {
    Rng rng(1);
    const RecurrentPositions rnn(4, 0, tanh_step(), rng);
    CHECK_THROWS_WITH_AS(
        rnn.vectors(Positions::of({2000000})),
        "RecurrentPositions: position 2000000 needs all positions before it, and only 0..999999 are computed; use a "
        "scheme that computes each position alone",
        PositionOutOfRange);
    CHECK_THROWS_WITH_AS(rnn.apply_to_input(Tensor(zeros({1, 2, 6})), Positions::arange(2), Mode::evaluation()),
                         "Encoding: x [1, 2, 6] needs codes of its width, got [2, 4]", ShapeError);
    CHECK_THROWS_WITH_AS(rnn.apply_to_input(Tensor(zeros({1, 3, 4})), Positions::arange(2), Mode::evaluation()),
                         "Encoding: expected x [B, T, D] and T positions, got x [1, 3, 4] and 2 positions", ShapeError);
    CHECK_THROWS_WITH_AS(rnn.apply_to_input(Tensor(zeros({2, 4})), Positions::arange(2), Mode::evaluation()),
                         "Encoding: expected x [B, T, D] and T positions, got x [2, 4] and 2 positions", ShapeError);
    CHECK_THROWS_WITH_AS(RecurrentPositions(4, 0, nullptr, rng),
                         "RecurrentPositions: expected a step, got an empty function", OptionError);
}

namespace {

double streaming_gap(const Encoding& encoding, Index d_model) {
    NoGrad guard;
    const NdArray x = example_tokens(20, d_model);
    const NdArray all = encoding.apply_to_input(Tensor(x), Positions::arange(20), Mode::evaluation()).values();
    const auto stream = encoding.stream();
    double gap = 0;
    for (Index k = 0; k < 20; ++k)
        gap =
            std::max(gap, largest_error(stream->next(Tensor(slice(x, 1, k, k + 1))).values(), slice(all, 1, k, k + 1)));
    return gap;
}

// Planted: a cell that is fed two time steps for each new token when it decodes, and one in training.
class AdvancesTwice : public RecurrentPositions {
public:
    using RecurrentPositions::RecurrentPositions;
    std::unique_ptr<Stream> stream() const override { return std::make_unique<Hasty>(kept_alive(*this)); }

private:
    struct Hasty : Stream {
        explicit Hasty(std::shared_ptr<const RecurrentPositions> encoding)
            : owner(std::move(encoding)), p(owner->first()) {}
        Tensor step(const Tensor& x) override {
            const Tensor y = x + owner->output(p);
            p = owner->step().next(owner->step().next(p));
            return y;
        }
        std::shared_ptr<const RecurrentPositions> owner;
        Tensor p;
    };
};

}    // namespace

TEST_CASE("a recursion that streams takes one step a token") {
    for (const MakeStep& step : all_steps)
        for (const Index state : {6, 4}) {
            Rng rng(11);
            CHECK(streaming_gap(*std::make_shared<RecurrentPositions>(6, state, step, rng), 6) <=
                  tolerance(1e-6, 1e-14));
            CHECK(streaming_gap(*std::make_shared<AdvancesTwice>(6, state, step, rng), 6) >
                  1e-2);    // the planted bug is found
        }
}

TEST_CASE("the work of a streamed token does not grow") {
    Rng rng(12);
    const auto encoding = std::make_shared<RecurrentPositions>(4, 0, residual_step(), rng);
    const auto stream = encoding->stream();
    NoGrad guard;
    for (Index k = 0; k < 2000; ++k) stream->next(Tensor(zeros({1, 1, 4})));    // 2 million steps if it did
    const NdArray last = stream->next(Tensor(zeros({1, 1, 4}))).values();
    CHECK(same_numbers(reshape(last, {1, 4}), codes(*encoding, Positions::of({2000}))));
}

TEST_CASE("a stream whose encoding might die before it is refused") {
    Rng rng(13);
    const RecurrentPositions on_the_stack(4, 0, residual_step(), rng);
    CHECK_THROWS_WITH_AS(on_the_stack.stream(),
                         "stream: this position scheme is owned by no shared_ptr, so the stream might outlive it; make "
                         "it with make_encoding or std::make_shared",
                         GraphError);
}
