#include <ordinal/nn/loss.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

// One softmax row and a mean of at most 6 numbers of size 1 to 10.
constexpr double rounding_of_losses = tolerance(1e-6, 1e-14);

TEST_CASE("cross_entropy computes what torch computes - with and without ignored targets") {
    const Figures figures("losses");
    for (const std::string group : {"cross_entropy", "cross_entropy_ignored"}) {
        CAPTURE(group);
        const Tensor logits = Tensor::parameter(figures[group + ".logits"]);
        const Tensor loss = cross_entropy(logits, figures.ids(group + ".targets"), -1);
        CHECK(largest_error(loss.values(), figures[group + ".out"]) <= rounding_of_losses);
        loss.backward(figures[group + ".out.grad"]);
        CHECK(largest_error(logits.grad(), figures[group + ".logits.grad"]) <= rounding_of_losses);
    }
}

TEST_CASE("cross_entropy ignores the index one names and no other") {
    Rng rng(1);
    const NdArray logits = random_normal({2, 3, 4}, 2, rng);
    const Scalar both = cross_entropy(Tensor(logits), IndexArray({2, 3}, {0, 9, 1, 9, 9, 3}), 9).item();
    const NdArray rows = reshape(logits, Shape{6, 4});
    const NdArray kept = concat({slice(rows, 0, 0, 1), slice(rows, 0, 2, 3), slice(rows, 0, 5, 6)}, 0);
    CHECK(std::abs(both - cross_entropy(Tensor(kept), IndexArray({3}, {0, 1, 3})).item()) <= rounding_of_losses);
}

TEST_CASE("cross_entropy names a target that is no class and refuses to average nothing") {
    const Tensor logits(zeros({2, 3}));
    CHECK_THROWS_WITH_AS(cross_entropy(logits, IndexArray({2}, {0, 3})), "cross_entropy: target 3 is outside 3 classes",
                         IndexError);
    CHECK_THROWS_WITH_AS(cross_entropy(logits, IndexArray({2}, {-1, -1})),
                         "cross_entropy: every target is ignored, so there is nothing to average", ShapeError);
    CHECK_THROWS_WITH_AS(cross_entropy(logits, IndexArray({3}, {0, 1, 2})),
                         "cross_entropy: expected logits [..., V] and targets [...], got logits [2, 3] and targets [3]",
                         ShapeError);
}

TEST_CASE("mse_loss computes what torch computes") {
    const Figures figures("losses");
    const Tensor prediction = Tensor::parameter(figures["mse.prediction"]),
                 target = Tensor::parameter(figures["mse.target"]);
    const Tensor loss = mse_loss(prediction, target);
    CHECK(largest_error(loss.values(), figures["mse.out"]) <= rounding_of_losses);
    loss.backward(figures["mse.out.grad"]);
    CHECK(largest_error(prediction.grad(), figures["mse.prediction.grad"]) <= rounding_of_losses);
    CHECK(largest_error(target.grad(), figures["mse.target.grad"]) <= rounding_of_losses);
    CHECK_THROWS_WITH_AS(mse_loss(prediction, Tensor(zeros({2, 3}))),
                         "mse_loss: expected equal shapes, got [3, 2] and [2, 3]", ShapeError);
}

TEST_CASE("accuracy counts the targets that are not ignored") {
    const NdArray logits({4, 3}, {0, 2, 1, 5, 0, 0, 0, 0, 7, 1, 2, 3});    // argmax 1, 0, 2, 2
    CHECK(accuracy(logits, IndexArray({4}, {1, 0, 2, 2})) == 1);
    CHECK(accuracy(logits, IndexArray({4}, {1, 1, 2, 0})) == 0.5);
    CHECK(accuracy(logits, IndexArray({4}, {1, -1, 0, -1})) == 0.5);
    CHECK(accuracy(logits, IndexArray({4}, {1, -1, -1, -1})) == 1);    // one is enough to count
    CHECK_THROWS_WITH_AS(accuracy(logits, IndexArray({4}, {-1, -1, -1, -1})),
                         "accuracy: every target is ignored, so there is nothing to count", ShapeError);
    CHECK_THROWS_WITH_AS(accuracy(logits, IndexArray({2}, {1, 1})),
                         "accuracy: expected logits [..., V] and targets [...], got logits [4, 3] and targets [2]",
                         ShapeError);
}

TEST_CASE("cross_entropy and mse_loss pass the gradient check" * doctest::skip(!is_double)) {
    Rng rng(2);
    const Tensor logits = random_parameter({2, 3, 5}, rng);
    const auto loss = [&](const std::vector<Tensor>&) {
        return cross_entropy(logits, IndexArray({2, 3}, {0, 4, -1, 2, 2, 1}));
    };
    CHECK(grad_check(loss, {logits}, rng).report == "all elements agree");
    const Tensor a = random_parameter({3, 2}, rng), b = random_parameter({3, 2}, rng);
    CHECK(grad_check([&](const std::vector<Tensor>&) { return mse_loss(a, b); }, {a, b}, rng).report ==
          "all elements agree");
}

TEST_CASE("a NaN among the logits is never right") {
    const Scalar nan_value = std::numeric_limits<Scalar>::quiet_NaN();
    const NdArray logits({3, 3}, {0, nan_value, 1, 0, nan_value, 1, 0, 2, 1});
    CHECK(accuracy(logits, IndexArray({3}, {1, 2, 1})) == 1.0 / 3);
}

TEST_CASE("cross_entropy with logits of minus infinity and of great size is that of PyTorch") {
    const auto run = [](std::initializer_list<Scalar> row, Index target) {
        const Tensor logits = Tensor::parameter(NdArray({1, 3}, row));
        const Tensor loss = cross_entropy(logits, IndexArray({1}, {target}));
        loss.backward();
        return std::pair(loss.item(), logits.grad());
    };
    const auto [loss, slope] = run({1, -infinity, 2}, 0);
    const auto p = static_cast<Scalar>(1 / (1 + std::exp(1.0)));
    CHECK(std::abs(loss - Scalar(1.3132616875182228)) <= rounding_of_losses);
    CHECK(largest_error(slope, NdArray({1, 3}, {p - 1, 0, 1 - p})) <= rounding_of_losses);
    const auto [hidden_loss, hidden_slope] = run({1, -infinity, 2}, 1);
    CHECK(hidden_loss == infinity);
    CHECK(largest_error(hidden_slope, NdArray({1, 3}, {p, -1, 1 - p})) <= rounding_of_losses);
    const auto [sure_loss, sure_slope] = run({Scalar(1e30), 1, Scalar(-1e30)}, 0);
    CHECK(sure_loss == 0);
    CHECK(sure_slope.to_vector() == std::vector<Scalar>{0, 0, 0});
}
