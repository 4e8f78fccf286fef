// linear, which stands in core/ops_matmul.h
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/operators.h>
#include <ordinal/core/ops_elementwise.h>
#include <ordinal/core/ops_matmul.h>
#include <ordinal/core/ops_reduce.h>
#include <ordinal/core/ops_shape.h>
#include <ordinal/core/random.h>
#include "tests/core/numbers.h"
#include "tests/core/thread_count.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

struct Results {
    NdArray Y, dX, dW, db;
};

template <class F>
Results results(const Shape& x_shape, Index out, F f) {
    Rng rng(1);
    const Tensor X = Tensor::parameter(random_normal(x_shape, 1, rng)),
                 W = Tensor::parameter(random_normal({out, x_shape.last()}, 1, rng)),
                 b = Tensor::parameter(random_normal({out}, 1, rng));
    const Tensor Y = f(X, W, b);
    Y.backward(random_normal(Y.shape(), 1, rng));
    return {Y.values(), X.grad(), W.grad(), b.grad()};
}

}    // namespace

TEST_CASE("linear and its gradients are those of matmul and add") {
    for (const Shape& shape : {Shape{3, 7}, Shape{2, 5, 33}, Shape{40, 300}, Shape{1, 1, 1}, Shape{2, 3, 4, 6}})
        for (Index out : {1, 5, 40}) {
            const Results one = results(shape, out, linear);
            const Results three = results(shape, out, [](const Tensor& X, const Tensor& W, const Tensor& b) {
                return matmul(X, transpose(W)) + b;
            });
            INFO("X ", shape, ", out ", out);
            // sums of n products of normal numbers are near sqrt(n); rounding them in another order changes n epsilon
            const double longest = static_cast<double>(std::max({shape.last(), shape.size() / shape.last(), out}));
            const auto same = [&](const NdArray& a, const NdArray& b) {
                return static_cast<double>(max_abs_difference(a, b)) <= 4 * (longest + 4) * epsilon;
            };
            CHECK(same(one.Y, three.Y));
            CHECK(same(one.dX, three.dX));
            CHECK(same(one.dW, three.dW));
            CHECK(same(one.db, three.db));
            CHECK(one.dW.is_contiguous());    // the optimizer reads it as it lies
        }
}

TEST_CASE("linear without inputs is its bias and of no rows it is empty") {
    const Tensor b(NdArray({2}, {3, 4}));
    CHECK(linear(Tensor(zeros({3, 0})), Tensor(zeros({2, 0})), b).values().to_vector() ==
          std::vector<Scalar>{3, 4, 3, 4, 3, 4});
    CHECK(linear(Tensor(zeros({3, 0})), Tensor(zeros({2, 0})), {}).values().to_vector() == std::vector<Scalar>(6, 0));
    CHECK(linear(Tensor(zeros({0, 5})), Tensor(zeros({2, 5})), b).shape() == Shape{0, 2});
    CHECK(linear(Tensor(zeros({3, 5})), Tensor(zeros({0, 5})), {}).shape() == Shape{3, 0});
}

TEST_CASE("linear gives the same bits for every number of threads") {
    const auto run = [] { return results({500, 70}, 90, linear); };
    const Results one = with_threads(1, run);
    for (int threads : {2, 4}) {
        const Results many = with_threads(threads, run);
        CHECK(many.Y.to_vector() == one.Y.to_vector());
        CHECK(many.dX.to_vector() == one.dX.to_vector());
        CHECK(many.dW.to_vector() == one.dW.to_vector());
        CHECK(many.db.to_vector() == one.db.to_vector());
    }
}

TEST_CASE("linear names the shapes it needs") {
    const Tensor X(zeros({4, 3})), W(zeros({2, 3})), b(zeros({2}));
    CHECK_THROWS_WITH_AS(linear(X, Tensor(zeros({2, 4})), b),
                         "linear: expected X [..., in], W [out, in] and b [out], got X [4, 3], W [2, 4] and b [2]",
                         ShapeError);
    CHECK_THROWS_AS(linear(X, W, Tensor(zeros({3}))), ShapeError);
    CHECK_THROWS_AS(linear(Tensor(NdArray(Shape{}, 1)), W, b), ShapeError);
    CHECK_THROWS_AS(linear(X, b, b), ShapeError);
}

TEST_CASE("a weight used twice gets the sum of its two gradients to the last bit") {
    for (const Index rows : {1, 16, 256, 257, 600}) {    // up to 256 the second one is added in place
        Rng rng(5);
        const Tensor X1(random_normal({rows, 40}, 1, rng)), X2(random_normal({rows, 40}, 1, rng)),
            W = Tensor::parameter(random_normal({33, 40}, 1, rng));
        const NdArray d1 = random_normal({rows, 33}, 1, rng), d2 = random_normal({rows, 33}, 1, rng);
        const auto loss = [&](const Tensor& X, const NdArray& d) { return sum(linear(X, W, Tensor()) * Tensor(d)); };
        const auto gradient_of = [&](const Tensor& result) {
            W.clear_grad();
            result.backward();
            return W.grad();
        };
        const NdArray one = gradient_of(loss(X1, d1)), other = gradient_of(loss(X2, d2));
        INFO(rows, " rows");
        CHECK(max_abs_difference(gradient_of(loss(X1, d1) + loss(X2, d2)), one + other) == 0);
    }
}
