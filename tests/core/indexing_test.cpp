// x[i], slices, and writing to parts. Gradients: ops_gradient_test.cpp and ops_parity_test.cpp.
#include <doctest/doctest.h>

#include <ordinal/core/operators.h>
#include <ordinal/core/ops.h>
#include "tests/core/check_near.h"

using namespace ordinal;

static const NdArray up_to_ten = NdArray::arange(10);
static const NdArray box_2_3_4 = reshape(NdArray::arange(24), {2, 3, 4});

// Which entries of 0..9 a slice takes, of an array, a tensor and ids alike.
static void check_slice(Slice range, const NdArray& expected) {
    check_equal(up_to_ten[range], expected);
    check_equal(slice(up_to_ten, 0, range), expected);
    check_equal(Tensor(up_to_ten)[range].values(), expected);
    check_equal(slice(transpose(NdArray({2, 10}, 1) * up_to_ten), 0, range),
                transpose(NdArray({2, 1}, 1) * expected));    // strides of 1 to begin with
    const IndexArray ids({10}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    const std::vector<Scalar> values = expected.to_vector();
    CHECK(slice(ids, 0, range) == IndexArray(expected.shape(), {values.begin(), values.end()}));
}

TEST_CASE("slices mean what they mean in Python") {
    const NdArray none = zeros({0});
    const Tensor ten_tensor(up_to_ten);
    check_slice({9, 0, -1}, {9, 8, 7, 6, 5, 4, 3, 2, 1});
    check_slice({9, 0, -3}, {9, 6, 3});
    check_slice({3, 2, -1}, {3});    // one step, backwards
    check_slice({2, -2}, {2, 3, 4, 5, 6, 7});
    check_slice({-3}, {7, 8, 9});
    check_slice({.end = 3}, {0, 1, 2});
    check_slice({.end = -8}, {0, 1});
    check_slice({5, 5}, none);
    check_slice({7, 3}, none);
    check_slice({8, 20}, {8, 9});
    check_slice({20, 30}, none);
    check_slice({-20, 2}, {0, 1});
    check_slice({}, up_to_ten);
    check_slice({.step = -1}, 9 - up_to_ten);
    check_slice({.step = 4}, {0, 4, 8});
    check_slice({.step = -4}, {9, 5, 1});
    check_slice({1, 8, 3}, {1, 4, 7});
    check_slice({1, 7, 3}, {1, 4});
    check_slice({9, -1, -1}, none);
    check_slice({3, {}, -1}, {3, 2, 1, 0});
    check_slice({20, 7, -1}, {9, 8});
    check_slice({-1, -20, -5}, {9, 4});
    constexpr Index least = std::numeric_limits<Index>::min(), most = std::numeric_limits<Index>::max();
    check_slice({least, most}, up_to_ten);
    check_slice({most, least, -1}, 9 - up_to_ten);
    check_slice({3, {}, most}, {3});
    check_slice({3, {}, least}, {3});
    check_equal(slice(up_to_ten, 0, 9, 0, -3), {9, 6, 3});
    check_equal(slice(Tensor(up_to_ten), 0, -3, 20).values(), {7, 8, 9});
    CHECK(zeros({0, 3})[Slice{.step = -1}].shape() == Shape{0, 3});
    const char* refused = "slice: a step of 0 never arrives; expected 1, 2, ... or -1, -2, ...";
    CHECK_THROWS_WITH_AS(slice(up_to_ten, 0, 1, 5, 0), refused, IndexError);
    CHECK_THROWS_WITH_AS(ten_tensor[Slice{.step = 0}], refused, IndexError);
    CHECK_THROWS_WITH_AS(slice(IndexArray({1, 2}), 0, {.step = 0}), refused, IndexError);
}

TEST_CASE("an index takes an entry of the first axis and counts from the end when negative") {
    check_equal(box_2_3_4[1], NdArray({{12, 13, 14, 15}, {16, 17, 18, 19}, {20, 21, 22, 23}}));
    check_equal(box_2_3_4[-1], box_2_3_4[1]);
    check_equal(box_2_3_4[1][0], {12, 13, 14, 15});
    CHECK(box_2_3_4[1][0][-2].item() == 14);
    CHECK(box_2_3_4[1][0][2].shape() == Shape{});
    CHECK(box_2_3_4[1].data() == box_2_3_4.data() + 12);    // a view
    check_equal(select(box_2_3_4, 1, -1), {{8, 9, 10, 11}, {20, 21, 22, 23}});
    check_equal(select(box_2_3_4, -1, 0), {{0, 4, 8}, {12, 16, 20}});
    check_equal(Tensor(box_2_3_4)[1].values(), box_2_3_4[1]);
    CHECK(Tensor(box_2_3_4)[1][0][-2].item() == 14);
    check_equal(select(Tensor(box_2_3_4), 2, -1).values(), select(box_2_3_4, 2, 3));
    CHECK(box_2_3_4.at({-1, 0, -2}) == 14);
    CHECK_THROWS_WITH_AS(up_to_ten[10], "select: index 10 is outside axis 0 of size 10", IndexError);
    CHECK_THROWS_WITH_AS(up_to_ten[-11], "select: index -11 is outside axis 0 of size 10", IndexError);
    const Tensor ten_tensor(up_to_ten);
    CHECK_THROWS_WITH_AS(ten_tensor[10], "select: index 10 is outside axis 0 of size 10", IndexError);
    CHECK_THROWS_WITH_AS(up_to_ten[0][0], "select: axis 0 does not exist in an array of 0 axes", IndexError);
    CHECK_THROWS_WITH_AS(zeros({0, 3})[0], "select: index 0 is outside axis 0 of size 0", IndexError);
    CHECK_THROWS_WITH_AS(box_2_3_4.at({0, 3, 0}), "at: index 3 is outside axis 1 of size 3", IndexError);
}

TEST_CASE("every operation reads an array that runs backwards") {
    const NdArray back = box_2_3_4[Slice{.step = -1}], inner = slice(box_2_3_4, 2, {.step = -2});    // columns 3 and 1
    CHECK_FALSE(back.is_contiguous());
    check_equal(contiguous(inner), NdArray({2, 3, 2}, {3, 1, 7, 5, 11, 9, 15, 13, 19, 17, 23, 21}));
    for (const NdArray& a : {back, inner, slice(slice(box_2_3_4, 1, {.step = -2}), 2, {3, 0, -1})}) {
        const NdArray copy(a.shape(), std::span<const Scalar>(a.to_vector()));
        check_equal(a + 1, copy + 1);
        check_equal(a * a[0], copy * copy[0]);
        check_equal(sum(a, 1), sum(copy, 1));
        check_equal(sum(a, {0, 2}), sum(copy, {0, 2}));
        check_equal(max(a, 2), max(copy, 2));
        check_equal(matmul(a, transpose(a)), matmul(copy, transpose(copy)));
        check_equal(matmul(transpose(a), a), matmul(transpose(copy), copy));
        check_equal(reshape(a, {a.size()}), reshape(copy, {a.size()}));
        check_equal(concat(std::vector<NdArray>{a, a}, 1), concat(std::vector<NdArray>{copy, copy}, 1));
        check_equal(softmax(Tensor(a)).values(), softmax(Tensor(copy)).values());
        check_equal(gather_rows(a[0], IndexArray({1, 0})), gather_rows(copy[0], IndexArray({1, 0})));
        CHECK(text_of(a) == text_of(copy));
        NdArray written = a;
        written.mutable_data()[0] = -1;
        CHECK(written.at({0, 0, 0}) == -1);
        check_equal(a, copy);
    }
    const NdArray large = reshape(NdArray::arange(200 * 70), {200, 70}) / 7000;
    const NdArray turned = slice(slice(large, 0, {.step = -1}), 1, {.step = -1});
    const NdArray copy(turned.shape(), std::span<const Scalar>(turned.to_vector()));
    check_equal(matmul(turned, large.T()), matmul(copy, large.T()));    // through the blocked kernel
    check_equal(matmul(large.T(), turned), matmul(large.T(), copy));
}

TEST_CASE("T reverses the axes and detach cuts the graph") {
    check_equal(NdArray({{1, 2, 3}, {4, 5, 6}}).T(), {{1, 4}, {2, 5}, {3, 6}});
    check_equal(Tensor({{1, 2, 3}, {4, 5, 6}}).T().values(), {{1, 4}, {2, 5}, {3, 6}});
    check_equal(up_to_ten.T(), up_to_ten);
    CHECK(NdArray(3).T().item() == 3);
    check_equal(box_2_3_4.T(), transpose(box_2_3_4, 0, 2));
    const Tensor w = Tensor::parameter(box_2_3_4);
    check_equal(w.T().values(), box_2_3_4.T());
    w.T().backward(box_2_3_4.T() * 2);
    check_equal(w.grad(), box_2_3_4 * 2);

    const Tensor x = Tensor::parameter({1, 2}), fixed = (x * 3).detach();
    CHECK_FALSE(fixed.requires_grad());
    sum(fixed * x).backward();
    check_equal(x.grad(), {3, 6});
    CHECK(fixed.values().data() != x.values().data());
    CHECK(x.detach().values().data() == x.values().data());    // shares the numbers ...
    x.update_values([](NdArray& values) { values *= 5; });
    check_equal(x.detach().values(), {5, 10});
}

TEST_CASE("axes of size 1 come and go") {
    const NdArray thin = reshape(box_2_3_4, {1, 24, 1});
    CHECK(squeeze(thin).shape() == Shape{24});
    CHECK(squeeze(thin, 0).shape() == Shape{24, 1});
    CHECK(squeeze(thin, -1).shape() == Shape{1, 24});
    CHECK(squeeze(ones({1, 1})).shape() == Shape{});
    CHECK(unsqueeze(box_2_3_4, 0).shape() == Shape{1, 2, 3, 4});
    CHECK(unsqueeze(box_2_3_4, -1).shape() == Shape{2, 3, 4, 1});
    CHECK(unsqueeze(box_2_3_4, -2).shape() == Shape{2, 3, 1, 4});
    CHECK(unsqueeze(NdArray(3), 0).shape() == Shape{1});
    for (Index axis = 0; axis <= 3; ++axis) {
        check_equal(unsqueeze(box_2_3_4.T(), axis), contiguous(unsqueeze(contiguous(box_2_3_4.T()), axis)));
        check_equal(squeeze(unsqueeze(box_2_3_4.T(), axis), axis), box_2_3_4.T());
        check_equal(squeeze(unsqueeze(Tensor(box_2_3_4.T()), axis), axis).values(), box_2_3_4.T());
        check_equal(squeeze(unsqueeze(Tensor(box_2_3_4.T()), axis)).values(), box_2_3_4.T());
    }
    CHECK_THROWS_WITH_AS(squeeze(box_2_3_4, 1), "squeeze: axis 1 of [2, 3, 4] is not of size 1", ShapeError);
    CHECK_THROWS_WITH_AS(squeeze(Tensor(box_2_3_4), 3), "squeeze: axis 3 does not exist in an array of 3 axes",
                         IndexError);
    CHECK_THROWS_WITH_AS(unsqueeze(box_2_3_4, 4), "unsqueeze: axis 4 does not exist in an array of 4 axes", IndexError);
    CHECK_THROWS_WITH_AS(unsqueeze(zeros({1, 1, 1, 1, 1, 1}), 0), "Shape: at most 6 axes, got 7", ShapeError);
}

TEST_CASE("sums over several axes keep them with size 1 and refuse one that is named twice") {
    const NdArray a = ones({2, 3, 4});
    check_equal(sum(a, {0, 2}), {{{8}, {8}, {8}}});
    check_equal(squeeze(sum(a, {0, 2})), {8, 8, 8});
    check_equal(squeeze(sum(a, {-1})), full({2, 3}, 4));
    CHECK(sum(a, {2, 0, 1}).item() == 24);
    check_equal(sum(a, {}), a);    // over none
    check_equal(sum(Tensor(a), {0, 2}).values(), sum(a, {0, 2}));
    check_equal(mean(Tensor(a * 3), {0, -1}).values(), full({1, 3, 1}, 3));
    CHECK_THROWS_WITH_AS(sum(a, {0, 0}), "sum: axis 0 is named twice", ShapeError);
    CHECK_THROWS_WITH_AS(sum(Tensor(a), {0, -3}), "sum: axis 0 is named twice", ShapeError);
    CHECK_THROWS_WITH_AS(sum(a, {3}), "sum: axis 3 does not exist in an array of 3 axes", IndexError);
    CHECK_THROWS_WITH_AS(mean(Tensor(a), {1, 1}), "mean: axis 1 is named twice", ShapeError);
    CHECK_THROWS_WITH_AS(mean(Tensor(a), {-4}), "mean: axis -4 does not exist in an array of 3 axes", IndexError);
    CHECK_THROWS_WITH_AS(mean(Tensor(zeros({2, 0})), {1}), "mean: axis 1 of [2, 0] is empty", ShapeError);
    const Tensor w = Tensor::parameter(a);
    (sum(sum(w, {0, 2})) + sum(mean(w, {1, 2}))).backward();
    check_near(w.grad(), full({2, 3, 4}, 1 + 1 / 12.0), 1e-6);
}

TEST_CASE("one element and a part are written with set") {
    NdArray a({{1, 2, 3}, {4, 5, 6}});
    const NdArray before = a;
    a.set({0, 1}, 7);
    a.set({-1, -1}, .5);
    check_equal(a, {{1, 7, 3}, {4, 5, .5}});
    check_equal(before, {{1, 2, 3}, {4, 5, 6}});    // whoever shared the numbers keeps the old ones
    a.set({1}, 0);                                  // a whole row
    check_equal(a, {{1, 7, 3}, {0, 0, 0}});
    a.set({0}, {8, 9, 10});
    check_equal(a, {{8, 9, 10}, {0, 0, 0}});
    a.set(1, {.step = -2}, {{1, 2}, {3, 4}});    // columns 2 and 0
    check_equal(a, {{2, 9, 1}, {4, 0, 3}});
    a.set(-1, {0, 1}, NdArray(-1));
    check_equal(a, {{-1, 9, 1}, {-1, 0, 3}});
    a.set(0, {5, 9}, NdArray(100));    // no rows there
    check_equal(a, {{-1, 9, 1}, {-1, 0, 3}});
    NdArray turned = a.T();
    turned.set({2, 0}, 50);
    check_equal(turned, {{-1, -1}, {9, 0}, {50, 3}});
    CHECK(a.at({0, 2}) == 1);
    a.set({}, a.at({0, 0}));
    check_equal(a, full({2, 3}, -1));
    NdArray number(1);
    number.set({}, 2);
    CHECK(number.item() == 2);
    const Scalar* place = a.data();
    a.set({0, 0}, 1);
    CHECK(a.data() == place);    // the only owner writes in place
    CHECK_THROWS_WITH_AS(a.set({2, 0}, 1), "set: index 2 is outside axis 0 of size 2", IndexError);
    CHECK_THROWS_WITH_AS(a.set({0, -4}, 1), "set: index -4 is outside axis 1 of size 3", IndexError);
    CHECK_THROWS_WITH_AS(a.set({0, 0, 0}, 1), "set: shape [2, 3] has 2 axes, got 3 indices", ShapeError);
    CHECK_THROWS_WITH_AS(a.set({0}, NdArray({1, 2})),
                         "broadcast_to: cannot broadcast [2] with [3]: sizes 2 and 3 differ and neither is 1",
                         ShapeError);
}

template <class L, class R>
concept Assigns = requires(L&& left, R&& right) {
    static_cast<L&&>(left) = static_cast<R&&>(right);
};
template <class L, class R>
concept Adds = requires(L&& left, R&& right) {
    static_cast<L&&>(left) += static_cast<R&&>(right);
};

template <class A>
concept SetsAnElement = requires(A&& a) {
    static_cast<A&&>(a).set({1}, 7);
};
template <class A>
concept SetsAPart = requires(A&& a) {
    static_cast<A&&>(a).set(0, Slice{1}, NdArray(7));
};
template <class A>
concept SetsValues = requires(A&& a) {
    static_cast<A&&>(a).set({1}, NdArray(7));
};
template <class A>
concept GivesNumbersToWrite = requires(A&& a) {
    static_cast<A&&>(a).mutable_data();
};
template <class A>
concept GivesAPlaceToWrite = requires(A&& a) {
    static_cast<A&&>(a)[0] = 3;
};
template <class A>
constexpr bool writes = SetsAnElement<A> || SetsAPart<A> || SetsValues<A> || GivesNumbersToWrite<A>;

// What looks like writing and would change a copy does not compile.
TEST_CASE("nothing is written into a copy without a word") {
    using Row = decltype(std::declval<NdArray&>()[0]);
    using Rows = decltype(gather_rows(std::declval<NdArray&>(), IndexArray{0, 2}));
    using TensorRow = decltype(std::declval<Tensor&>()[0]);
    static_assert(Assigns<NdArray&, NdArray> && Assigns<Tensor&, Tensor> && Adds<NdArray&, int> && Adds<Tensor&, int>);
    static_assert(!Assigns<Row, int> && !Assigns<Row, NdArray> && !Assigns<Row, double>);
    static_assert(!Assigns<decltype(std::declval<Row>()[1]), int>);
    static_assert(!Assigns<decltype(std::declval<Rows>()[1]), int>);
    static_assert(!Assigns<TensorRow, int> && !Assigns<TensorRow, Tensor> && !Assigns<TensorRow, NdArray>);
    static_assert(!Adds<Row, int> && !Adds<Row, NdArray> && !Adds<TensorRow, int> && !Adds<TensorRow, Tensor>);
    static_assert(!Assigns<decltype(std::declval<NdArray&>().at({0})), int>);
    static_assert(!Assigns<decltype(std::declval<IndexArray&>()[0]), int>);
    static_assert(SetsAnElement<NdArray&> && SetsAPart<NdArray&> && SetsValues<NdArray&> &&
                  GivesNumbersToWrite<NdArray&> && GivesAPlaceToWrite<Shape&> && GivesAPlaceToWrite<Strides&>);
    static_assert(!writes<Row> && !writes<decltype(std::declval<NdArray&>().T())>);
    static_assert(!writes<decltype(transpose(std::declval<NdArray&>()))>);
    static_assert(!GivesAPlaceToWrite<Shape> && !GivesAPlaceToWrite<Strides>);
    NdArray x({1, 2});
    x = NdArray({3, 4});
    check_equal(x, {3, 4});
}

// The result of an operation is a new tensor: new values for it would change nothing that anybody sees.
TEST_CASE("the results of operations on constants are given no new values") {
    const Tensor c({{1, 2}, {3, 4}});
    const auto refused = [](const char* who) {
        return text_of(who, ": only leaves (parameters and constants) can be given new values, not results of ",
                       "operations");
    };
    for (const Tensor& result : {c[0], c[Slice{0, 1}], c.T(), c.detach(), c + 1, reshape(c, {4})}) {
        CHECK(result.is_leaf());    // nothing was recorded
        CHECK_THROWS_WITH_AS(result.set_values(zeros(result.shape())), refused("set_values").c_str(), GraphError);
        CHECK_THROWS_WITH_AS(result.update_values([](NdArray&) {}), refused("update_values").c_str(), GraphError);
        CHECK_THROWS_WITH_AS(result.mutable_values(), refused("mutable_values").c_str(), GraphError);
    }
    c.set_values({{5, 6}, {7, 8}});
    check_equal(c.values(), {{5, 6}, {7, 8}});
    const auto named = [&](const char*) { return c; };    // as a module's parameters are
    named("c").set_values(zeros({2, 2}));
    check_equal(c.values(), zeros({2, 2}));
    Tensor copy(c[0].values());    // a leaf of its own
    copy.mutable_values()[1] = 9;
    check_equal(copy.values(), {0, 9});
}

template <class A>
concept TakesTwoInBraces = requires(A& a) {
    a[{0, 2}];
};
template <class A>
concept TakesOneInBraces = requires(A& a) {
    a[{2}];
};

// In NumPy x[[0, 2]] are the rows 0 and 2. Braces would make it the slice from 0 to 2.
TEST_CASE("indices in braces are neither a slice nor an entry") {
    static_assert(!TakesTwoInBraces<NdArray> && !TakesTwoInBraces<Tensor>);
    static_assert(!TakesOneInBraces<NdArray> && !TakesOneInBraces<Tensor>);
    check_equal(gather_rows(NdArray({{1}, {2}, {3}}), {0, 2}), {{1}, {3}});
    check_equal(up_to_ten[{.begin = 8}], {8, 9});
}

static NdArray transposed_product(const NdArray& a, const NdArray& b) { return transpose(a * b); }
static NdArray made() { return NdArray({{1, 2}, {3, 4}}) + 1; }

TEST_CASE("a view holds the numbers that it shows") {
    const NdArray a({{1, 2}, {3, 4}});
    check_equal(transposed_product(a, a), {{1, 9}, {4, 16}});
    const NdArray row = made()[0];
    check_equal(row, {2, 3});
    const Tensor tensor_row = (Tensor(made()) * 2)[1];
    check_equal(tensor_row.values(), {8, 10});
    Scalar total = 0;
    for (Scalar x : made()[Slice{.step = -1}].to_vector()) total = total * 10 + x;
    CHECK(total == 4523);
    const NdArray& bound = made().T();
    check_equal(bound, {{2, 4}, {3, 5}});
}

TEST_CASE("what is asked of a temporary outlives it") {
    const auto product = [] { return Tensor(made()) * 2; };
    const auto trained = [] {
        const Tensor w = Tensor::parameter({1, 2});
        sum(w * w).backward();
        return w;
    };
    const NdArray& values = product().values();
    const NdArray& grad = trained().grad();
    const Shape &shape = product().shape(), &shape_of_array = made().shape();
    const Strides& strides = made().T().strides();
    const auto& node = product().node();
    const NdArray others[] = {zeros({5}), zeros({2, 2}), zeros({2})};    // may lie where the temporaries lay
    check_equal(values, {{4, 6}, {8, 10}});
    check_equal(grad, {2, 4});
    CHECK(shape == Shape{2, 2});
    CHECK(shape_of_array == Shape{2, 2});
    CHECK(strides[1] == 2);
    CHECK(node->op == std::string("scale"));
    Index sizes = 0;
    for (Index size : product().shape()) sizes = 10 * sizes + size + others[0].dim(0);
    for (Index size : made()[0].shape()) sizes = 10 * sizes + size;
    CHECK(sizes == 772);
    static_assert(std::is_reference_v<decltype(std::declval<const Tensor&>().values())>);    // copies nothing
    static_assert(!std::is_reference_v<decltype(std::declval<const Tensor>().values())>);
}

TEST_CASE("ids are sliced and compared and asked from the end") {
    const IndexArray ids({{1, 2, 3}, {4, 5, 6}});
    CHECK(slice(ids, 1, {1}) == IndexArray({{2, 3}, {5, 6}}));
    CHECK(slice(ids, -1, 0, -1) == IndexArray({{1, 2}, {4, 5}}));
    CHECK(slice(ids, 0, {.step = -1}) == IndexArray({{4, 5, 6}, {1, 2, 3}}));
    CHECK(slice(ids, 1, 0, 3, 2) == IndexArray({{1, 3}, {4, 6}}));
    CHECK(slice(ids, 0, 2, 2) == IndexArray({0, 3}, {}));
    CHECK(select(ids, 0, -1) == IndexArray({4, 5, 6}));
    CHECK(select(ids, 1, 0) == IndexArray({1, 4}));
    CHECK(slice(IndexArray({2, 0}, {}), 0, {1}) == IndexArray({1, 0}, {}));
    CHECK(ids[4] == 5);    // the values in row-major order
    CHECK(ids[-1] == 6);
    CHECK(ids != slice(ids, 0, {.step = -1}));
    CHECK_THROWS_WITH_AS(ids[6], "IndexArray: index 6 is outside axis 0 of size 6", IndexError);
    CHECK_THROWS_WITH_AS(select(ids, 0, 2), "select: index 2 is outside axis 0 of size 2", IndexError);
    CHECK_THROWS_WITH_AS(slice(ids, 2, {}), "slice: axis 2 does not exist in an array of 2 axes", IndexError);
}
