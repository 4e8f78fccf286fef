// Sums do not depend on the shape in which the numbers stand, and keep their digits over millions of them.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include "tests/core/instruction_sets.h"
#include "tests/core/numbers.h"
#include "tests/core/sanitizers.h"
#include "tests/core/thread_count.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

constexpr Index million = 1'000'000;
// Sums are kept in double, and rounded to float once. In the double build, millions of roundings of 1e-16 remain.
constexpr double rounding_of_sums = is_double ? 1e-10 : 8 * epsilon;

const Scalar tenth = Scalar(0.1);

// Every element is n x, up to a few roundings: a sum in float would be off by n of them.
void check_all(const NdArray& sums, double expected) {
    double worst = 0;
    for (Scalar sum : sums.to_vector()) {
        const double error = std::abs(wide(sum) - expected) / std::abs(expected);
        if (!(error <= worst)) worst = error;
    }
    INFO("shape ", sums.shape(), ", expected ", expected);
    CHECK(worst <= rounding_of_sums);
}

}    // namespace

TEST_CASE("a sum of millions is right for every shape and axis") {
    CHECK(sum_all(NdArray({20 * million, 1}, 1)) == 20'000'000);
    CHECK(sum_all(NdArray({1, 20 * million}, 1)) == 20'000'000);
    const NdArray ones({17 * million, 1}, 1);
    CHECK(sum(ones, 0).item() == 17'000'000);
    check_all(sum_to_shape(NdArray({10 * million, 2}, tenth), Shape{}), 20e6 * wide(tenth));
    for (const Shape& shape : {Shape{million, 2}, Shape{2, million}, Shape{1000, 2, 1000}, Shape{100, 100, 100, 2},
                               Shape{2, 100, 100, 100}, Shape{1000, 1, 1000, 1, 2}}) {
        const NdArray a(shape, tenth);
        check_all(sum_to_shape(a, Shape{}), wide(tenth) * static_cast<double>(a.size()));
        check_all(transpose(sum(transpose(a, 0, -1), 0)), wide(tenth) * static_cast<double>(shape.last()));
        for (Index axis = 0; axis < shape.ndim(); ++axis)
            check_all(sum(a, axis), wide(tenth) * static_cast<double>(a.dim(axis)));
    }
}

TEST_CASE("a mean of equal numbers is that number") {
    const double of_millions = wide(mean(Tensor(NdArray({10 * million, 2}, tenth))).item());
    CHECK(std::abs(of_millions - wide(tenth)) <= (is_double ? 1e-11 : 0));
    bool ones = true, tenths = true;
    for (Index n = 1; n <= 4096; ++n) {
        ones = ones && mean(Tensor(NdArray({n}, 1))).item() == 1;
        const NdArray both = mean(Tensor(NdArray({n, 2}, tenth)), 0).values();
        for (Scalar x : both.to_vector()) tenths = tenths && std::abs(wide(x - tenth)) <= (is_double ? 1e-14 : 0);
    }
    CHECK(ones);
    CHECK(tenths);    // in double a sum of 0.1 has its own rounding
    const Scalar huge = std::numeric_limits<Scalar>::max() / 2;
    if (!is_double) CHECK(mean(Tensor(NdArray({3}, huge))).item() == huge);    // though their sum is no float
    const Tensor x = Tensor::parameter(NdArray({49}, 1));
    mean(x).backward();
    CHECK(x.grad().data()[0] == Scalar(1) / 49);
}

TEST_CASE("gradients that are sums over a million rows are right") {
    const Tensor X = Tensor::parameter(NdArray({million, 2}, tenth)), W = Tensor::parameter(NdArray({3, 2}, tenth)),
                 b = Tensor::parameter(zeros({3})), added = Tensor::parameter(zeros({2})),
                 factor = Tensor::parameter(NdArray({1}, 1));
    linear(X, W, b).backward(NdArray({million, 3}, tenth));
    check_all(b.grad(), 1e6 * wide(tenth));
    check_all(W.grad(), 1e6 * wide(tenth) * wide(tenth));
    ((X + added) * factor).backward(NdArray({million, 2}, 1));
    check_all(added.grad(), 1e6);
    check_all(factor.grad(), 2e6 * wide(tenth));

    const Tensor gamma = Tensor::parameter(NdArray({2}, 1)), beta = Tensor::parameter(zeros({2}));
    const NdArray rows = broadcast_to(NdArray({2}, {1, 3}), {million, 2});    // normalised: -1 and 1
    layer_norm(Tensor(rows), gamma, beta, 0).backward(NdArray({million, 2}, tenth));
    check_all(beta.grad(), 1e6 * wide(tenth));
    check_all(gamma.grad() * NdArray({2}, {-1, 1}), 1e6 * wide(tenth));

    const Tensor table = Tensor::parameter(zeros({3, 2}));
    gather_rows(table, IndexArray({million}, std::vector<Index>(million, 1))).backward(NdArray({million, 2}, tenth));
    check_all(slice(table.grad(), 0, 1, 2), 1e6 * wide(tenth));
    CHECK(sum_all(table.grad()) == sum_all(slice(table.grad(), 0, 1, 2)));    // the other rows are 0

    const Tensor across = Tensor::parameter(zeros({1, 1}));
    const Tensor Z(zeros({1000, 1000, 1})), start(NdArray({1000, 1}, 1));
    tanh_recurrence(Z, across, start).backward(NdArray({1000, 1000, 1}, tenth));    // only h_{-1} = 1 is not 0
    check_all(across.grad(), 1e3 * wide(tenth));
}

TEST_CASE("a product over a million terms is right - for one row as for two and on every instruction set") {
    for_instruction_sets([&] {
        for (Index k : {255, 256, 4097, 5000, 1'000'000})
            for (Index m : {1, 2, 9})
                for (Scalar x : {tenth, Scalar(0.3), Scalar(0.7)}) {
                    const NdArray A({m, k}, x), B({k, m}, tenth);
                    INFO("m ", m, ", k ", k);
                    // 64 products in one chain, then sums of chains, then double
                    const double error =
                        std::abs(wide(matmul(A, B).data()[0]) / (wide(x) * wide(tenth) * static_cast<double>(k)) - 1);
                    CHECK(error <= (is_double ? 1e-12 : 16 * epsilon));
                }
    });
}

TEST_CASE("sums and products give the same bits for every number of threads and instruction set") {
    Rng rng(3);
    const NdArray a = random_normal({50, 7, 300}, 1, rng), b = random_normal({300, 20}, 1, rng);
    const NdArray tall = random_normal({20'000, 3}, 1, rng), wide_rows = random_normal({3, 20'000}, 1, rng);
    const auto all = [&] {
        std::vector<Scalar> bits;
        const auto keep = [&](const NdArray& part) {
            const auto more = part.to_vector();
            bits.insert(bits.end(), more.begin(), more.end());
        };
        for (Index axis : {0, 1, 2}) keep(sum(a, axis));
        for (const NdArray& x : {a, tall, wide_rows}) {
            keep(sum_to_shape(x, Shape{}));
            keep(sum_to_shape(x, Shape{x.dim(-1)}));
            keep(sum(x, -1));
            keep(softmax(Tensor(x)).values());
        }
        return bits;
    };
    const auto expected = with_threads(1, all);
    for_instruction_sets([&] {
        for (int threads : {1, 2, 3}) CHECK(with_threads(threads, all) == expected);
    });
}

// A sanitizer's checks come between a product and its sum, which then are no longer one instruction everywhere.
#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a row of a product has the same bits alone as among others and however its matrices lie") {
    Rng rng(4);
    for_instruction_sets([&] {
        for (Index k : {1, 63, 64, 65, 256, 257, 600, 4096, 5000}) {
            const NdArray A = random_normal({9, k}, 1, rng), B = random_normal({k, 37}, 1, rng);
            const NdArray whole = matmul(A, B), turned = transpose(contiguous(transpose(B)));
            for (Index row : {0, 8}) {
                const NdArray alone = slice(A, 0, row, row + 1), expected = slice(whole, 0, row, row + 1);
                INFO("k ", k);
                CHECK(matmul(alone, B).to_vector() == expected.to_vector());
                CHECK(matmul(alone, turned).to_vector() == expected.to_vector());
            }
            CHECK(matmul(A, turned).to_vector() == whole.to_vector());
            const Tensor bias(random_normal({37}, 1, rng)), X(A), W(transpose(B));
            CHECK(linear(X, W, bias).values().to_vector() == (matmul(X, transpose(W)) + bias).values().to_vector());
        }
    });
}
#endif
