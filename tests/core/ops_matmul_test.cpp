// Values and messages. Gradients: ops_gradient_test.cpp and ops_parity_test.cpp.
#include <ordinal/core/ops_matmul.h>

#include <doctest/doctest.h>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_shape.h>
#include <ordinal/core/random.h>
#include "tests/core/check_near.h"

using namespace ordinal;

TEST_CASE("a batch times one matrix is the batch of the products") {
    Rng rng(1);
    const Tensor x = Tensor::parameter(random_normal({2, 3, 4}, 1, rng)), w(random_normal({4, 5}, 1, rng));
    const Tensor y = matmul(x, w);
    REQUIRE(y.shape() == Shape{2, 3, 5});
    for (Index b = 0; b < 2; ++b)
        check_equal(slice(y.values(), 0, b, b + 1),
                    reshape(matmul(reshape(slice(x.values(), 0, b, b + 1), {3, 4}), w.values()), {1, 3, 5}));
}

TEST_CASE("axes of size 0 multiply to an empty sum or an empty matrix and have gradients") {
    struct Shapes {
        Shape a, b;
    };
    for (const Shapes& shape : {Shapes{{2, 0}, {0, 3}}, Shapes{{2, 4, 0}, {0, 3}}, Shapes{{0, 2}, {2, 3}},
                                Shapes{{0, 2, 2}, {2, 3}}, Shapes{{2, 2, 2}, {2, 0}}}) {
        const Tensor A = Tensor::parameter(NdArray(shape.a, 1)), B = Tensor::parameter(NdArray(shape.b, 1));
        const Tensor C = matmul(A, B);
        INFO(shape.a, " ", shape.b);
        CHECK(C.dim(-1) == B.dim(-1));
        check_equal(C.values(), NdArray(C.shape(), 0));
        C.backward(NdArray(C.shape(), 1));
        check_equal(A.grad(), NdArray(shape.a, 0));
        check_equal(B.grad(), NdArray(shape.b, 0));
    }
}

TEST_CASE("the product names the shapes that do not fit") {
    const Tensor a(zeros({2, 3})), batch(zeros({5, 2, 3}));
    CHECK_THROWS_WITH_AS(matmul(a, a), "matmul: expected A [..., m, k] and B [..., k, n], got A [2, 3] and B [2, 3]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(matmul(batch, a),
                         "matmul: expected A [..., m, k] and B [..., k, n], got A [5, 2, 3] and B [2, 3]", ShapeError);
    CHECK_THROWS_AS(matmul(Tensor(zeros({3})), a), ShapeError);
}
