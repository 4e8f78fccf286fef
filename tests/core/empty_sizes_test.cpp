// Every operation with a size of 0 at every place, on memory full of NaN: a sum of nothing is 0, and a gradient that
// nothing contributes to is 0, not what lay there.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include <ordinal/core/ops.h>
#include "tests/core/poison.h"

using namespace ordinal;

namespace {

using In = std::vector<Tensor>;

bool all_finite(const NdArray& a) {
    bool all = true;
    for (Scalar x : a.to_vector()) all = all && std::isfinite(x);
    return all;
}

// Runs f on parameters of ones and backward from ones.
void check_numbers(const char* name, const std::vector<Shape>& shapes, const std::function<Tensor(const In&)>& f) {
    In inputs;
    for (const Shape& shape : shapes) inputs.push_back(Tensor::parameter(NdArray(shape, 1)));
    poison();
    const Tensor y = f(inputs);
    const NdArray ones(y.shape(), 1);
    poison();
    y.backward(ones);
    INFO(name, " of ", shapes.front(), " gives ", y.shape());
    CHECK(all_finite(y.values()));
    for (const Tensor& input : inputs) CHECK(all_finite(input.grad()));
}

void check_products(Index m, Index k, Index n) {
    check_numbers("linear", {{m, k}, {n, k}, {n}}, [](const In& in) { return linear(in[0], in[1], in[2]); });
    check_numbers("linear", {{m, k}, {n, k}}, [](const In& in) { return linear(in[0], in[1], {}); });
    const auto multiply = [](const In& in) { return matmul(in[0], in[1]); };
    check_numbers("matmul", {{m, k}, {k, n}}, multiply);
    check_numbers("matmul", {{2, m, k}, {k, n}}, multiply);
    check_numbers("matmul", {{0, m, k}, {0, k, n}}, multiply);
    if (k > 0 && m < 128 && n < 128)
        check_numbers("tanh_recurrence", {{m, k, n}, {n, n}, {m, n}},
                      [](const In& in) { return tanh_recurrence(in[0], in[1], in[2]); });
}

void check_axes(const Shape& shape) {
    for (Index axis : {0, 1, 2}) {
        check_numbers("sum", {shape}, [=](const In& in) { return sum(in[0], axis); });
        check_numbers("slice", {shape}, [=](const In& in) { return slice(in[0], axis, 0, 0); });
        check_numbers("concat", {shape, shape}, [=](const In& in) { return concat(in, axis); });
        check_numbers("stack", {shape, shape}, [=](const In& in) { return stack(in, axis); });
        if (shape[static_cast<int>(axis)] == 0) continue;
        check_numbers("mean", {shape}, [=](const In& in) { return mean(in[0], axis); });
        check_numbers("max", {shape}, [=](const In& in) { return max(in[0], axis); });
    }
    check_numbers("sum", {shape}, [](const In& in) { return sum(in[0]); });
    check_numbers("softmax", {shape}, [](const In& in) { return softmax(in[0]); });
    check_numbers("log_softmax", {shape}, [](const In& in) { return log_softmax(in[0]); });
    check_numbers("permute", {shape}, [](const In& in) { return permute(in[0], {2, 0, 1}) * 2; });
    const Index D = shape.last();
    if (D > 0)
        check_numbers("layer_norm", {shape, {D}, {D}},
                      [](const In& in) { return layer_norm(in[0], in[1], in[2], 1e-5); });
}

void check_elementwise(const Shape& shape) {
    for (auto* f :
         std::initializer_list<Tensor (*)(const Tensor&)>{exp, tanh, sigmoid, gelu, relu, sqrt, log, sin, cos, neg})
        check_numbers("elementwise", {shape}, [f](const In& in) { return f(in[0]); });
    const Index k = shape[1], n = shape[2];
    for (auto* f : std::initializer_list<Tensor (*)(const Tensor&, const Tensor&)>{add, sub, mul, div, maximum})
        check_numbers("broadcasting", {shape, {k, 1}}, [f](const In& in) { return f(in[0], in[1]); });
    check_numbers("where", {shape, {1, n}}, [=](const In& in) { return where(NdArray({k, 1}, 1), in[0], in[1]); });
    check_numbers("pow", {shape}, [](const In& in) { return pow(in[0], 3) + Scalar(1); });
}

void check_copies(Index m, Index k, Index n) {
    check_numbers("reshape", {{m, k, n}}, [=](const In& in) { return reshape(in[0], Shape{n, k, m}); });
    check_numbers("broadcast_to", {{m, 1, n}}, [=](const In& in) { return broadcast_to(in[0], {2, m, k, n}); });
    if (m == 0 && k > 0) return;    // there are no rows to look up
    const IndexArray ids({k}, std::vector<Index>(static_cast<std::size_t>(k), 0));
    check_numbers("gather_rows", {{m, n}}, [=](const In& in) { return gather_rows(in[0], ids); });
}

}    // namespace

TEST_CASE("no operation reads memory that it did not write when a size is 0") {
    for (Index m : {0, 1, 128})
        for (Index k : {0, 1, 128})
            for (Index n : {0, 1, 128}) {
                if (m > 0 && k > 0 && n > 0) continue;
                check_products(m, k, n);
                check_axes({m, k, n});
                check_elementwise({m, k, n});
                check_copies(m, k, n);
            }
}

TEST_CASE("a gradient through no outputs is 0") {
    const Tensor X = Tensor::parameter(NdArray({128, 128}, 1)), W = Tensor::parameter(zeros({0, 128}));
    poison();
    linear(X, W, {}).backward(zeros({128, 0}));
    CHECK(X.grad().to_vector() == std::vector<Scalar>(128 * 128, 0));
}

TEST_CASE("a mean and a maximum of nothing are refused") {
    const Tensor nothing(zeros({2, 0}));
    CHECK_THROWS_WITH_AS(mean(nothing), "mean: [2, 0] has no elements", ShapeError);
    CHECK_THROWS_WITH_AS(mean(nothing, 1), "mean: axis 1 of [2, 0] is empty", ShapeError);
    CHECK_THROWS_WITH_AS(max(nothing, 1), "max: axis 1 of [2, 0] is empty, so it has no maximum", ShapeError);
    CHECK(mean(nothing, 0).shape() == Shape{1, 0});
}
