// The checker is checked: planted errors must be found. Its tolerance needs double, and so do most of these tests.
#include <ordinal/core/grad_check.h>

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>

using namespace ordinal;

namespace {

GradCheck check(const std::function<Tensor(const std::vector<Tensor>&)>& f, const std::vector<Shape>& shapes) {
    Rng rng(1);
    std::vector<Tensor> inputs;
    for (const Shape& shape : shapes) inputs.push_back(Tensor::parameter(random_normal(shape, 1, rng)));
    return grad_check(f, inputs, rng);
}

bool starts_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

}    // namespace

TEST_CASE("gradients that are 0 everywhere prove nothing") {
    const auto dead = [](const std::vector<Tensor>& in) { return scale(in[0], 0); };
    const GradCheck result = check(dead, {{2, 3}});
    CHECK_FALSE(result.passed);
    CHECK(result.report == "every gradient is 0: nothing was tested");
}

TEST_CASE("the checker finds a gradient of the wrong sign and leaves the inputs as they were") {
    const auto wrong = [](const std::vector<Tensor>& in) {
        const Tensor& X = in[0];
        return Tensor::from_op("neg", -X.values(), {X}, [X](const NdArray& dY) { X.accumulate_grad(dY); });
    };
    Rng rng(1);
    const Tensor x = Tensor::parameter(NdArray({2}, {1, 2}));
    const GradCheck result = grad_check(wrong, {x}, rng);
    CHECK_FALSE(result.passed);
    INFO(result.report);
    CHECK(starts_with(result.report, "input 0 [2], element "));
    CHECK(x.values().to_vector() == std::vector<Scalar>{1, 2});
}

TEST_CASE("the checker leaves values and gradients as they were also when the function throws") {
    Rng rng(1);
    const Tensor x = Tensor::parameter(NdArray({2}, {1, 2})), y = Tensor::parameter(NdArray({2}, {3, 4}));
    x.set_grad(NdArray({2}, {5, 6}));
    for (int good_calls : {0, 1, 2, 5}) {
        int calls = 0;
        const auto fails = [&](const std::vector<Tensor>& in) {
            if (calls++ == good_calls) throw std::runtime_error("f has had enough");
            return in[0] * in[1];
        };
        CHECK_THROWS_WITH_AS(static_cast<void>(grad_check(fails, {x, y, x}, rng)), "f has had enough",
                             std::runtime_error);
        CHECK(x.values().to_vector() == std::vector<Scalar>{1, 2});
        CHECK(y.values().to_vector() == std::vector<Scalar>{3, 4});
        REQUIRE(x.has_grad());
        CHECK(x.grad().to_vector() == std::vector<Scalar>{5, 6});
        CHECK_FALSE(y.has_grad());
    }
    CHECK((x * y).requires_grad());
}

TEST_CASE("the checker refuses what it cannot move") {
    Rng rng(1);
    const Tensor x = Tensor::parameter(NdArray({2}, {1, 2}));
    const auto identity = [](const std::vector<Tensor>& in) { return in[0]; };
    const char* message = "grad_check: expected parameters, got the result of an operation or an undefined tensor";
    CHECK_THROWS_WITH_AS(static_cast<void>(grad_check(identity, {x * x}, rng)), message, GraphError);
    CHECK_THROWS_WITH_AS(static_cast<void>(grad_check(identity, {Tensor()}, rng)), message, GraphError);
    for (const Tensor& other : {x.detach(), Tensor(x.values())})    // a result without values of its own, a constant
        CHECK_THROWS_WITH_AS(static_cast<void>(grad_check(identity, {x, other}, rng)), message, GraphError);
    CHECK_THROWS_WITH_AS(static_cast<void>(grad_check(nullptr, {x}, rng)),
                         "grad_check: expected a function, got an undefined one", OptionError);
    CHECK_THROWS_AS(static_cast<void>(grad_check([](const std::vector<Tensor>&) { return Tensor(); }, {x}, rng)),
                    GraphError);
}

TEST_CASE("the checker finds a NaN") {
    const auto ill = [](const std::vector<Tensor>& in) {
        const Tensor& X = in[0];
        return Tensor::from_op("ill", X.values(), {X}, [X](const NdArray& dY) {
            X.accumulate_grad(dY * std::numeric_limits<Scalar>::quiet_NaN());
        });
    };
    const GradCheck result = check(ill, {{2}});
    CHECK_FALSE(result.passed);
    INFO(result.report);
    CHECK(result.report.find("backward says nan") != std::string::npos);
    CHECK_FALSE(check([](const std::vector<Tensor>& in) { return log(scale(in[0] * in[0], -1)); }, {{2}}).passed);
}

TEST_CASE("the checker finds an input that backward forgot") {
    const auto forgetful = [](const std::vector<Tensor>& in) {
        const Tensor &A = in[0], &B = in[1];
        return Tensor::from_op("mul", A.values() * B.values(), {A, B},
                               [A, B](const NdArray& dC) { A.accumulate_grad(dC * B.values()); });
    };
    const GradCheck result = check(forgetful, {{2, 2}, {2, 2}});
    CHECK_FALSE(result.passed);
    INFO(result.report);
    CHECK(result.report.find("input 1 [2, 2], element ") != std::string::npos);
}

#ifdef ORDINAL_DOUBLE

TEST_CASE("right gradients pass") {
    const auto right = [](const std::vector<Tensor>& in) { return tanh(matmul(in[0], in[1]) + in[2]); };
    const GradCheck result = check(right, {{2, 3}, {3, 4}, {4}});
    CHECK(result.passed);
    CHECK(result.report == "all elements agree");
}

TEST_CASE("the checker finds a factor that is wrong by a millionth") {
    const auto with_factor = [](Scalar factor) {
        return [factor](const std::vector<Tensor>& in) {
            const Tensor& X = in[0];
            return Tensor::from_op("copy", X.values(), {X}, [=](const NdArray& dY) { X.accumulate_grad(dY * factor); });
        };
    };
    CHECK(check(with_factor(1), {{2, 3}}).passed);
    CHECK_FALSE(check(with_factor(1 + 3e-6), {{2, 3}}).passed);
    CHECK_FALSE(check(with_factor(2), {{2, 3}}).passed);
}

// Under a plain sum this softmax would pass: its rows always add up to 1.
TEST_CASE("the checker finds a softmax whose backward returns 0") {
    const auto dead_softmax = [](const std::vector<Tensor>& in) {
        const Tensor& X = in[0];
        return Tensor::from_op("softmax", softmax(X).values(), {X},
                               [X](const NdArray& dY) { X.accumulate_grad(dY * 0); });
    };
    const GradCheck result = check(dead_softmax, {{2, 3}});
    CHECK_FALSE(result.passed);
    INFO(result.report);
    CHECK(starts_with(result.report, "input 0 [2, 3], element "));    // not only because all is 0
    CHECK(check([](const std::vector<Tensor>& in) { return softmax(in[0]); }, {{2, 3}}).passed);
}

TEST_CASE("a broadcast gradient that is not summed is found") {
    const auto add_with = [](bool right) {    // the right gradient of B, or that of its first row alone
        return [right](const std::vector<Tensor>& in) {
            const Tensor &A = in[0], &B = in[1];
            return Tensor::from_op("add", A.values() + B.values(), {A, B}, [=](const NdArray& dC) {
                A.accumulate_grad(dC);
                B.accumulate_grad(right ? sum_to_shape(dC, B.shape()) : reshape(slice(dC, 0, 0, 1), B.shape()));
            });
        };
    };
    const auto not_summed = [](const std::vector<Tensor>& in) {
        const Tensor &A = in[0], &B = in[1];
        return Tensor::from_op("add", A.values() + B.values(), {A, B},
                               [=](const NdArray& dC) { B.accumulate_grad(dC); });
    };
    CHECK_THROWS_AS(check(not_summed, {{2, 3}, {3}}), ShapeError);    // the wrong shape is an error of its own
    CHECK(check(add_with(true), {{2, 3}, {3}}).passed);
    const GradCheck result = check(add_with(false), {{2, 3}, {3}});
    CHECK_FALSE(result.passed);
    INFO(result.report);
    CHECK(starts_with(result.report, "input 1 [3], element "));
}

TEST_CASE("the checker names the worst element and input") {
    const auto wrong_at_one = [](const std::vector<Tensor>& in) {
        const Tensor &A = in[0], &B = in[1];
        return Tensor::from_op("add", A.values() + B.values(), {A, B}, [=](const NdArray& dC) {
            A.accumulate_grad(dC);
            NdArray dB = dC;
            dB.mutable_data()[4] += 1;
            B.accumulate_grad(dB);
        });
    };
    const GradCheck result = check(wrong_at_one, {{2, 3}, {2, 3}});
    CHECK_FALSE(result.passed);
    INFO(result.report);
    CHECK(starts_with(result.report, "input 1 [2, 3], element 4: backward says "));
}

#endif
