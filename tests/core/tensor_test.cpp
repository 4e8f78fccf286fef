#include <ordinal/core/tensor.h>

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

#include <ordinal/core/ops.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("backward fills the gradient of every parameter") {
    const Tensor w = parameter({1, 2}), x = parameter({3, -4});
    const Tensor loss = sum(w * w * x);
    CHECK(loss.item() == -13);
    loss.backward();
    check_equal(w.grad(), NdArray({2}, {6, -16}));
    check_equal(x.grad(), NdArray({2}, {1, 4}));
}

TEST_CASE("an input that is used twice gets both gradients") {
    const Tensor x = parameter({3});
    sum(x * x).backward();    // f(x, x)
    CHECK(x.grad().item() == 6);
    const Tensor y = parameter({3});
    sum(y + y + y).backward();
    CHECK(y.grad().item() == 3);
    const Tensor z = parameter({2, 5});
    sum(z - z).backward();
    check_equal(z.grad(), NdArray({2}, {0, 0}));
}

// A walk that hands on a node's gradient before all of its users have added theirs gives 2 or 6 here, not 4.
TEST_CASE("a gradient is handed on only when it is complete") {
    const Tensor a = parameter({1});
    const Tensor b = a + a, c = b + b;
    sum(c).backward();
    CHECK(a.grad().item() == 4);

    const Tensor x = parameter({2});
    const Tensor square = x * x;
    const Tensor late = scale(scale(scale(square, 2), 2), 2);    // a long way and a short one to the same node
    sum(square + late).backward();
    CHECK(x.grad().item() == 9 * 2 * 2);
}

TEST_CASE("gradients of several backward calls add up until they are cleared") {
    const Tensor w = parameter({2});
    sum(w * w).backward();
    sum(w * w).backward();
    CHECK(w.grad().item() == 8);
    w.clear_grad();
    CHECK_FALSE(w.has_grad());
    sum(w * w).backward();
    CHECK(w.grad().item() == 4);
    w.set_grad(NdArray({1}, {Scalar(0.5)}));
    CHECK(w.grad().item() == Scalar(0.5));
}

TEST_CASE("adding to a gradient leaves the arrays alone that it came from") {
    const Tensor w = parameter({1, 1});
    const NdArray seed({2}, {1, 2});
    (w + w).backward(seed);
    (w + w).backward(seed);
    check_equal(seed, NdArray({2}, {1, 2}));
    check_equal(w.grad(), NdArray({2}, {4, 8}));
    const NdArray kept = w.grad();
    sum(w).backward();
    check_equal(kept, NdArray({2}, {4, 8}));
}

TEST_CASE("constants get no gradient and stop it") {
    const Tensor w = parameter({2}), c(NdArray({1}, {5}));
    sum(w * c).backward();
    CHECK(w.grad().item() == 5);
    CHECK_FALSE(c.has_grad());
    const Tensor product = c * c;
    CHECK_FALSE(product.requires_grad());
    CHECK(product.node()->inputs.empty());    // nothing is recorded that nobody will ask for
}

TEST_CASE("backward of any tensor takes the gradient of its output") {
    const Tensor w = parameter({1, 2, 3});
    (w * w).backward(NdArray({3}, {1, 10, 100}));
    check_equal(w.grad(), NdArray({3}, {2, 40, 600}));
    const Tensor p = parameter({7});
    p.backward();    // a parameter is its own output
    CHECK(p.grad().item() == 1);
}

TEST_CASE("backward says what is wrong") {
    const Tensor w = parameter({1, 2});
    CHECK_THROWS_WITH_AS((w * w).backward(),
                         "backward: expected a single number, got shape [2]; pass d loss / d output for anything else",
                         GraphError);
    CHECK_THROWS_WITH_AS((w * w).backward(zeros({3})), "backward: expected d loss / d output of shape [2], got [3]",
                         ShapeError);
    const Tensor constant(NdArray({1}, {3}));
    CHECK_THROWS_WITH_AS(constant.backward(),
                         "backward: nothing here needs a gradient (no parameter was used, or NoGrad was on)",
                         GraphError);
    CHECK_THROWS_AS(Tensor().backward(), GraphError);
    CHECK_FALSE(w.has_grad());
}

TEST_CASE("a second backward through a released graph is refused by name") {
    const Tensor w = parameter({1, 2});
    const Tensor squares = w * w;
    const Tensor loss = sum(squares);
    loss.backward();
    CHECK_THROWS_WITH_AS(
        loss.backward(),
        "backward: the graph behind 'sum' was released by an earlier backward(); compute the expression again",
        GraphError);
    CHECK_THROWS_WITH_AS(    // also through a new expression on an old part
        sum(squares + w).backward(),
        "backward: the graph behind 'mul' was released by an earlier backward(); compute the expression again",
        GraphError);
    check_equal(w.grad(), NdArray({2}, {2, 4}));    // the refused calls added nothing
    check_equal(squares.values(), NdArray({2}, {1, 4}));
}

// The derivative of x * x at the time of backward() would be another one.
TEST_CASE("new values between an expression and its backward are refused") {
    const Tensor w = parameter({3});
    const Tensor updated = sum(w * w);
    w.update_values([](NdArray& values) { values.mutable_data()[0] = 5; });
    CHECK_THROWS_WITH_AS(updated.backward(),
                         "backward: an input of 'mul' was given new values since; compute the expression again",
                         GraphError);
    const Tensor replaced = sum(w * w);
    w.set_values(NdArray({1}, {4}));
    CHECK_THROWS_AS(replaced.backward(), GraphError);
    CHECK_FALSE(w.has_grad());
    sum(w * w).backward();
    CHECK(w.grad().item() == 8);
}

TEST_CASE("grad says why there is none") {
    const Tensor w = parameter({1}), constant(NdArray({1}, {3}));
    const Tensor product = w * constant;
    CHECK_THROWS_WITH_AS(Tensor().grad(), "grad: this tensor is undefined (default-constructed)", GraphError);
    CHECK_THROWS_WITH_AS(constant.grad(),
                         "grad: this tensor is a constant; make it with Tensor::parameter to get gradients",
                         GraphError);
    CHECK_THROWS_WITH_AS(product.grad(),
                         "grad: this tensor is the result of 'mul'; gradients are kept for leaves (parameters) only",
                         GraphError);
    CHECK_THROWS_WITH_AS(w.grad(), "grad: no gradient yet; call backward() on a result computed from this tensor",
                         GraphError);
    product.backward();
    CHECK_THROWS_AS(product.grad(), GraphError);    // also after the graph has gone
}

TEST_CASE("values can be replaced in leaves only and in the same shape") {
    const Tensor w = parameter({1, 2});
    w.set_values(NdArray({2}, {3, 4}));
    check_equal(w.values(), NdArray({2}, {3, 4}));
    CHECK_THROWS_WITH_AS(w.set_values(zeros({3})), "set_values: expected [2], got [3]", ShapeError);
    CHECK_THROWS_WITH_AS((w * w).set_values(zeros({2})),
                         "set_values: only leaves (parameters and constants) can be given new values, not results of "
                         "operations",
                         GraphError);
    CHECK_THROWS_WITH_AS(
        (w * w).update_values([](NdArray&) {}),
        "update_values: only leaves (parameters and constants) can be given new values, not results of "
        "operations",
        GraphError);
    CHECK_THROWS_WITH_AS(
        (w * w).mutable_values(),
        "mutable_values: only leaves (parameters and constants) can be given new values, not results of "
        "operations",
        GraphError);
    CHECK_THROWS_WITH_AS(w.update_values([](NdArray& values) { values = zeros({3}); }),
                         "update_values: expected [2], got [3]", ShapeError);
    CHECK_THROWS_AS(w.update_values([](NdArray& values) { values = NdArray(); }), ShapeError);
    CHECK_THROWS_WITH_AS(w.update_values(nullptr), "update_values: expected a function, got an undefined one",
                         OptionError);
    check_equal(w.values(), NdArray({2}, {3, 4}));    // the refused calls changed nothing
    CHECK_THROWS_WITH_AS(Tensor().values(), "values: this tensor is undefined (default-constructed)", GraphError);
    const NdArray undefined;
    CHECK_THROWS_WITH_AS(Tensor{undefined}, "Tensor: expected an array with values, got an undefined NdArray",
                         ShapeError);
}

TEST_CASE("an update that throws leaves the values as they were and graphs can still be differentiated") {
    const Tensor w = parameter({1, 2});
    const Tensor loss = sum(w * w);
    const auto fails = [](NdArray& values) {
        values.mutable_data()[0] = 9;
        throw std::runtime_error("half way");
    };
    CHECK_THROWS_WITH_AS(w.update_values(fails), "half way", std::runtime_error);
    check_equal(w.values(), NdArray({2}, {1, 2}));
    loss.backward();
    check_equal(w.grad(), NdArray({2}, {2, 4}));
}

TEST_CASE("numbers that are written directly count as new") {
    const Tensor w = parameter({1, 2});
    const NdArray old = w.values();
    const Tensor loss = sum(w * w);
    w.mutable_values()[1] = 5;
    check_equal(w.values(), NdArray({2}, {1, 5}));
    check_equal(old, NdArray({2}, {1, 2}));
    CHECK_THROWS_WITH_AS(loss.backward(),
                         "backward: an input of 'mul' was given new values since; compute the expression again",
                         GraphError);
}

TEST_CASE("updating a parameter leaves everyone alone who holds its old values") {
    const Tensor w = parameter({1, 2});
    const NdArray old = w.values();
    w.update_values([](NdArray& values) { values.mutable_data()[0] = 9; });
    check_equal(w.values(), NdArray({2}, {9, 2}));
    check_equal(old, NdArray({2}, {1, 2}));
}

TEST_CASE("a gradient of another shape is refused") {
    const Tensor w = parameter({1, 2});
    CHECK_THROWS_WITH_AS(w.accumulate_grad(zeros({1, 2})),
                         "accumulate_grad: the gradient of a [2] tensor has shape [1, 2]; a broadcast input needs "
                         "sum_to_shape",
                         ShapeError);
}

TEST_CASE("a gradient that is refused leaves the old one") {
    const Tensor w = parameter({1, 2});
    w.set_grad(NdArray({2}, {3, 4}));
    CHECK_THROWS_WITH_AS(w.set_grad(zeros({3})), "set_grad: expected [2], got [3]", ShapeError);
    CHECK_THROWS_AS(w.set_grad(NdArray()), ShapeError);
    CHECK_THROWS_AS(w.accumulate_grad(zeros({3})), ShapeError);
    CHECK_THROWS_AS(w.accumulate_grad([](NdArray& d) { d = zeros({3}); }), ShapeError);
    const auto fails = [](NdArray& d) {
        d.mutable_data()[0] = 9;
        throw std::runtime_error("half way");
    };
    CHECK_THROWS_WITH_AS(w.accumulate_grad(fails), "half way", std::runtime_error);
    const std::function<void(NdArray&)> undefined;
    CHECK_THROWS_WITH_AS(w.accumulate_grad(undefined), "accumulate_grad: expected a function, got an undefined one",
                         OptionError);
    check_equal(w.grad(), NdArray({2}, {3, 4}));
    const char* message = "set_grad: only parameters have a gradient that can be set";
    CHECK_THROWS_WITH_AS(Tensor(zeros({2})).set_grad(zeros({2})), message, GraphError);
    CHECK_THROWS_WITH_AS((w * w).set_grad(zeros({2})), message, GraphError);
    CHECK_THROWS_WITH_AS(Tensor().set_grad(zeros({2})), message, GraphError);
}

TEST_CASE("a gradient is contiguous where it is kept") {
    const auto in_memory = [](const Tensor& w) {
        return std::vector<Scalar>(w.grad().data(), w.grad().data() + w.grad().size());
    };
    const Tensor w = parameter({1, 2});
    sum(w).backward();    // the gradient of a sum is a view that repeats one number
    CHECK(in_memory(w) == std::vector<Scalar>{1, 1});
    w.clear_grad();
    w.accumulate_grad(broadcast_to(NdArray({1}, 3), {2}));
    CHECK(in_memory(w) == std::vector<Scalar>{3, 3});
    w.set_grad(broadcast_to(NdArray({1}, 4), {2}));
    CHECK(in_memory(w) == std::vector<Scalar>{4, 4});
    const Tensor matrix = Tensor::parameter(zeros({2, 3}));
    transpose(matrix).backward(NdArray({3, 2}, {1, 2, 3, 4, 5, 6}));
    CHECK(in_memory(matrix) == std::vector<Scalar>{1, 3, 5, 2, 4, 6});
}

TEST_CASE("an operation needs inputs and a formula") {
    const Tensor w = parameter({1});
    CHECK_THROWS_WITH_AS(Tensor::from_op("mine", zeros({1}), {w}, nullptr),
                         "mine: expected a formula for backward, got an undefined function", GraphError);
    CHECK_THROWS_WITH_AS(Tensor::from_op("mine", zeros({1}), {w, Tensor()}, [](const NdArray&) {}),
                         "mine: an input is undefined (default-constructed)", GraphError);
    CHECK_THROWS_WITH_AS(w + Tensor(), "values: this tensor is undefined (default-constructed)", GraphError);
}

TEST_CASE("NoGrad records nothing and only while it lives and only on its thread") {
    const Tensor w = parameter({2});
    {
        NoGrad outer;
        { NoGrad inner; }
        CHECK_FALSE((w * w).requires_grad());    // the inner scope's end does not end the outer one
        bool other_thread_records = false;
        std::thread([&] { other_thread_records = (w * w).requires_grad(); }).join();
        CHECK(other_thread_records);
    }
    CHECK((w * w).requires_grad());
}

TEST_CASE("TraceNan names the operation whose forward made the first NaN") {
    const Tensor x = parameter({-1, 4});
    CHECK_NOTHROW(sqrt(x));
    const TraceNan trace;
    CHECK_THROWS_WITH_AS(sum(exp(sqrt(x))), "TraceNan: 'sqrt' made the first NaN; its inputs had none", GraphError);
    const Tensor ill = Tensor(NdArray({1}, {std::numeric_limits<Scalar>::quiet_NaN()}));
    CHECK_NOTHROW(exp(ill));    // it came with a NaN: exp did not make it
}

TEST_CASE("TraceNan names the operation whose backward made the first NaN") {
    const Tensor x = parameter({0, 4});
    const Tensor loss = sum(sqrt(x) * Tensor(NdArray({2}, {0, 1})));    // at 0: 0 * infinity
    const TraceNan trace;
    CHECK(TraceNan::active());
    CHECK_THROWS_WITH_AS(loss.backward(), "TraceNan: the backward of 'sqrt' made the first NaN", GraphError);
}

TEST_CASE("TraceNan ends with its block") {
    { const TraceNan trace; }
    CHECK_FALSE(TraceNan::active());
    CHECK_NOTHROW(sqrt(parameter({-1})));
    const TraceNan trace;
    {
        const TraceNan away(false);
        CHECK_FALSE(TraceNan::active());
        CHECK(has_nan(sqrt(Tensor(NdArray({-1.0}))).values()));    // nobody minds
    }
    CHECK(TraceNan::active());
}

TEST_CASE("nodes live as long as somebody holds their output") {
    const Index before = Node::live_count();
    {
        const Tensor w = parameter({1});
        CHECK(Node::live_count() == before + 1);
        Tensor y = exp(w);
        y = y * y;    // the first y is held by the graph now
        CHECK(Node::live_count() == before + 3);
        { const Tensor dropped = sum(y); }
        CHECK(Node::live_count() == before + 3);
        sum(y).backward();
        CHECK(Node::live_count() == before + 2);    // w and y; the first y was freed with the graph
    }
    CHECK(Node::live_count() == before);
}

TEST_CASE("tensors print their values") {
    CHECK(text_of(parameter({1, 2})) == "[1, 2]");
    CHECK(text_of(Tensor()) == "undefined");
}
