#include <ordinal/positional/recurrences/scan.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Random steps of a monoid, [2, T, 3] each, the time on axis 1.
template <class M>
Bundle random_steps(Index length, Rng& rng) {
    const NdArray x = random_uniform({2, length, 3}, 0.1, 1, rng), y = random_uniform({2, length, 3}, -1, 1, rng);
    if constexpr (std::same_as<M, Rotation>) return {cos(Tensor(y * 3)), sin(Tensor(y * 3))};
    if constexpr (std::same_as<M, LogDecay>) return {log(Tensor(x)), Tensor(NdArray(x.shape(), 0))};
    if constexpr (std::same_as<M, Count>) return {Tensor(x)};
    return {Tensor(x), Tensor(y)};
}

double gap(const Bundle& a, const Bundle& b) {
    double largest = a.size() == b.size() ? 0 : 1e9;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        largest = std::max(largest, largest_error(a[i].values(), b[i].values()));
    return largest;
}

// Of log decays the two numbers together count, and they have far more digits than one.
double gap_of_decays(const Bundle& a, const Bundle& b) {
    double largest = 0;
    for (Index i = 0; i < a[0].size(); ++i) {
        const auto at = [i](const Tensor& x) { return static_cast<double>(contiguous(x.values()).data()[i]); };
        largest = std::max(largest, std::abs((at(a[0]) - at(b[0])) + (at(a[1]) - at(b[1]))));
    }
    return largest;
}

template <class M>
double broken_associativity() {
    double largest = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Rng rng(seed);
        const Bundle x = random_steps<M>(4, rng), y = random_steps<M>(4, rng), z = random_steps<M>(4, rng);
        const Bundle one = M::combine(M::combine(x, y), z), other = M::combine(x, M::combine(y, z));
        largest = std::max(largest, std::same_as<M, LogDecay> ? gap_of_decays(one, other) : gap(one, other));
    }
    return largest;
}

template <class M>
double serial_against_parallel() {
    double largest = 0;
    for (const Index length : {0, 1, 2, 3, 7, 8, 33}) {
        Rng rng(static_cast<std::uint64_t>(length));
        const Bundle x = random_steps<M>(length, rng);
        const Bundle one = parallel_scan<M>(x, 1), other = serial_scan<M>(x, 1);
        largest = std::max(largest, std::same_as<M, LogDecay> ? gap_of_decays(one, other) : gap(one, other));
    }
    return largest;
}

template <class M>
void check_laws() {
    const double rounding = std::same_as<M, LogDecay> ? 1e-11 : tolerance(2e-6, 1e-14);    // up to 33 roundings
    CHECK(broken_associativity<M>() <= rounding);
    CHECK(serial_against_parallel<M>() <= rounding);
    Rng rng(1);
    const Bundle x = random_steps<M>(5, rng);
    CHECK(gap(M::combine(M::identity(x), x), x) == 0);
    CHECK(gap(M::combine(x, M::identity(x)), x) == 0);
}

// Planted: the step of a tanh recursion, and a linear one whose author mixed up which step comes first.
struct Tanh : Affine {
    static Bundle combine(const Bundle& first, const Bundle& then) {
        return {then[0] * first[0], tanh(then[0] * first[1] + then[1])};
    }
};
struct MixedUp : Affine {
    static Bundle combine(const Bundle& first, const Bundle& then) {
        return {then[0] * first[0], then[0] * first[1] + first[1]};
    }
};

}    // namespace

TEST_CASE("counts and decays and rotations and linear steps may be grouped at will") {
    check_laws<Count>();
    check_laws<LogDecay>();
    check_laws<Rotation>();
    check_laws<Affine>();
}

TEST_CASE("what may not be grouped is found out") {
    static_assert(Monoid<Tanh> && Monoid<MixedUp>);    // the compiler checks signatures; laws need tests
    CHECK(broken_associativity<Tanh>() > 1e-3);
    CHECK(serial_against_parallel<Tanh>() > 1e-3);
    CHECK(broken_associativity<MixedUp>() > 1e-3);
    CHECK(serial_against_parallel<MixedUp>() > 1e-3);
}

TEST_CASE("a scan of linear steps is the recurrence written as a loop") {
    Rng rng(2);
    const Bundle x = random_steps<Affine>(20, rng);
    const NdArray h = parallel_scan<Affine>(x, 1)[1].values(), a = x[0].values(), b = x[1].values();
    for (Index item = 0; item < 2; ++item)
        for (Index d = 0; d < 3; ++d) {
            double state = 0;
            for (Index t = 0; t < 20; ++t) {
                state = static_cast<double>(a.at({item, t, d})) * state + static_cast<double>(b.at({item, t, d}));
                CHECK(std::abs(static_cast<double>(h.at({item, t, d})) - state) <= tolerance(2e-6, 1e-14));
            }
        }
}

TEST_CASE("a scan of equal rotations is the sinusoid") {
    const Tensor c(NdArray({30}, static_cast<Scalar>(std::cos(0.3)))),
        s(NdArray({30}, static_cast<Scalar>(std::sin(0.3))));
    const Bundle rotated = parallel_scan<Rotation>({c, s}, 0);
    for (Index t = 0; t < 30; ++t) {
        const double angle = 0.3 * static_cast<double>(t + 1);
        CHECK(std::abs(static_cast<double>(rotated[0].values().at({t})) - std::cos(angle)) <= tolerance(2e-6, 1e-14));
        CHECK(std::abs(static_cast<double>(rotated[1].values().at({t})) - std::sin(angle)) <= tolerance(2e-6, 1e-14));
    }
}

namespace {

// y <- a y + b five times, by hand. Swapped operands give 1 -5 -1 -1.5; a sum would never show it.
const NdArray five_a({5}, {2, 0.5, -1, 3, 0.25}), five_b({5}, {1, -3, 4, 0.5, 2});
const std::vector<double> from_0{1, -2.5, 6.5, 20, 7}, from_2{5, -0.5, 4.5, 14, 5.5};

}    // namespace

TEST_CASE("a scan of affine steps has the numbers that one finds by hand") {
    for (const Index length : {1, 2, 3, 5}) {
        const NdArray a = slice(five_a, 0, 0, length), b = slice(five_b, 0, 0, length);
        const Bundle all = parallel_scan<Affine>({Tensor(a), Tensor(b)}, 0);
        const NdArray one = affine_scan(reshape(a, {length, 1, 1}), reshape(b, {length, 1}));
        for (Index t = 0; t < length; ++t) {    // exact: all of them are short in binary
            CHECK(static_cast<double>(all[1].values().at({t})) == from_0[static_cast<std::size_t>(t)]);
            CHECK(static_cast<double>(one.at({t, 0})) == from_0[static_cast<std::size_t>(t)]);
            CHECK(static_cast<double>(all[0].values().at({t}) * 2 + all[1].values().at({t})) ==
                  from_2[static_cast<std::size_t>(t)]);
        }
    }
}

TEST_CASE("the gradients of a scan are those that one finds by hand though one output is thrown away") {
    const Tensor a = Tensor::parameter(slice(five_a, 0, 0, 4)), b = Tensor::parameter(slice(five_b, 0, 0, 4));
    const auto check = [&](const Tensor& y) {
        sum(y).backward();
        CHECK(same_numbers(a.grad(), NdArray({4}, {0, -3, -10, 6.5})));
        CHECK(same_numbers(b.grad(), NdArray({4}, {-0.5, -3, 4, 1})));
        a.clear_grad();
        b.clear_grad();
    };
    check(parallel_scan<Affine>({a, b}, 0)[1]);
    check(parallel_scan<MatrixAffine>({reshape(a, {4, 1, 1}), reshape(b, {4, 1, 1})}, 0)[1]);

    const Tensor start = Tensor::parameter({2.0}), five = Tensor(five_a);
    const Bundle all = parallel_scan<Affine>({five, Tensor(five_b)}, 0);
    sum(all[0] * start + all[1]).backward();
    CHECK(start.grad().item() == Scalar(-1.75));    // 2 + 1 - 1 - 3 - 0.75
}

TEST_CASE("a scan of affine steps with matrices is the loop") {
    for (const Index length : {0, 1, 2, 3, 5, 7, 9, 33}) {
        Rng rng(static_cast<std::uint64_t>(length));
        const NdArray A = random_normal({length, 3, 3}, 0.6, rng), b = random_normal({length, 3}, 1, rng);
        const NdArray h = affine_scan(A, b);
        CHECK(h.shape() == Shape{length, 3});
        std::vector<double> state(3, 0);
        for (Index t = 0; t < length; ++t) {
            const std::vector<double> before = state;
            for (Index i = 0; i < 3; ++i) {
                double sum = static_cast<double>(b.at({t, i}));
                for (Index j = 0; j < 3; ++j)
                    sum += static_cast<double>(A.at({t, i, j})) * before[static_cast<std::size_t>(j)];
                state[static_cast<std::size_t>(i)] = sum;
                CHECK(std::abs(static_cast<double>(h.at({t, i})) - sum) <=
                      tolerance(2e-6, 1e-14) * (1 + std::abs(sum)));
            }
        }
        const Bundle steps{Tensor(A), Tensor(unsqueeze(b, 2))};
        CHECK(gap(parallel_scan<MatrixAffine>(steps, 0), serial_scan<MatrixAffine>(steps, 0)) <=
              tolerance(5e-6, 1e-14));
        CHECK(gap(MatrixAffine::combine(MatrixAffine::identity(steps), steps), steps) == 0);
        CHECK(gap(MatrixAffine::combine(steps, MatrixAffine::identity(steps)), steps) == 0);
    }
}

TEST_CASE("a cumulative sum runs along any axis") {
    const Tensor x(NdArray({2, 3}, {1, 2, 3, 10, 20, 30}));
    CHECK(same_numbers(cumulative_sum(x, 1).values(), NdArray({2, 3}, {1, 3, 6, 10, 30, 60})));
    CHECK(same_numbers(cumulative_sum(x, -1).values(), NdArray({2, 3}, {1, 3, 6, 10, 30, 60})));
    CHECK(same_numbers(cumulative_sum(x, 0).values(), NdArray({2, 3}, {1, 2, 3, 11, 22, 33})));
    CHECK(cumulative_sum(Tensor(zeros({2, 0})), 1).shape() == Shape{2, 0});
}

TEST_CASE("a parallel scan waits for the logarithm of the length and a serial one for all of it") {
    const auto depth = [](Index length, bool parallel) {
        const Tensor x = Tensor::parameter(NdArray({length}, 1));
        return graph_depth(parallel ? parallel_scan<Count>({x}, 0)[0] : serial_scan<Count>({x}, 0)[0]);
    };
    for (const Index length : {8, 64, 512}) {
        Index rounds = 0;
        while ((Index(1) << rounds) < length) ++rounds;
        CHECK(depth(length, true) == 3 * rounds);    // a slice, its place, a sum
        CHECK(depth(length, false) == length + 2);
    }
    CHECK(depth(513, true) == 3 * 10);
}

TEST_CASE("gradients go through a scan" * doctest::skip(!is_double)) {
    Rng rng(3);
    const Tensor a = random_parameter({1, 6, 2}, rng), b = random_parameter({1, 6, 2}, rng);
    const auto check = [&](auto scan) {
        return grad_check([&](const std::vector<Tensor>& ab) { return concat(scan(ab), 0); }, {a, b}, rng);
    };
    CHECK(check([](const Bundle& x) { return parallel_scan<Affine>(x, 1); }).report == "all elements agree");
    CHECK(check([](const Bundle& x) { return serial_scan<Affine>(x, 1); }).report == "all elements agree");
    CHECK(check([](const Bundle& x) { return parallel_scan<Rotation>(x, 1); }).report == "all elements agree");
    CHECK(check([](const Bundle& x) {
              return Bundle{cumulative_sum(x[0], 1), cumulative_sum(x[1], 2)};
          }).report == "all elements agree");
}
