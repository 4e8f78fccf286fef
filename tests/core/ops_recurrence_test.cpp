#include <ordinal/core/ops_recurrence.h>

#include <doctest/doctest.h>

#include <ordinal/core/grad_check.h>
#include <ordinal/core/ops.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"
#include "tests/core/thread_count.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

constexpr double rounding_of_states = is_double ? 1e-13 : 1e-6;    // states lie in -1 .. 1

using Recurrence = Tensor (*)(const Tensor&, const Tensor&, const Tensor&);

// The specification: T small operations.
Tensor step_by_step(const Tensor& Z, const Tensor& W, const Tensor& start) {
    std::vector<Tensor> states;
    Tensor h = start;
    for (const Tensor& z : unstack(Z, 1)) states.push_back(h = tanh(z + matmul(h, transpose(W))));
    return stack(states, 1);
}

// The states, and the gradients of Z, W and start. W neither shrinks nor grows states much: after 50 steps the first
// one still counts.
std::vector<NdArray> results(Recurrence f, Index B, Index T, Index H) {
    Rng rng(1);
    const Tensor Z = Tensor::parameter(random_normal({B, T, H}, 0.3, rng));
    const Tensor W = Tensor::parameter(random_normal({H, H}, 1 / std::sqrt(static_cast<double>(H)), rng));
    const Tensor start = Tensor::parameter(random_normal({B, H}, 1, rng));
    const Tensor states = f(Z, W, start);
    states.backward(random_normal(states.shape(), 1 / std::sqrt(static_cast<double>(B * T)), rng));
    return {states.values(), Z.grad(), W.grad(), start.grad()};
}

}    // namespace

TEST_CASE("tanh_recurrence is what the steps compute one by one - states and gradients") {
    for (Index B : {1, 3, 16})
        for (Index T : {1, 2, 50})
            for (Index H : {1, 7, 32}) {
                const auto expected = results(step_by_step, B, T, H), got = results(tanh_recurrence, B, T, H);
                for (std::size_t i = 0; i < got.size(); ++i) {
                    INFO("B ", B, ", T ", T, ", H ", H, ", result ", i, " of states, dZ, dW, d start");
                    check_near(got[i], expected[i],
                               i == 0 ? rounding_of_states : 10 * rounding_of_states);    // sums over 50 steps
                }
            }
}

TEST_CASE("tanh_recurrence reads inputs that lie transposed or repeated") {
    Rng rng(2);
    const Tensor Z = Tensor::parameter(random_normal({4, 2, 3}, 1, rng)),
                 W = Tensor::parameter(random_normal({3, 3}, 1, rng)),
                 start = Tensor::parameter(random_normal({3}, 1, rng));
    const auto run = [&](Recurrence f) {    // Z: [2, 4, 3], start: [2, 3]
        for (const Tensor& leaf : {Z, W, start}) leaf.clear_grad();
        const Tensor states = f(transpose(Z, 0, 1), transpose(W), broadcast_to(start, {2, 3}));
        Rng upstream(3);
        transpose(states, 0, 2).backward(random_normal({3, 4, 2}, 1, upstream));    // dY lies transposed, too
        return std::vector<NdArray>{states.values(), Z.grad(), W.grad(), start.grad()};
    };
    const auto expected = run(step_by_step), got = run(tanh_recurrence);
    for (std::size_t i = 0; i < got.size(); ++i) check_near(got[i], expected[i], 10 * rounding_of_states);
}

TEST_CASE("tanh_recurrence gives the same bits for every number of threads") {
    struct Sizes {
        Index B, T, H;
    };
    for (const Sizes& size : {Sizes{16, 20, 48}, {9, 5, 64}, {1, 3, 800}, {2, 2, 600}}) {
        const auto run = [&] { return results(tanh_recurrence, size.B, size.T, size.H); };
        const auto one = with_threads(1, run), two = with_threads(2, run), four = with_threads(4, run);
        for (std::size_t i = 0; i < one.size(); ++i) {
            INFO("B ", size.B, ", H ", size.H, ", result ", i);
            check_equal(two[i], one[i]);
            check_equal(four[i], one[i]);
        }
    }
}

TEST_CASE("a constant input of tanh_recurrence gets no gradient and an empty batch no states") {
    Rng rng(4);
    const Tensor Z(random_normal({2, 3, 4}, 1, rng)), W = Tensor::parameter(random_normal({4, 4}, 1, rng)),
                                                      start(random_normal({2, 4}, 1, rng));
    const Tensor states = tanh_recurrence(Z, W, start);
    states.backward(NdArray(states.shape(), 1));
    CHECK(W.has_grad());
    CHECK_FALSE(Z.has_grad());
    CHECK_FALSE(start.has_grad());

    const Tensor none = tanh_recurrence(Tensor(zeros({0, 3, 4})), W, Tensor(zeros({0, 4})));
    CHECK(none.shape() == Shape{0, 3, 4});
    W.clear_grad();
    none.backward(NdArray(none.shape()));
    check_equal(W.grad(), zeros({4, 4}));
}

TEST_CASE("tanh_recurrence names what does not fit") {
    const auto of_shape = [](const Shape& shape) { return Tensor(NdArray(shape)); };
    const auto check = [&](const Shape& Z, const Shape& W, const Shape& start) {
        const std::string text =
            text_of("tanh_recurrence: expected Z [B, T, H] with T > 0, W [H, H] and start [B, H], got ", Z, ", ", W,
                    " and ", start);
        CHECK_THROWS_WITH_AS(tanh_recurrence(of_shape(Z), of_shape(W), of_shape(start)), text.c_str(), ShapeError);
    };
    check({2, 0, 3}, {3, 3}, {2, 3});
    check({2, 3}, {3, 3}, {2, 3});
    check({2, 4, 3}, {3, 4}, {2, 3});
    check({2, 4, 3}, {3, 3}, {1, 3});
    check({2, 4, 3}, {3, 3}, {2, 4});
}

TEST_CASE("tanh_recurrence passes the gradient check through time" * doctest::skip(!is_double)) {
    Rng rng(5);
    const std::vector<Tensor> inputs{Tensor::parameter(random_normal({9, 6, 3}, 1, rng)),
                                     Tensor::parameter(random_normal({3, 3}, 1, rng)),
                                     Tensor::parameter(random_normal({9, 3}, 1, rng))};
    const GradCheck check =
        grad_check([](const std::vector<Tensor>& in) { return tanh_recurrence(in[0], in[1], in[2]); }, inputs, rng);
    INFO(check.report);
    CHECK(check.passed);
}
