#include <ordinal/positional/recurrences/newton.h>

#include <doctest/doctest.h>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/recurrences/residual_step.h>
#include "tests/core/sanitizers.h"
#include "tests/nn/testing.h"
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// p <- tanh(w p + b), one number.
class OneNumber : public RecursionStep {
public:
    OneNumber(double w, double b) : w_(NdArray({1, 1}, w)), b_(NdArray({1}, b)) {}
    Tensor next(const Tensor& p) const override { return tanh(linear(p, w_, b_)); }
    NdArray jacobians(const NdArray& P) const override {
        const NdArray q = next(Tensor(P)).values();
        return unsqueeze(1 - q * q, 2) * w_.values();
    }
    std::string formula() const override { return "tanh(w p_k + b)"; }
    Parameters parameters() const override { return {}; }

private:
    Tensor w_, b_;
};

NdArray zeros_from(const NdArray& start, Index steps) {    // a guess
    return concat({start, zeros({steps, start.dim(1)})}, 0);
}

const std::vector<MakeStep> kinds = {tanh_step(), tanh_step(RecurrenceInit::orthogonal),
                                     tanh_step(RecurrenceInit::rotation), gru_step()};
constexpr Guess guesses[] = {Guess::zeros, Guess::last, Guess::cycle};

struct TwoWays {    // the same weights twice: with and without Newton's method
    std::shared_ptr<RecurrentPositions> newton, loop;
};
TwoWays pair_of(const MakeStep& step, Index state, Guess guess, std::uint64_t seed = 1) {
    Rng one(seed), two(seed);
    return {std::make_shared<RecurrentPositions>(state, 0, step, one, "this test", guess),
            std::make_shared<RecurrentPositions>(state, 0, step, two)};
}

// All weights by +-amount.
void push(const Encoding& encoding, double amount, Rng& rng) {
    for (const auto& [name, tensor] : encoding.parameters())
        tensor.set_values(tensor.values() + random_uniform(tensor.shape(), -amount, amount, rng));
}

void copy_weights(const Encoding& from, const Encoding& to) {
    for (const auto& [name, tensor] : from.parameters()) parameter_of(to, name).set_values(tensor.values());
}

std::vector<NdArray> gradients(const Encoding& encoding, Index length, const NdArray& upstream) {
    for (const auto& [name, tensor] : encoding.parameters()) tensor.clear_grad();
    encoding.vectors(Positions::arange(length)).backward(upstream);
    std::vector<NdArray> all;
    for (const auto& [name, tensor] : encoding.parameters())
        if (tensor.size() > 0) all.push_back(tensor.grad());
    return all;
}

}    // namespace

TEST_CASE("the derivatives of a step are what backward finds") {
    for (const MakeStep& make : kinds) {
        Rng rng(1);
        const auto step = make(6, rng);
        const NdArray P = random_normal({3, 6}, 0.7, rng), J = step->jacobians(P);
        CHECK(J.shape() == Shape{3, 6, 6});
        for (Index t = 0; t < 3; ++t)
            for (Index i = 0; i < 6; ++i) {
                const Tensor p = Tensor::parameter(contiguous(slice(P, 0, t, t + 1)));
                NdArray unit = zeros({1, 6});
                unit.set({0, i}, 1);
                step->next(p).backward(unit);
                CHECK(largest_error(reshape(slice(J[t], 0, i, i + 1), {1, 6}), p.grad()) <= tolerance(1e-6, 1e-15));
            }
        CHECK(step->jacobians(zeros({0, 6})).shape() == Shape{0, 6, 6});
    }
}

TEST_CASE("after so many rounds of Newton's method so many codes are exact") {
    for (const MakeStep& make : kinds) {
        const TwoWays both = pair_of(make, 8, Guess::zeros);
        const NdArray loop = codes(*both.loop, 65);
        for (const Index rounds : {1, 2, 3}) {
            const NdArray p = solve_by_newton(both.loop->step(), zeros_from(slice(loop, 0, 0, 1), 64), rounds).codes;
            CHECK(largest_error(slice(p, 0, 0, rounds + 1), slice(loop, 0, 0, rounds + 1)) <= tolerance(5e-7, 1e-15));
        }
    }
}

// How many rounds from zeros, and how close to the loop; what is told of this in the book.
TEST_CASE("Newton's method finds the loop's codes and needs few rounds before any training") {
    struct Row {
        MakeStep step;
        Index state, most_rounds[3];    // of 5 seeds, at 64, 256 and 1024 positions
    };
    for (const Row& row : {Row{tanh_step(), 16, {5, 5, 5}}, Row{tanh_step(RecurrenceInit::orthogonal), 16, {8, 10, 12}},
                           Row{tanh_step(RecurrenceInit::rotation), 8, {10, 14, 30}}, Row{gru_step(), 16, {5, 5, 5}}})
        for (int seed = 1; seed <= repetitions(5, 1); ++seed) {
            const TwoWays both = pair_of(row.step, row.state, Guess::zeros, static_cast<std::uint64_t>(seed));
            const Index lengths[] = {64, 256, 1024};
            for (std::size_t i = 0; i < 3; ++i) {
                CHECK(largest_error(codes(*both.newton, lengths[i]), codes(*both.loop, lengths[i])) <=
                      tolerance(1e-5, 1e-10));
                const NewtonReport report = both.newton->newton_report();
                CHECK(report.fell_back == "");
                CHECK(report.rounds >= 3);
                CHECK(report.rounds <= row.most_rounds[i]);
                CHECK(report.dependent_steps == report.rounds * scan_rounds(lengths[i] - 1));
            }
        }
}

TEST_CASE("the first round may be off by 3e29 and even by infinity") {
    const OneNumber step(-3, 0.1);
    const NdArray start({1, 1}, 0.2);
    const auto first_round = [&](Index T) {
        const NdArray p = slice(zeros_from(start, T), 0, 0, T);
        return affine_scan(step.jacobians(p), step.next(Tensor(p)).values());
    };
    const auto largest = static_cast<double>(max_abs_difference(first_round(64), zeros({64, 1})));
    CHECK(largest > 1e29);
    CHECK(largest < 1e30);
    CHECK(all_finite(first_round(96)) == is_double);
    NoGrad guard;
    TraceNan nobody_minds;
    for (const Index T : {64, 96, 500}) {
        NewtonOrbit newton(Guess::zeros);
        const NdArray p = newton.orbit(step, Tensor(start), T, 0).values();
        CHECK(largest_error(p, step.orbit(Tensor(start), T).values()) <= tolerance(1e-6, 1e-14));
        CHECK(largest_error(slice(p, 0, 1, 4), NdArray({3, 1}, {-0.4621172, 0.9026512, -0.9891996})) <= 1e-7);
        CHECK(newton.report().fell_back == "");
        if (T == 64) CHECK(newton.report().rounds == (is_double ? 5 : 4));
    }
}

TEST_CASE("what is no number never counts as solved") {
    const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
    const OneNumber step(static_cast<double>(nan), 0);
    const NewtonSolution solution = solve_by_newton(step, zeros_from(NdArray({1, 1}, 0.2), 64), 10);
    CHECK(solution.rounds == 10);
    CHECK(solution.failure == "not solved after 10 rounds of Newton's method");
    NewtonOrbit newton(Guess::zeros);
    const NdArray p = newton.orbit(step, Tensor(NdArray({1, 1}, 0.2)), 64, 0).values();
    CHECK(std::isnan(p.at({64, 0})));    // as the loop
    CHECK(newton.report().fell_back != "");
    CHECK(newton.report().dependent_steps == 10 * 6 + 64);
}

TEST_CASE("where the recursion is chaotic the loop does it - bit for bit") {
    for (const Guess guess : guesses)
        for (const bool gru : {false, true}) {
            const TwoWays both = pair_of(gru ? gru_step() : tanh_step(RecurrenceInit::orthogonal), 32, guess);
            const std::string weight = gru ? "gru.weight_hh" : "step.weight";
            for (const auto& scheme : {both.newton, both.loop}) {
                Rng rng(5);
                const Tensor W = parameter_of(*scheme, weight);
                W.set_values(random_normal(W.shape(), gru ? 3 : 1, rng));
            }
            const NdArray loop = codes(*both.loop, 256);
            CHECK(same_numbers(codes(*both.newton, 256), loop));
            const NewtonReport report = both.newton->newton_report();
            const Index limit = guess == Guess::cycle ? (255 - 127) / 8 : 255 / 8;
            CHECK(report.fell_back == text_of("not solved after ", limit, " rounds of Newton's method"));
            CHECK(report.rounds == limit);
            CHECK(report.dependent_steps == 8 * limit + (guess == Guess::cycle ? 127 : 0) + 255);
            NdArray upstream = zeros(loop.shape());    // of the first codes: later ones would have infinite gradients
            upstream.set(0, {0, 20}, NdArray(1.0));
            const auto got = gradients(*both.newton, 256, upstream), expected = gradients(*both.loop, 256, upstream);
            if (guess != Guess::last)    // which begins with the right codes now, and needs no loop
                for (std::size_t i = 0; i < got.size(); ++i) CHECK(same_numbers(got[i], expected[i]));
        }
}

TEST_CASE("the gradient by one scan is the loop's") {
    for (const MakeStep& make : kinds)
        for (const Guess guess : guesses) {
            const TwoWays both = pair_of(make, 8, guess, 3);
            Rng rng(4);
            const NdArray upstream = random_normal({200, 8}, 0.1, rng);
            const auto got = gradients(*both.newton, 200, upstream), expected = gradients(*both.loop, 200, upstream);
            CHECK(both.newton->newton_report().fell_back == "");
            CHECK(got.size() == expected.size());
            for (std::size_t i = 0; i < got.size(); ++i) {
                const Scalar size =
                    max_abs_difference(expected[i], zeros(expected[i].shape()));    // of sums that cancel
                const auto relative = static_cast<double>(max_abs_difference(got[i], expected[i]) / size);
                CHECK(relative <= tolerance(1e-5, 1e-10));
            }
        }
}

TEST_CASE("the gradient by one scan passes the gradient check" * doctest::skip(!is_double)) {
    for (const MakeStep& make : kinds)
        for (const Guess guess : guesses) {
            const TwoWays both = pair_of(make, 4, guess);
            const Index length = guess == Guess::cycle ? 200 : 64;    // which reads 128 codes before it guesses
            Rng rng(10);
            CHECK(wrong_gradients(*both.newton, {}, rng,
                                  [&] { return both.newton->vectors(Positions::arange(length)); }) == "");
            CHECK(both.newton->newton_report().fell_back == "");
            CHECK(both.newton->newton_report().rounds > 0);
        }
}

TEST_CASE("the codes of the last call are a good guess after a small step of training") {
    for (const MakeStep& make : {tanh_step(RecurrenceInit::orthogonal), gru_step()}) {
        const TwoWays both = pair_of(make, 16, Guess::last, 2);
        Rng rng(6);
        codes(*both.newton, 32);
        const Index cold = both.newton->newton_report().rounds;
        for (int update = 0; update < 5; ++update) {
            push(*both.newton, 3e-3, rng);
            copy_weights(*both.newton, *both.loop);
            const Index length = update == 2 ? 26 : 32;    // a shorter batch forgets nothing
            CHECK(largest_error(codes(*both.newton, length), codes(*both.loop, length)) <= tolerance(1e-5, 1e-10));
            const NewtonReport report = both.newton->newton_report();
            CHECK(report.fell_back == "");
            CHECK(report.rounds >= 2);
            CHECK(report.rounds <= (is_double ? 4 : 3));
            CHECK(report.rounds < std::max<Index>(cold, 5));
        }
    }
}

TEST_CASE("codes of the same weights are kept and not computed again") {
    const auto scheme = pair_of(tanh_step(RecurrenceInit::orthogonal), 8, Guess::last).newton;
    const NdArray p = codes(*scheme, 100);
    for (const Index length : {100, 40}) {
        CHECK(same_numbers(codes(*scheme, length), slice(p, 0, 0, length)));
        CHECK(scheme->newton_report().rounds == 0);
        CHECK(scheme->newton_report().dependent_steps == 0);
    }
    CHECK(largest_error(slice(codes(*scheme, 200), 0, 0, 100), p) <= tolerance(1e-6, 1e-14));    // longer: anew
    CHECK(scheme->newton_report().rounds > 0);
    Rng rng(1);
    push(*scheme, 1e-3, rng);
    CHECK_FALSE(same_numbers(codes(*scheme, 100), p));
    CHECK(scheme->newton_report().rounds > 0);
    CHECK(codes(*scheme, 150).dim(0) == 150);    // of these weights only 100 codes are known
    CHECK(scheme->newton_report().rounds > 0);
}

TEST_CASE("a cycle that attracts is continued") {
    const NdArray known({5, 1}, {9, 1, 2, 3, 1});    // the last row is most like row 1, three before it
    CHECK(same_numbers(continued(known, 10), NdArray({10, 1}, {9, 1, 2, 3, 1, 2, 3, 1, 2, 3})));
    CHECK(same_numbers(continued(known, 3), slice(known, 0, 0, 3)));
    CHECK(same_numbers(continued(NdArray({1, 2}, {4, 5}), 3), NdArray({3, 2}, {4, 5, 4, 5, 4, 5})));
    CHECK(same_numbers(continued(NdArray({3, 1}, 7), 5), NdArray({5, 1}, 7)));

    for (std::uint64_t seed = 1; seed <= 3; ++seed) {    // 1.2 times a quarter turn: a cycle of four
        const TwoWays cycle = pair_of(tanh_step(RecurrenceInit::rotation), 2, Guess::cycle, seed),
                      cold = pair_of(tanh_step(RecurrenceInit::rotation), 2, Guess::zeros, seed);
        CHECK(largest_error(codes(*cycle.newton, 1024), codes(*cycle.loop, 1024)) <= tolerance(1e-5, 1e-10));
        codes(*cold.newton, 1024);
        const NewtonReport report = cycle.newton->newton_report();
        CHECK(report.fell_back == "");
        CHECK(report.rounds < cold.newton->newton_report().rounds / 2);
        CHECK(report.dependent_steps == 127 + 10 * report.rounds);
        CHECK(same_numbers(codes(*cycle.newton, 128), codes(*cycle.loop, 128)));    // nothing to be saved: the loop
        CHECK(cycle.newton->newton_report().rounds == 0);
        CHECK(cycle.newton->newton_report().dependent_steps == 127);
    }
}

TEST_CASE("what one has waited for stands in the graph") {
    for (const Guess guess : guesses)
        for (const Index length : {64, 300, 1000}) {
            const TwoWays both = pair_of(tanh_step(), 8, guess);
            const Index depth = graph_depth(both.newton->vectors(Positions::arange(length)));
            const NewtonReport report = both.newton->newton_report();
            if (report.rounds > 0) CHECK(depth == report.dependent_steps + 3);    // a product, a tanh, the solution
            CHECK(depth >= report.dependent_steps);
            if (guess == Guess::zeros) CHECK(depth <= 5 * scan_rounds(length) + 3);
        }
    CHECK(scan_rounds(1) == 1);
    CHECK(scan_rounds(2) == 1);
    CHECK(scan_rounds(3) == 2);
    CHECK(scan_rounds(4) == 2);
    CHECK(scan_rounds(5) == 3);
    CHECK(scan_rounds(1024) == 10);
    CHECK(scan_rounds(1025) == 11);
}

TEST_CASE("no codes - one code - two codes and ids in any order") {
    for (const MakeStep& make : kinds)
        for (const Guess guess : guesses) {
            const TwoWays both = pair_of(make, 4, guess);
            CHECK(codes(*both.newton, 0).shape() == Shape{0, 4});
            for (const Index length : {1, 2, 3, 4})
                CHECK(largest_error(codes(*both.newton, length), codes(*both.loop, length)) <= tolerance(1e-6, 1e-14));
            NoGrad guard;
            const Positions ids = Positions::of({700, 3, 3, 0});
            CHECK(largest_error(both.newton->vectors(ids).values(), both.loop->vectors(ids).values()) <=
                  tolerance(1e-5, 1e-10));
        }
}

TEST_CASE("Newton's method gives the same bits for every number of threads") {
    const int before = num_threads();
    const auto run = [](int threads) {
        set_num_threads(threads);
        const auto scheme = pair_of(tanh_step(RecurrenceInit::orthogonal), 24, Guess::zeros).newton;
        std::vector<NdArray> all{codes(*scheme, 300)};
        for (const NdArray& gradient : gradients(*scheme, 300, NdArray({300, 24}, 1))) all.push_back(gradient);
        return all;
    };
    const auto one = run(1);
    for (const int threads : {2, 3, 7}) {
        const auto many = run(threads);
        for (std::size_t i = 0; i < one.size(); ++i) CHECK(same_numbers(many[i], one[i]));
    }
    set_num_threads(before);
}

TEST_CASE("a recursion with Newton's method keeps the contract") {
    for (const std::string specification :
         {"rnn(parallel=newton)", "rnn(parallel=newton, guess=last)", "rnn(parallel=newton, guess=cycle)",
          "rnn(init=orthogonal, gain=0.15, parallel=newton)", "rnn(state=64, parallel=newton)", "gru(parallel=newton)",
          "gru(state=6, parallel=newton, guess=last)", "gru(parallel=newton, guess=cycle)"}) {
        CAPTURE(specification);
        Rng rng(7);
        const auto encoding = make_encoding(specification, small, rng);
        CHECK(encoding->traits().depth == Depth::at_most_linear);
        CHECK(Contract(*encoding, small).broken() == "");
    }
    Rng rng(7);
    CHECK(make_encoding("rnn(parallel=no)", small, rng)->traits().depth == Depth::linear);
}

TEST_CASE("what Newton's method cannot do is refused in a sentence") {
    CHECK(refusal("residual(parallel=newton)") ==
          "residual: unknown option 'parallel'; known: state, hidden, gain, drop, log_n, ssmax, group, window, "
          "segments, shift, randomized");
    CHECK(refusal("rnn(guess=last)") ==
          "RecurrentPositions: a guess is where parallel=newton begins; without it there is none");
    CHECK(refusal("rnn(parallel=maybe)") != "");
    Rng rng(1);
    CHECK_THROWS_WITH_AS(
        RecurrentPositions(4, 0, residual_step(), rng, "this test", Guess::zeros),
        "RecurrentPositions: Newton's method needs the derivative of the step, and that of p_k + h(p_k) is not written "
        "down; take the tanh or the GRU step, or the loop",
        OptionError);
    const RecurrentPositions wide(64, 0, tanh_step(), rng, "this test", Guess::zeros);
    const Index most = is_double ? 16385 : 32769;
    CHECK(wide.traits().computable_up_to == most);
    CHECK_THROWS_WITH_AS(
        wide.vectors(Positions::of({static_cast<double>(most)})),
        text_of("RecurrentPositions: position ", most, " needs the derivatives of all steps before it, ",
                "matrices of 64 x 64 numbers, and only 0..", most - 1,
                " are computed in 2 GiB; choose a smaller state, or wait for each step with parallel=no")
            .c_str(),
        PositionOutOfRange);
}
