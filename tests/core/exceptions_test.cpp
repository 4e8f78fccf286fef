// A backward that throws leaves nothing half done: leaves keep their gradients, interior gradients are gone, and what
// was not passed can be differentiated.
#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include "tests/core/check_near.h"

using namespace ordinal;

namespace {

// Y = X, whose backward hands on a first share and then throws
Tensor failing(const Tensor& X) {
    return Tensor::from_op("failing", X.values(), {X}, [X](const NdArray& dY) {
        X.accumulate_grad(dY);
        throw std::runtime_error("a formula of the user's own");
    });
}

}    // namespace

TEST_CASE("after a backward that throws the next loss through the same trunk is right") {
    const Tensor w = Tensor::parameter(NdArray({2}, {1, 2}));
    const Tensor trunk = scale(w, 2);
    const Tensor bad = sum(trunk * Tensor(NdArray({2}, 3)) + failing(trunk));
    CHECK_THROWS_WITH_AS(bad.backward(), "a formula of the user's own", std::runtime_error);
    CHECK_FALSE(w.has_grad());
    CHECK_FALSE(trunk.has_grad());
    sum(trunk).backward();
    check_equal(w.grad(), NdArray({2}, {2, 2}));
    CHECK_THROWS_WITH_AS(
        bad.backward(),
        "backward: the graph behind 'sum' was released by an earlier backward(); compute the expression again",
        GraphError);
}

TEST_CASE("after a backward that throws the gradients of leaves are as they were before") {
    const Tensor w = Tensor::parameter(NdArray({2}, {1, 2})), other = Tensor::parameter(NdArray({2}, {5, 6}));
    w.set_grad(NdArray({2}, {7, 8}));
    CHECK_THROWS_AS(sum(w * other + w + failing(scale(w, 2))).backward(), std::runtime_error);
    CHECK_THROWS_AS(sum(failing(w)).backward(), std::runtime_error);
    check_equal(w.grad(), NdArray({2}, {7, 8}));
    CHECK_FALSE(other.has_grad());
    sum(w * other).backward();
    check_equal(w.grad(), NdArray({2}, {12, 14}));
    check_equal(other.grad(), NdArray({2}, {1, 2}));
}

TEST_CASE("after TraceNan has thrown the trunk is as it was") {
    const Tensor w = Tensor::parameter(NdArray({2}, {0, 4}));
    const Tensor trunk = scale(w, 1);
    const Tensor bad = sum(sqrt(trunk) * Tensor(NdArray({2}, {0, 1})));    // at 0: 0 * infinity
    {
        const TraceNan trace;
        CHECK_THROWS_WITH_AS(bad.backward(), "TraceNan: the backward of 'sqrt' made the first NaN", GraphError);
    }
    CHECK_FALSE(w.has_grad());
    sum(scale(trunk, 2)).backward();
    check_equal(w.grad(), NdArray({2}, {2, 2}));

    const Tensor p = Tensor::parameter(NdArray({1}, {0}));    // here the NaN arrives at a leaf
    const TraceNan trace;
    CHECK_THROWS_AS(sum(sqrt(p) * Tensor(NdArray({1}, {0}))).backward(), GraphError);
    CHECK_FALSE(p.has_grad());
}

TEST_CASE("a backward inside a formula counts for itself") {
    const Tensor w = Tensor::parameter(NdArray({1}, {3}));
    const Tensor y = Tensor::from_op("again", w.values() * 2, {w}, [w](const NdArray& dY) {
        const Tensor copy = Tensor::parameter(w.values());
        scale(copy, 2).backward(dY);    // computes anew to differentiate it
        w.accumulate_grad(copy.grad());
        sum(w).backward();
    });
    (y * w).backward();    // 2 w^2, and 1 from the formula's own loss
    CHECK(w.grad().item() == 13);
}

TEST_CASE("a graph that a formula has released is refused") {
    const Tensor w = Tensor::parameter(NdArray({1}, {3}));
    const Tensor trunk = scale(w, 2);
    const Tensor greedy = Tensor::from_op("greedy", trunk.values(), {trunk}, [trunk](const NdArray& dY) {
        trunk.accumulate_grad(dY);
        trunk.backward();
    });
    CHECK_THROWS_WITH_AS(
        greedy.backward(),
        "backward: the graph behind 'scale' was released by an earlier backward(); compute the expression again",
        GraphError);
}
