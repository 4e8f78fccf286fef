#include <ordinal/nn/optimizer.h>

#include <doctest/doctest.h>

#include <ordinal/nn/embedding.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// The weights after each of torch's 5 steps with the same gradients.
template <class Make>
double error_over_steps(const std::string& group, const Make& make) {
    const Figures figures("optimizers");
    const Tensor weight = Tensor::parameter(figures[group + ".start"]);
    const auto optimizer = make(Parameters{{"weight", weight}}, figures);
    double error = 0;
    for (Index step = 0; step < 5; ++step) {
        weight.set_grad(reshape(slice(figures[group + ".grads"], 0, step, step + 1), weight.shape()));
        optimizer->step(figures.number(group + ".lr"));
        const NdArray after = reshape(slice(figures[group + ".after"], 0, step, step + 1), weight.shape());
        error = std::max(error, largest_error(weight.values(), after));
    }
    return error;
}

AdamOptions adam_options(const Figures& figures, const std::string& group) {
    AdamOptions options{figures.number(group + ".beta1"), figures.number(group + ".beta2"),
                        figures.number(group + ".eps")};
    return options;
}

constexpr double rounding = tolerance(1e-6, 1e-15);    // 5 steps of at most 4 roundings each, of numbers up to 2

}    // namespace

TEST_CASE("Sgd walks as torch does - with and without momentum") {
    CHECK(error_over_steps("sgd", [](Parameters all, const Figures&) { return std::make_unique<Sgd>(all); }) <=
          rounding);
    CHECK(error_over_steps("sgd_momentum", [](Parameters all, const Figures& figures) {
              return std::make_unique<Sgd>(all, figures.number("sgd_momentum.momentum"));
          }) <= rounding);
}

TEST_CASE("Adam and AdamW walk as torch does") {
    CHECK(error_over_steps("adam", [](Parameters all, const Figures& figures) {
              return std::make_unique<Adam>(all, adam_options(figures, "adam"));
          }) <= rounding);
    CHECK(error_over_steps("adamw", [](Parameters all, const Figures& figures) {
              return std::make_unique<AdamW>(all, figures.number("adamw.weight_decay"), adam_options(figures, "adamw"));
          }) <= rounding);
}

TEST_CASE("clip_gradients clips as torch does and leaves short gradients alone") {
    const Figures figures("clip_grad_norm");
    for (const std::string group : {"clipped", "untouched"}) {
        CAPTURE(group);
        const Tensor a = Tensor::parameter(zeros({2, 3})), b = Tensor::parameter(zeros({4}));
        const Tensor idle = Tensor::parameter(zeros({2}));    // has no gradient: does not count
        a.set_grad(figures[group + ".A.before"]);
        b.set_grad(figures[group + ".B.before"]);
        const double norm = clip_gradients({{"a", a}, {"idle", idle}, {"b", b}}, figures.number(group + ".max_norm"));
        // The gradients themselves are rounded to float: relative error of the norm 6e-8.
        CHECK(std::abs(norm / figures.number(group + ".norm") - 1) <= tolerance(2e-7, 1e-15));
        CHECK(largest_error(a.grad(), figures[group + ".A.after"]) <= rounding);
        CHECK(largest_error(b.grad(), figures[group + ".B.after"]) <= rounding);
        CHECK_FALSE(idle.has_grad());
    }
}

TEST_CASE("weight decay shrinks a table row that is never visited under AdamW and leaves it under Adam") {
    const auto train = [](auto make) {
        Rng rng(1);
        const Embedding table(3, 4, rng);
        const NdArray before = table.weight().values();
        const auto optimizer = make(table.parameters());
        for (int step = 0; step < 10; ++step) {
            optimizer->clear_gradients();
            sum(table.forward(IndexArray({2}, {0, 2}))).backward();    // row 1 is never visited
            optimizer->step(0.1);
        }
        return std::pair(slice(before, 0, 1, 2), slice(table.weight().values(), 0, 1, 2));
    };
    const auto [before, after_adam] = train([](Parameters all) { return std::make_unique<Adam>(all); });
    CHECK(same_numbers(after_adam, before));
    const auto [start, after_adamw] = train([](Parameters all) { return std::make_unique<AdamW>(all, 0.5); });
    // 10 times w <- (1 - 0.1 * 0.5) w, one rounding each
    CHECK(largest_error(after_adamw, start * static_cast<Scalar>(std::pow(0.95, 10))) <= tolerance(1e-6, 1e-15));
}

TEST_CASE("an optimizer leaves a parameter without a gradient as it is") {
    const Tensor moving = Tensor::parameter(NdArray({2}, 1)), resting = Tensor::parameter(NdArray({2}, 1));
    AdamW optimizer({{"moving", moving}, {"resting", resting}}, 0.5);
    moving.set_grad(NdArray({2}, 1));
    optimizer.step(0.1);
    CHECK(resting.values().to_vector() == std::vector<Scalar>{1, 1});
    CHECK(moving.values().at({0}) < 1);
}

TEST_CASE("clear_gradients forgets and backward adds up") {
    const Tensor w = Tensor::parameter(NdArray({1}, {3}));
    Sgd optimizer({{"w", w}});
    sum(w * w).backward();
    sum(w * w).backward();
    CHECK(w.grad().item() == 12);
    optimizer.clear_gradients();
    CHECK_FALSE(w.has_grad());
    sum(w * w).backward();
    CHECK(w.grad().item() == 6);
}

TEST_CASE("a step does not change the values that a graph still holds") {
    const Tensor w = Tensor::parameter(NdArray({1}, {3}));
    Sgd optimizer({{"w", w}});
    const Tensor square = w * w;    // needs w = 3 to go back
    w.set_grad(NdArray({1}, {1}));
    const NdArray held = w.values();
    optimizer.step(1);
    CHECK(w.values().item() == 2);
    CHECK(held.item() == 3);
    CHECK(square.item() == 9);
}

TEST_CASE("warmup_cosine rises over the warm-up and falls along half a cosine to its floor") {
    constexpr double exact = 1e-15;                               // a handful of double roundings
    CHECK(std::abs(warmup_cosine(0, 500, 1) - 0.02) <= exact);    // 1/50 of the peak
    CHECK(std::abs(warmup_cosine(24, 500, 1) - 0.5 * 0.5 * (1 + std::cos(0.048 * std::numbers::pi))) <= exact);
    CHECK(std::abs(warmup_cosine(250, 500, 3e-3) - 1.5e-3) <= exact);                     // half of the way down
    CHECK(std::abs(warmup_cosine(125, 500, 1) - 0.5 * (1 + std::sqrt(0.5))) <= exact);    // cos(pi / 4)
    CHECK(warmup_cosine(499, 500, 1) == 0.02);                                            // the floor
    CHECK(warmup_cosine(9, 10, 2, 1, 0.25) == 0.5);
    for (Index t = 50; t + 1 < 500; ++t) CHECK(warmup_cosine(t + 1, 500, 1) <= warmup_cosine(t, 500, 1));
}

TEST_CASE("a tensor listed twice and an empty schedule are refused") {
    const Tensor w = Tensor::parameter(zeros({1}));
    CHECK_THROWS_WITH_AS(Sgd({{"a", w}, {"b", w}}),
                         "Optimizer: 'a' and 'b' are the same tensor; list it once, or it is stepped twice",
                         OptionError);
    CHECK_THROWS_WITH_AS(warmup_cosine(0, 0, 1), "warmup_cosine: expected total and warmup of at least 1, got 0 and 50",
                         OptionError);
}
