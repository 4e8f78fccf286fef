// What users of PyTorch and NumPy write without looking it up: numbers on both sides, braces, masks. Slices and single
// entries: indexing_test.cpp. Gradients: ops_gradient_test.cpp and ops_parity_test.cpp.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <ordinal/core/operators.h>
#include <ordinal/core/ops.h>
#include "tests/core/check_near.h"
#include "tests/core/numbers.h"

using namespace ordinal;
using namespace ordinal::testing;

// The gradient of sum(f(x)).
template <class F>
static NdArray slope(F f, const NdArray& x) {
    const Tensor leaf = Tensor::parameter(x);
    sum(f(leaf)).backward();
    return leaf.grad();
}

TEST_CASE("a number may stand on either side of every operator") {
    const NdArray x({Scalar(.5), 2, 4});
    const Tensor t(x);
    const Index two = 2;
    const auto check = [](const Tensor& tensor, const NdArray& array, const NdArray& expected) {
        check_equal(tensor.values(), expected);
        check_equal(array, expected);
    };
    check(1 - t, 1 - x, {.5, -1, -3});
    check(t - 1, x - 1, {-.5, 1, 3});
    check(1 / t, 1 / x, {2, .5, .25});
    check(t / two, x / two, {.25, 1, 2});
    check(two / t, two / x, {4, 1, .5});
    check(1 + t, 1 + x, {1.5, 3, 5});
    check(t + 1.0, x + 1.0, {1.5, 3, 5});
    check(2 * t, 2 * x, {1, 4, 8});
    check(t * two, x * two, {1, 4, 8});
    check(two - t, two - x, {1.5, 0, -2});
    check(-t, -x, {-.5, -2, -4});
    const Tensor one({1});    // [1] broadcasts as a number does
    check_equal((one - t).values(), {.5, -1, -3});
    check_equal((t - one).values(), {-.5, 1, 3});
    check_equal((one / t).values(), {2, .5, .25});
}

TEST_CASE("an array beside a tensor is a constant for every operator") {
    const NdArray a({{1, 2}, {4, 8}});
    const Tensor t = Tensor::parameter({2, 4});
    check_equal((t + a).values(), {{3, 6}, {6, 12}});
    check_equal((a + t).values(), {{3, 6}, {6, 12}});
    check_equal((t - a).values(), {{1, 2}, {-2, -4}});
    check_equal((a - t).values(), {{-1, -2}, {2, 4}});
    check_equal((t * a).values(), {{2, 8}, {8, 32}});
    check_equal((a * t).values(), {{2, 8}, {8, 32}});
    check_equal((t / a).values(), {{2, 2}, {.5, .5}});
    check_equal((a / t).values(), {{.5, .5}, {2, 2}});
    sum((a - t) * (t > 2) + t / a).backward();
    check_equal(t.grad(), {1.25, -1.375});
    Tensor shifted = t * 1;
    shifted += NdArray({1, 1});
    check_equal(shifted.values(), {3, 5});
    CHECK_THROWS_WITH_AS(t - zeros({3}), "sub: cannot broadcast [2] with [3]: sizes 2 and 3 differ and neither is 1",
                         ShapeError);
}

TEST_CASE("the gradient has its sign on either side") {
    const NdArray x({Scalar(.5), 2, 4});
    check_equal(slope([](const Tensor& t) { return 1 - t; }, x), {-1, -1, -1});
    check_equal(slope([](const Tensor& t) { return t - 1; }, x), {1, 1, 1});
    check_equal(slope([](const Tensor& t) { return 1 / t; }, x), {-4, -.25, -.0625});
    check_equal(slope([](const Tensor& t) { return t / 2; }, x), {.5, .5, .5});
    check_equal(slope([](const Tensor& t) { return 3 * t; }, x), {3, 3, 3});
    check_equal(slope([](const Tensor& t) { return t - t; }, x), {0, 0, 0});
    check_equal(slope([](const Tensor& t) { return t / t; }, x), {0, 0, 0});
    const Tensor a = Tensor::parameter({{1, 2, 4}, {8, 16, 32}}),
                 b = Tensor::parameter({{2}, {4}});    // [2, 3], [2, 1]
    sum(a - b).backward();
    check_equal(a.grad(), ones({2, 3}));
    check_equal(b.grad(), {{-3}, {-3}});
    const Tensor c = Tensor::parameter({{2}, {4}});
    sum(c / a).backward();
    check_equal(c.grad(), {{1.75}, {.21875}});
    check_equal(a.grad(), 1 - NdArray({{2, .5, .125}, {.0625, .015625, .00390625}}));
}

TEST_CASE("a number is rounded once") {
    const NdArray third = ones({1}) / 3;
    CHECK(third.item() == 1 / Scalar(3));
    CHECK((Tensor(1) / 3).item() == 1 / Scalar(3));
    for (int n = 1; n <= 4096; ++n) {    // x / n is no product with a rounded 1 / n
        const NdArray ten({1}, 10);
        CHECK((ten / n).item() == 10 / Scalar(n));
        CHECK((Tensor(ten) / n).item() == 10 / Scalar(n));
    }
    CHECK((zeros({1}) + Index(16777217)).item() == Scalar(16777217));
    CHECK((ones({1}) * 0.1).item() == Scalar(0.1));
}

TEST_CASE("compound assignment reads the whole right side before it writes") {
    NdArray a({{0, 1}, {2, 3}});
    a += transpose(a);
    check_equal(a, {{0, 3}, {3, 6}});
    NdArray large = ones({91, 91});
    large += transpose(large);
    check_equal(large, full({91, 91}, 2));
    CHECK(sum_all(large) == 16562);
    NdArray row = NdArray::arange(1000);
    row.set(0, {1}, row[Slice{1}] + row[Slice{0, -1}]);    // row[1:] += row[:-1]
    check_equal(row[Slice{1}], NdArray::arange(999) * 2 + 1);
    CHECK(row.at({0}) == 0);
    NdArray rows({{1, 2}, {3, 4}, {5, 6}});
    rows += rows[-1];
    check_equal(rows, {{6, 8}, {8, 10}, {10, 12}});
    rows.set(0, {.step = -1}, rows);    // written while it is read
    check_equal(rows, {{10, 12}, {8, 10}, {6, 8}});
    const NdArray before = rows;
    rows -= 1;
    rows *= 2;
    rows /= NdArray({2, 1});
    rows /= 2;
    check_equal(rows, {{4.5, 11}, {3.5, 9}, {2.5, 7}});
    check_equal(before, {{10, 12}, {8, 10}, {6, 8}});
    CHECK_THROWS_WITH_AS(row += ones({2, 1000}), "+=: the result has shape [2, 1000] and does not fit into [1000]",
                         ShapeError);
}

TEST_CASE("compound assignment gives a tensor a new node and leaves parameters alone") {
    const Tensor w = Tensor::parameter({1, 2});
    Tensor total(0.0);
    const Tensor start = total;
    for (int i = 0; i < 3; ++i) total += sum(w * w);
    total /= 3;
    total *= 2;
    total -= Tensor(1);
    CHECK(total.item() == doctest::Approx(9).epsilon(1e-6));
    CHECK(start.item() == 0);
    total.backward();
    check_near(w.grad(), {4, 8}, 1e-6);
    Tensor mine = w;
    CHECK_THROWS_WITH_AS(
        mine += 1,
        "+=: a parameter is not changed by +=; use an optimizer or update_values, or write y = x + ... "
        "for a new tensor",
        GraphError);
    Tensor number(1);
    CHECK_THROWS_WITH_AS(number *= w, "*=: the result has shape [2] and does not fit into []", ShapeError);
}

TEST_CASE("braces are values and a shape has its own name") {
    check_equal(NdArray({2, 3}), NdArray({2}, {2, 3}));
    check_equal(NdArray({5}), NdArray({1}, {5}));
    check_equal(NdArray({{1}, {2}, {3}}), NdArray({3, 1}, {1, 2, 3}));
    check_equal(NdArray({{1, 2}, {3, 4}}), NdArray({2, 2}, {1, 2, 3, 4}));
    check_equal(NdArray({{1, 2}}), NdArray({1, 2}, {1, 2}));
    check_equal(NdArray({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}), reshape(NdArray::arange(8) + 1, {2, 2, 2}));
    check_equal(NdArray{2, 3}, NdArray({2}, {2, 3}));
    check_equal(NdArray{{1, 2}, {3, 4}}, NdArray({2, 2}, {1, 2, 3, 4}));
    const NdArray list = {1, 2.5, -3};
    check_equal(list, NdArray({3}, {1, 2.5, -3}));
    CHECK(NdArray({}).shape() == Shape{0});
    CHECK(NdArray({{}, {}}).shape() == Shape{2, 0});
    CHECK(NdArray(3.5).shape() == Shape{});
    CHECK(NdArray(3.5).item() == Scalar(3.5));
    const int i = 7;
    const double d = .5;
    const Index large = 9;
    check_equal(NdArray({i, d, large}), NdArray({3}, {i, d, large}));

    check_equal(Tensor({2, 3}).values(), NdArray({2}, {2, 3}));
    check_equal(Tensor({{1}, {2}, {3}}).values(), NdArray({3, 1}, {1, 2, 3}));
    check_equal(Tensor({{1, 2}, {3, 4}}).values(), NdArray({2, 2}, {1, 2, 3, 4}));
    check_equal(Tensor({5}).values(), NdArray({1}, {5}));
    check_equal(Tensor{1, 2}.values(), NdArray({2}, {1, 2}));
    CHECK(Tensor({}).shape() == Shape{0});
    CHECK(Tensor(3).shape() == Shape{});
    CHECK(Tensor(3.5).item() == Scalar(3.5));
    CHECK(Tensor(Index(3)).item() == 3);
    CHECK_FALSE(Tensor(3).requires_grad());
    CHECK(Tensor::parameter(2.5).item() == Scalar(2.5));
    check_equal(Tensor::parameter({5}).values(), NdArray({1}, {5}));
    check_equal(Tensor::parameter({{1, 2}}).values(), NdArray({1, 2}, {1, 2}));
    CHECK(Tensor::parameter({1, 2}).requires_grad());

    CHECK(IndexArray({2, 3}) == IndexArray({2}, {2, 3}));
    CHECK(IndexArray({{1}, {2}, {3}}) == IndexArray({3, 1}, {1, 2, 3}));
    CHECK(IndexArray({{1, 2}, {3, 4}}) == IndexArray({2, 2}, {1, 2, 3, 4}));
    CHECK(IndexArray({}) == IndexArray());
    CHECK_FALSE(IndexArray({2, 3}) == IndexArray({{2, 3}}));
    static_assert(!std::is_constructible_v<NestedList<Index>, double>);    // ids are whole

    check_equal(zeros({2, 3}), NdArray({2, 3}, 0));
    check_equal(ones({2, 3}), NdArray({2, 3}, 1));
    check_equal(full({2}, .5), NdArray({.5, .5}));
    CHECK(zeros({}).shape() == Shape{});
    CHECK_THROWS_WITH_AS(NdArray({{1, 2}, {3}}), "values in braces: expected rows of one shape, got [2] and [1]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(NdArray({{1, 2}, 3}), "values in braces: expected rows of one shape, got [2] and []",
                         ShapeError);
    CHECK_THROWS_WITH_AS(Tensor({1, {2}}), "values in braces: expected rows of one shape, got [] and [1]", ShapeError);
}

template <class M>
concept Condition = requires(M m) {
    m ? 1 : 0;
};

TEST_CASE("comparisons give masks for tensors and arrays and numbers on both sides") {
    const Tensor X({1, 2, 3});
    Tensor Y({3, 2, 1});
    const NdArray x = X.values();
    NdArray y = Y.values();
    check_equal(X == Y, {0, 1, 0});
    check_equal(Y == X, {0, 1, 0});
    check_equal(X != Y, {1, 0, 1});
    check_equal(x == y, {0, 1, 0});
    check_equal(y != x, {1, 0, 1});
    check_equal(X == y, {0, 1, 0});
    check_equal(y == X, {0, 1, 0});
    check_equal(X == 1, {1, 0, 0});
    check_equal(1 == X, {1, 0, 0});
    check_equal(1 != Y, {1, 1, 0});
    check_equal(y == 1.0, {0, 0, 1});
    check_equal(Index(1) == x, {1, 0, 0});
    check_equal(X < Y, {1, 0, 0});
    check_equal(X <= Y, {1, 1, 0});
    check_equal(X > Y, {0, 0, 1});
    check_equal(X >= Y, {0, 1, 1});
    check_equal(x < 2, {1, 0, 0});
    check_equal(2 < x, {0, 0, 1});
    check_equal(2 <= X, {0, 1, 1});
    check_equal(X > 2, {0, 0, 1});
    check_equal(2 > X, {1, 0, 0});
    check_equal(2 >= x, {1, 1, 0});
    check_equal(x >= 2, {0, 1, 1});
    check_equal(Tensor({{1}, {2}}) == Tensor({1, 2}), {{1, 0}, {0, 1}});
    const NdArray odd({not_a_number, infinity, -infinity, 0});
    check_equal(odd == odd, {0, 1, 1, 1});
    check_equal(odd != odd, {1, 0, 0, 0});
    check_equal(odd < infinity, {0, 0, 1, 1});
    CHECK((zeros({2, 0}) == 1).shape() == Shape{2, 0});
    CHECK_THROWS_WITH_AS(static_cast<void>(x > NdArray({1, 2})),
                         ">: cannot broadcast [3] with [2]: sizes 3 and 2 differ and neither is 1", ShapeError);
    static_assert(Condition<bool>);
    static_assert(!Condition<decltype(X == Y)>);    // if (X == Y) does not compile
    static_assert(!Condition<decltype(x == 1)>);
    static_assert(!std::is_convertible_v<decltype(X == Y), bool>);
}

TEST_CASE("masks are combined and asked and used") {
    const NdArray x({-1, 0, 1, 2});
    check_equal((0 <= x) & (x < 2), {0, 1, 1, 0});
    check_equal((x < 0) | (x > 1), {1, 0, 0, 1});
    check_equal(~(x < 0), {0, 1, 1, 1});
    CHECK(any(x < 0));
    CHECK_FALSE(any(x < -1));
    CHECK(all(x < 3));
    CHECK_FALSE(all(x < 2));
    CHECK(all(zeros({0})));
    CHECK_FALSE(any(zeros({0})));
    CHECK(any(NdArray({not_a_number})));
    CHECK(all(x[Slice{.step = -1}] == NdArray({2, 1, 0, -1})));
    const Tensor t = Tensor::parameter(x);
    sum(t * (t > 0) + (t < 0) * t * 3).backward();
    check_equal(t.grad(), {3, 0, 1, 1});
}

TEST_CASE("where takes arrays and numbers and lets no infinity through") {
    const NdArray x({-1, 0, 2, infinity}), mask({0, 0, 1, 0});
    check_equal(where(mask, x, 7), {7, 7, 2, 7});
    check_equal(where(mask, 7, x), {-1, 0, 7, infinity});
    check_equal(where(x > 0, 1, -1), {-1, -1, 1, 1});
    check_equal(where(mask, x, -x), {1, 0, 2, -infinity});
    check_equal(where(NdArray({{1}, {0}}), NdArray({1, 2}), 0), {{1, 2}, {0, 0}});
    const Tensor t = Tensor::parameter(x);
    check_equal(where(mask, t, .5).values(), {.5, .5, 2, .5});
    check_equal(where(mask, 1, t).values(), {-1, 0, 1, infinity});
    sum(where(mask, t, 0) + where(mask, 1, t) * 2).backward();
    check_equal(t.grad(), {2, 2, 1, 2});
}

TEST_CASE("the larger and the smaller of two and the limits of clamp") {
    const NdArray x({-2, -1, 0, 1, 2}), y({-2, 1, not_a_number, 0, 3});
    check_equal(maximum(x, zeros({1})), {0, 0, 0, 1, 2});
    check_equal(minimum(x, zeros({1})), {-2, -1, 0, 0, 0});
    for (const NdArray& both : {maximum(x, y), maximum(y, x), minimum(x, y), minimum(y, x)})
        check_equal(both != both, {0, 0, 1, 0, 0});
    check_equal(minimum(Tensor(x), 0).values(), {-2, -1, 0, 0, 0});
    check_equal(maximum(0, Tensor(x)).values(), {0, 0, 0, 1, 2});
    check_equal(slope([](const Tensor& t) { return minimum(t, 0); }, x), {1, 1, .5, 0, 0});
    check_equal(slope([](const Tensor& t) { return maximum(0, t); }, x), {0, 0, .5, 1, 1});
    check_equal(slope([](const Tensor& t) { return minimum(1, t); }, x), {1, 1, 1, .5, 0});
    check_equal(clamp(x, -1, 1), {-1, -1, 0, 1, 1});
    check_equal(slope([](const Tensor& t) { return clamp(t, -1, 1); }, x), {0, 1, 1, 1, 0});    // the ends, too
    check_equal(clamp(Tensor(x), .5, infinity).values(), {.5, .5, .5, 1, 2});
    CHECK(std::isnan(clamp(NdArray(not_a_number), 0, 1).item()));
    check_equal(clamp(x, 1, 1), {1, 1, 1, 1, 1});
    CHECK_THROWS_WITH_AS(clamp(x, 2, 1), "clamp: expected low <= high, got 2 and 1", OptionError);
    CHECK_THROWS_WITH_AS(clamp(Tensor(x), 0, not_a_number), "clamp: expected low <= high, got 0 and nan", OptionError);
    check_equal(abs(x), {2, 1, 0, 1, 2});
    check_equal(slope([](const Tensor& t) { return abs(t); }, x), {-1, -1, 0, 1, 1});
}

// |got - expected| <= 4 roundings of the expected number, also where it is tiny
static void check_close(double got, double expected) {
    const double unit = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
    const double smallest = static_cast<double>(std::numeric_limits<Scalar>::denorm_min());
    CHECK(std::abs(got - expected) <= 4 * unit * std::abs(expected) + smallest);
}

TEST_CASE("softplus and silu and log1p keep their digits where the plain formulas lose them") {
    const auto at = [](Tensor (*f)(const Tensor&), double x) { return static_cast<double>(f(Tensor(x)).item()); };
    const auto slope_at = [](Tensor (*f)(const Tensor&), double x) {
        return static_cast<double>(slope(f, NdArray(x)).item());
    };
    check_close(at(softplus, 100), 100);
    check_close(at(softplus, -100), std::exp(-100.0));
    check_close(at(softplus, 0), std::log(2.0));
    check_close(at(softplus, -20), std::log1p(std::exp(-20.0)));
    check_close(slope_at(softplus, 100), 1);
    check_close(slope_at(softplus, -100), std::exp(-100.0));
    check_close(slope_at(softplus, 0), .5);
    CHECK(at(softplus, static_cast<double>(infinity)) == static_cast<double>(infinity));
    CHECK(at(softplus, -static_cast<double>(infinity)) == 0);
    check_close(at(silu, 100), 100);
    check_close(at(silu, -80), -80 * std::exp(-80.0));
    CHECK(std::abs(at(silu, -100)) < 1e-37);
    check_close(at(silu, 1), 1 / (1 + std::exp(-1.0)));
    check_close(slope_at(silu, 100), 1);
    check_close(slope_at(silu, -80), -79 * std::exp(-80.0));
    CHECK(std::abs(slope_at(silu, -100)) < 1e-37);
    check_close(slope_at(silu, 0), .5);
    for (const double x : {1e38, -1e38}) {    // with 100 from above x times the gradient is no float
        const Tensor far = Tensor::parameter(x);
        scale(silu(far), 100).backward();
        CHECK(static_cast<double>(far.grad().item()) == (x > 0 ? 100 : 0));
    }
    const double tiny = static_cast<double>(Scalar(1e-10));
    check_close(at(log1p, tiny), std::log1p(tiny));
    check_close(static_cast<double>(log1p(NdArray(tiny)).item()), std::log1p(tiny));
    check_close(slope_at(log1p, 1), .5);
    for (Tensor (*f)(const Tensor&) : {softplus, silu, log1p, abs}) CHECK(std::isnan(f(Tensor(not_a_number)).item()));
}

TEST_CASE("functions of arrays are those of tensors") {
    const NdArray x({.25, 1, 3}), square({{.25, 1}, {3, .5}});
    for (const NdArray& a : {x, transpose(square), zeros({0, 2}), square[Slice{.step = -1}]}) {
        const Tensor t(a);
        check_equal(exp(a), exp(t).values());
        check_equal(log(a), log(t).values());
        check_equal(log1p(a), log1p(t).values());
        check_equal(sqrt(a), sqrt(t).values());
        check_equal(sin(a), sin(t).values());
        check_equal(cos(a), cos(t).values());
        check_equal(tanh(a), tanh(t).values());
        check_equal(abs(-a), abs(-t).values());
        check_equal(pow(a, 3), pow(t, 3).values());
        check_equal(clamp(a, .5, 2), clamp(t, .5, 2).values());
        check_equal(maximum(a, 1 - a), maximum(t, 1 - t).values());
        check_equal(minimum(a, 1 - a), minimum(t, 1 - t).values());
        check_equal(where(a > 1, a, 0), where(t > 1, t, 0).values());
    }
}
