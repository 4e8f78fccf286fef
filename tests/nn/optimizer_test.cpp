#include <ordinal/nn/optimizer.h>

#include <doctest/doctest.h>

#include <limits>
#include <numbers>

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

constexpr double rounding_of_steps =
    tolerance(1e-6, 1e-15);    // 5 steps of at most 4 roundings each, of numbers up to 2

}    // namespace

TEST_CASE("Sgd walks as torch does - with and without momentum") {
    CHECK(error_over_steps("sgd", [](Parameters all, const Figures&) { return std::make_unique<Sgd>(all); }) <=
          rounding_of_steps);
    CHECK(error_over_steps("sgd_momentum", [](Parameters all, const Figures& figures) {
              return std::make_unique<Sgd>(all, figures.number("sgd_momentum.momentum"));
          }) <= rounding_of_steps);
}

TEST_CASE("Adam and AdamW walk as torch does") {
    CHECK(error_over_steps("adam", [](Parameters all, const Figures& figures) {
              return std::make_unique<Adam>(all, adam_options(figures, "adam"));
          }) <= rounding_of_steps);
    CHECK(error_over_steps("adamw", [](Parameters all, const Figures& figures) {
              return std::make_unique<AdamW>(all, figures.number("adamw.weight_decay"), adam_options(figures, "adamw"));
          }) <= rounding_of_steps);
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
        CHECK(largest_error(a.grad(), figures[group + ".A.after"]) <= rounding_of_steps);
        CHECK(largest_error(b.grad(), figures[group + ".B.after"]) <= rounding_of_steps);
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
    const std::string twice = "Optimizer: 'a' and 'b' are the same tensor; list it once, or it is stepped twice";
    CHECK_THROWS_WITH_AS(Sgd({{"a", w}, {"b", w}}), twice.c_str(), OptionError);
    const Parameters a{{"a", w}}, b{{"b", w}};
    CHECK_THROWS_WITH_AS(Adam({{.parameters = a}, {.parameters = b}}), twice.c_str(), OptionError);
    CHECK_THROWS_WITH_AS(warmup_cosine(0, 0, 1), "warmup_cosine: expected total and warmup of at least 1, got 0 and 50",
                         OptionError);
}

namespace {

Tensor number(double value) { return Tensor::parameter(NdArray(Shape{}, static_cast<Scalar>(value))); }

void step_with(Optimizer& optimizer, const Tensor& w, double gradient, double rate) {
    w.set_grad(NdArray(Shape{}, static_cast<Scalar>(gradient)));
    optimizer.step(rate);
}

}    // namespace

TEST_CASE("one step of Adam is the learning rate for every beta") {
    for (const double beta1 : {0.0, 0.9, 0.99999, 0.9999999, 0.99999999})
        for (const double beta2 : {0.0, 0.9, 0.99999, 0.9999999, 0.99999999}) {
            CAPTURE(beta1);
            CAPTURE(beta2);
            const Tensor w = number(0);
            Adam adam({{"w", w}}, {beta1, beta2});
            step_with(adam, w, 1, 1);
            // A handful of roundings.
            CHECK(std::abs(static_cast<double>(w.item()) + 1 / (1 + 1e-8)) <= tolerance(3e-7, 1e-14));
        }
}

TEST_CASE("each parameter counts its own steps") {
    const Tensor early = number(0), late = number(0);
    Adam adam({{"early", early}, {"late", late}});
    for (int step = 0; step < 10; ++step) step_with(adam, early, 1, 0.1);
    CHECK(late.item() == 0);
    early.clear_grad();
    step_with(adam, late, 1, 0.1);
    CHECK(std::abs(static_cast<double>(late.item()) + 0.1) <= tolerance(1e-7, 1e-8));    // 1e-8: eps
}

// Three gradients and the fourth after the state was saved: the number that PyTorch gives in float64.
TEST_CASE("Adam continues where its state was saved") {
    const auto trained = [](const Tensor& x) {
        Adam adam({{"x", x}});
        for (const double g : {1.0, 2.0, 3.0}) step_with(adam, x, g, 0.1);
        return adam.state_dict();
    };
    const Tensor x = number(0);
    const OptimizerState state = trained(x);
    Adam fresh({{"x", x}});
    fresh.load_state_dict(state);
    step_with(fresh, x, 1, 0.1);
    CHECK(std::abs(static_cast<double>(x.item()) + 0.38314212) <= tolerance(1e-7, 5e-9));

    // What it would be otherwise: the test sees each loss.
    const auto without = [&](auto lose) {
        const Tensor y = number(0);
        OptimizerState damaged = trained(y);
        lose(damaged);
        Adam adam({{"x", y}});
        adam.load_state_dict(damaged);
        step_with(adam, y, 1, 0.1);
        return static_cast<double>(y.item());
    };
    CHECK(std::abs(without([](OptimizerState& s) { s.steps["x"] = 0; }) + 0.44860702) <= tolerance(1e-7, 5e-9));
    CHECK(std::abs(without([](OptimizerState& s) { s.memory["x.exp_avg_sq"] = NdArray(Shape{}); }) + 0.64384286) <=
          tolerance(1e-7, 5e-9));
}

TEST_CASE("a state is a copy that later steps do not move") {
    const Tensor x = number(0);
    Sgd sgd({{"x", x}}, 0.5);
    step_with(sgd, x, 1, 0.1);
    const OptimizerState state = sgd.state_dict();
    step_with(sgd, x, 1, 0.1);
    CHECK(state.memory.at("x.momentum_buffer").item() == 1);
    CHECK(state.steps.at("x") == 1);
    Sgd other({{"x", x}}, 0.5);
    other.load_state_dict(state);
    step_with(other, x, 1, 0.1);
    CHECK(state.memory.at("x.momentum_buffer").item() == 1);
}

TEST_CASE("a state is matched by name and one that does not fit changes nothing") {
    const Tensor a = number(0), b = number(0), wide = Tensor::parameter(zeros({2}));
    Adam adam({{"a", a}, {"b", b}});
    step_with(adam, a, 3, 0.1);
    const OptimizerState state = adam.state_dict();
    Adam turned({{"b", b}, {"a", a}});
    turned.load_state_dict(state);
    CHECK(turned.state_dict().steps == std::map<std::string, Index>{{"a", 1}, {"b", 0}});

    const auto refused = [&](Optimizer&& optimizer, const std::string& reason) {
        const OptimizerState before = optimizer.state_dict();
        CHECK_THROWS_WITH_AS(optimizer.load_state_dict(state), reason.c_str(), Error);
        CHECK(optimizer.state_dict().steps == before.steps);
        for (const auto& [name, values] : before.memory)
            CHECK(same_numbers(optimizer.state_dict().memory.at(name), values));
    };
    refused(AdamW({{"a", a}, {"b", b}}),
            "AdamW: the state is that of Adam; go on with the optimizer that it was saved from");
    refused(Sgd({{"a", a}, {"b", b}}),
            "Sgd: the state is that of Adam; go on with the optimizer that it was saved from");
    refused(Adam({{"a", a}, {"c", b}}), "Adam: the state has nothing for 'c'");
    refused(Adam({{"a", a}}), "Adam: the state has 'b', which is not used here");
    refused(Adam({{"a", a}, {"b", wide}}), "Adam: the state's 'b.exp_avg' has shape [], expected [2]");
    Adam twins({{"a", a}, {"a", b}});
    CHECK_THROWS_WITH_AS(twins.state_dict(),
                         "Adam: two parameters are called 'a'; a state is kept by name, so give each its own",
                         OptionError);
    Sgd plain({{"a", a}}), heavy({{"a", a}}, 0.9);
    CHECK_THROWS_WITH_AS(heavy.load_state_dict(plain.state_dict()),
                         "Sgd: the state has nothing for 'a.momentum_buffer'", OptionError);
    CHECK_THROWS_WITH_AS(plain.load_state_dict(heavy.state_dict()),
                         "Sgd: the state has 'a.momentum_buffer', which is not used here", OptionError);
}

TEST_CASE("groups have rates and decays of their own") {
    const Tensor slow = number(1), fast = number(1), frozen = number(1);
    const Parameters usual{{"slow", slow}}, faster{{"fast", fast}}, still{{"frozen", frozen}};
    AdamW adam({{.parameters = usual},
                {.parameters = faster, .learning_rate_factor = 10, .weight_decay = 0},
                {.parameters = still, .learning_rate_factor = 0}},
               0.5);
    for (const Tensor& w : {slow, fast, frozen}) w.set_grad(NdArray(Shape{}, Scalar(1)));
    adam.step(0.01);
    CHECK(std::abs(static_cast<double>(slow.item()) - (1 - 0.01 * 0.5 - 0.01)) <= tolerance(1e-7, 1e-9));
    CHECK(std::abs(static_cast<double>(fast.item()) - 0.9) <= tolerance(1e-7, 2e-9));    // 10 eps
    CHECK(frozen.item() == 1);
}

TEST_CASE("an optimizer takes a module") {
    Rng rng(1);
    const Embedding table(3, 2, rng);
    Sgd sgd(table);
    sum(table.forward(IndexArray({1}, {0}))).backward();
    const NdArray before = table.weight().values();
    sgd.step(1);
    CHECK(same_numbers(table.weight().values(), before - table.weight().grad()));
    CHECK(clip_gradients(table, 5) == std::sqrt(2.0));
}

// 0 x inf is NaN, and a state would keep it for ever.
TEST_CASE("an infinite gradient is forgotten where the option is 0") {
    const auto next_step = [](auto make) {
        const Tensor w = number(1);
        const auto optimizer = make(Parameters{{"w", w}});
        step_with(*optimizer, w, infinity, 0.1);
        w.set_values(NdArray(Shape{}, Scalar(1)));
        step_with(*optimizer, w, 1, 0.25);
        return static_cast<double>(w.item());
    };
    CHECK(next_step([](Parameters all) { return std::make_unique<Sgd>(all); }) == 0.75);
    CHECK(next_step([](Parameters all) { return std::make_unique<Sgd>(all, 1e-300); }) ==
          (is_double ? -infinity : 0.75));    // 1e-300 is a momentum in double only
    CHECK(std::abs(next_step([](Parameters all) {
                       return std::make_unique<Adam>(all, AdamOptions{.beta1 = 0, .beta2 = 0});
                   }) -
                   0.75) <= tolerance(1e-7, 1e-8));
}

TEST_CASE("a rate of 0 moves nothing and an eps of 0 makes no NaN") {
    const Tensor w = number(1);
    Sgd sgd({{"w", w}}, 0.5);
    Adam adam({{"w", w}}, {.eps = 0});
    step_with(sgd, w, infinity, 0);
    CHECK(w.item() == 1);
    step_with(adam, w, 0, 0.1);
    CHECK(w.item() == 1);
    step_with(adam, w, infinity, 0);
    CHECK(w.item() == 1);
    Adam other({{"w", w}}, {.eps = 0});
    step_with(other, w, not_a_number, 0.1);    // while what is NaN is not hidden
    CHECK(std::isnan(w.item()));
}

TEST_CASE("every option of every optimizer is checked") {
    const Tensor w = number(1);
    const Parameters all{{"w", w}};
    for (const double wrong : {1.0, 1.5, -0.1, wide(not_a_number), wide(infinity)}) {
        const std::string got = text_of(" < 1, got ", wrong);
        CHECK_THROWS_WITH_AS(Sgd(all, wrong), ("Sgd: expected 0 <= momentum" + got).c_str(), OptionError);
        CHECK_THROWS_WITH_AS(Adam(all, {.beta1 = wrong}), ("Adam: expected 0 <= beta1" + got).c_str(), OptionError);
        CHECK_THROWS_WITH_AS(AdamW(all, 0.1, {.beta2 = wrong}), ("AdamW: expected 0 <= beta2" + got).c_str(),
                             OptionError);
    }
    for (const double wrong : {-0.1, wide(not_a_number), wide(infinity)}) {
        const std::string got = text_of(" of 0 or more, got ", wrong);
        CHECK_THROWS_WITH_AS(Adam(all, {.eps = wrong}), ("Adam: expected a finite eps" + got).c_str(), OptionError);
        CHECK_THROWS_WITH_AS(AdamW(all, wrong), ("AdamW: expected a finite weight_decay" + got).c_str(), OptionError);
        const ParameterGroup own{.parameters = all, .weight_decay = 0.1};    // nobody takes the optimizer's
        CHECK_THROWS_WITH_AS(AdamW({own}, wrong), ("AdamW: expected a finite weight_decay" + got).c_str(), OptionError);
        CHECK_THROWS_WITH_AS(AdamW({{.parameters = all, .weight_decay = wrong}, {}}),
                             ("AdamW: expected a finite weight_decay" + got).c_str(), OptionError);
        CHECK_THROWS_WITH_AS(Sgd({{.parameters = all, .learning_rate_factor = wrong}, {}}),
                             ("Sgd: expected a finite learning_rate_factor" + got).c_str(), OptionError);
        Sgd sgd(all);
        w.set_grad(NdArray(Shape{}, Scalar(1)));
        CHECK_THROWS_WITH_AS(sgd.step(wrong), ("Sgd: expected a finite learning rate" + got).c_str(), OptionError);
    }
    if (!is_double) CHECK_THROWS_AS(Adam(all, {.eps = 1e300}), OptionError);    // infinite as a Scalar
    CHECK_THROWS_WITH_AS(Sgd({{.parameters = all, .weight_decay = 0.1}, {}}),
                         "Sgd: only AdamW has weight_decay, also of groups", OptionError);
    CHECK_THROWS_WITH_AS(Adam(Parameters{}), "Adam: expected at least one parameter, got none; nothing would learn",
                         OptionError);
    CHECK_THROWS_WITH_AS(Adam({{"w", w * w}}), "Adam: 'w' is no parameter but undefined or a result; list leaves only",
                         OptionError);
    CHECK_THROWS_WITH_AS(Adam({{"w", Tensor()}}),
                         "Adam: 'w' is no parameter but undefined or a result; list leaves only", OptionError);
    AdamW adamw(all, 30);
    CHECK_THROWS_WITH_AS(
        adamw.step(0.1),
        "AdamW: learning rate times weight_decay is 3; above 1 weights would change their signs and not "
        "decay",
        OptionError);
    CHECK(w.item() == 1);    // none of these moved it
}

TEST_CASE("clip_gradients counts a shared parameter once") {
    const Tensor tied = Tensor::parameter(zeros({4})), other = Tensor::parameter(zeros({1}));
    tied.set_grad(NdArray({4}, 2));
    CHECK(clip_gradients({{"in", tied}, {"out", tied}, {"other", other}}, 2) == 4);
    CHECK(largest_error(tied.grad(), NdArray({4}, 1)) <= 1e-6);    // PyTorch's 1e-6
    CHECK(clip_gradients({{"in", tied}}, infinity) > 1.999);       // only measured
}

TEST_CASE("clip_gradients refuses what it cannot scale and changes nothing") {
    const Tensor fine = number(0), broken = number(0);
    for (const double wrong : {not_a_number, infinity, -infinity}) {
        fine.set_grad(NdArray(Shape{}, Scalar(3)));
        broken.set_grad(NdArray(Shape{}, static_cast<Scalar>(wrong)));
        CHECK_THROWS_WITH_AS(clip_gradients({{"fine", fine}, {"broken", broken}}, 1),
                             "clip_gradients: the gradient of 'broken' is infinite or NaN, or too large to be squared; "
                             "TraceNan finds where a NaN is made",
                             GraphError);
        CHECK(fine.grad().item() == 3);
    }
    for (const double wrong : {0.0, -1.0, wide(not_a_number)})
        CHECK_THROWS_WITH_AS(clip_gradients({{"fine", fine}}, wrong),
                             text_of("clip_gradients: expected max_norm > 0, got ", wrong).c_str(), OptionError);
}

TEST_CASE("warmup_cosine refuses what it cannot do and stays at the floor") {
    CHECK(warmup_cosine(500, 500, 1) == 0.02);
    CHECK(warmup_cosine(1000, 500, 3) == 3 * 0.02);
    CHECK(warmup_cosine(INT64_MAX, 500, 1) == 0.02);
    CHECK(std::abs(warmup_cosine(7, 10, 1, 10, 0) - 0.8 * 0.5 * (1 + std::cos(0.7 * std::numbers::pi))) <= 1e-15);
    CHECK_THROWS_WITH_AS(warmup_cosine(0, 49, 1), "warmup_cosine: a warm-up of 50 steps does not fit into 49 steps",
                         OptionError);
    CHECK_THROWS_WITH_AS(warmup_cosine(-10, 500, 1), "warmup_cosine: expected a step of 0 or more, got -10",
                         OptionError);
    CHECK_THROWS_WITH_AS(warmup_cosine(0, 500, -1), "warmup_cosine: expected a finite peak of 0 or more, got -1",
                         OptionError);
    CHECK_THROWS_WITH_AS(warmup_cosine(0, 500, 1, 50, 1.5), "warmup_cosine: expected 0 <= floor <= 1, got 1.5",
                         OptionError);
    CHECK_THROWS_WITH_AS(warmup_cosine(0, 500, 1, 50, not_a_number), "warmup_cosine: expected 0 <= floor <= 1, got nan",
                         OptionError);
}

TEST_CASE("a constant among the parameters is refused by whoever would leave it as it is") {
    Rng rng(1);
    struct Forgetful : Module {
        explicit Forgetful(Rng& r) : w(random_normal({2}, 1, r)) {}
        Parameters parameters() const override { return {{"w", w}}; }
        Tensor w;
    };
    const Forgetful model(rng);
    const std::string rest =
        ": 'w' is a constant and would never learn; make it with Tensor::parameter, or freeze it by leaving it out of "
        "the list or by a group with learning_rate_factor 0";
    CHECK_THROWS_WITH_AS(Sgd{model}, ("Sgd" + rest).c_str(), OptionError);
    CHECK_THROWS_WITH_AS(Adam{model}, ("Adam" + rest).c_str(), OptionError);
    CHECK_THROWS_WITH_AS(AdamW{model}, ("AdamW" + rest).c_str(), OptionError);
    CHECK_THROWS_WITH_AS(clip_gradients(model, 1), ("clip_gradients" + rest).c_str(), OptionError);

    const Tensor frozen = number(5), learning = number(5);    // deliberately frozen
    Sgd sgd({ParameterGroup{.parameters = {{"frozen", frozen}}, .learning_rate_factor = 0},
             ParameterGroup{.parameters = {{"learning", learning}}}});
    for (const Tensor& w : {frozen, learning}) w.set_grad(NdArray(Shape{}, Scalar(1)));
    sgd.step(1);
    CHECK(frozen.item() == 5);
    CHECK(learning.item() == 4);
}

TEST_CASE("the ends of the ranges of a step and of a schedule belong to them") {
    CHECK(warmup_cosine(0, 1, 2, 1, 0.25) == 2);    // one step is warm-up and peak at once
    CHECK(warmup_cosine(9, 10, 2, 1, 1) == 2);      // a floor of 1 holds the peak
    CHECK(warmup_cosine(3, 10, 0, 5) == 0);
    CHECK_THROWS_WITH_AS(warmup_cosine(0, 10, 1, 0),
                         "warmup_cosine: expected total and warmup of at least 1, got 10 and 0", OptionError);
    const Tensor w = number(3);
    AdamW adamw({{"w", w}}, 2);
    step_with(adamw, w, 0, 0.5);    // 1 - 0.5 x 2 = 0 of the weight is kept
    CHECK(w.item() == 0);
    const Tensor four = Tensor::parameter(zeros({4}));
    four.set_grad(NdArray({4}, 2));
    CHECK(clip_gradients({{"four", four}}, 4) == 4);    // as long as allowed: left alone
    CHECK(four.grad().to_vector() == std::vector<Scalar>{2, 2, 2, 2});
}
