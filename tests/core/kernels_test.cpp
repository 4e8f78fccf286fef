#include <ordinal/core/fast/kernels.h>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include <ordinal/core/fast/vector_math.h>
#include <ordinal/core/random.h>
#include "tests/core/instruction_sets.h"
#include "tests/core/numbers.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

std::vector<Scalar> random_numbers(Index count, double low, double high, Rng& rng) {
    std::vector<Scalar> numbers;
    for (Index i = 0; i < count; ++i) numbers.push_back(static_cast<Scalar>(rng.uniform(low, high)));
    return numbers;
}

// Calls check(offset, n) for all lengths up to 100 and some addresses that no vector register likes.
template <class Check>
void for_lengths_and_alignments(Check check) {
    for (Index offset : {0, 1, 3, 7})
        for (Index n = 1; n <= 100; ++n) check(offset, n);
}

double gelu_exactly(double x) { return x * 0.5 * std::erfc(-x * std::sqrt(0.5)); }

}    // namespace

TEST_CASE("exp and tanh and gelu apply the function to each number and to no other") {
    using Kernel = void (*)(const Scalar*, Scalar*, Index);
    struct Row {
        Kernel kernel;
        Scalar (*one)(Scalar);
    };
    // One number at a time is a plain loop of length 1: the vector loop has to give the same bits.
    const auto gelu_one = [](Scalar x) {
        Scalar y;
        kernels::gelu(&x, &y, 1);
        return y;
    };
    Rng rng(1);
    const std::vector<Scalar> x = random_numbers(120, -6, 6, rng);
    for (const Row& row : {Row{kernels::exp, exp_of}, Row{kernels::tanh, tanh_of}, Row{kernels::gelu, gelu_one}})
        for_lengths_and_alignments([&](Index offset, Index n) {
            std::vector<Scalar> y(120, untouched), in_place = x;
            row.kernel(x.data() + offset, y.data() + offset + 1, n);
            row.kernel(in_place.data() + offset, in_place.data() + offset, n);
            bool right = true;
            for (Index i = 0; i < 119; ++i) {
                const auto at = static_cast<std::size_t>(i);
                const bool inside = offset <= i && i < offset + n;
                const Scalar expected = row.one(x[at]);
                right = right && y[at + 1] == (inside ? expected : untouched);
                right = right && in_place[at] == (inside ? expected : x[at]);
            }
            INFO("offset ", offset, ", n ", n);
            CHECK(right);
        });
}

TEST_CASE("gelu is x Phi(x) and gelu_backward is its slope") {
    // normal_cdf is off by 3e-7 at most; x up to 10 times that.
    for (int i = -10'000; i <= 10'000; ++i) {
        const auto x = static_cast<Scalar>(i / 1000.0), dy = static_cast<Scalar>(-1.75);
        Scalar y, dx;
        kernels::gelu(&x, &y, 1);
        kernels::gelu_backward(&x, &dy, &dx, 1);
        const double at = wide(x), h = 1e-5;    // the slope's own error: h^2 and 1e-16 / h, about 1e-10
        const double slope = (gelu_exactly(at + h) - gelu_exactly(at - h)) / (2 * h);
        if (!(std::abs(wide(y) - gelu_exactly(at)) <= (is_double ? 1e-15 : 4e-7) * (1 + std::abs(at))))
            FAIL("gelu of ", x, " is ", y);
        if (!(std::abs(wide(dx) - wide(dy) * slope) <= (is_double ? 1e-9 : 2e-6))) FAIL("slope at ", x, " is ", dx);
    }
    const Scalar ends[] = {-1000, 1000};
    Scalar y[2], dx[2];
    const Scalar dy[] = {3, 3};
    kernels::gelu(ends, y, 2);
    kernels::gelu_backward(ends, dy, dx, 2);
    CHECK(y[0] == 0);
    CHECK(y[1] == 1000);
    CHECK(dx[0] == 0);
    CHECK(dx[1] == 3);
}

TEST_CASE("gelu_backward handles every length and leaves the rest alone") {
    Rng rng(2);
    const std::vector<Scalar> x = random_numbers(120, -3, 3, rng), dy = random_numbers(120, -3, 3, rng);
    for_lengths_and_alignments([&](Index offset, Index n) {
        std::vector<Scalar> dx(120, untouched);
        kernels::gelu_backward(x.data() + offset, dy.data() + offset, dx.data() + offset, n);
        bool right = true;
        for (Index i = 0; i < 120; ++i) {
            const auto at = static_cast<std::size_t>(i);
            Scalar alone;
            kernels::gelu_backward(&x[at], &dy[at], &alone, 1);
            right = right && dx[at] == (offset <= i && i < offset + n ? alone : untouched);
        }
        CHECK(right);
    });
}

TEST_CASE("sin_cos writes pairs of every number of angles and nothing else") {
    Rng rng(5);
    std::vector<double> angles;
    for (int i = 0; i < 50; ++i) angles.push_back(rng.uniform(-1, 1));
    for (Index n = 0; n <= 50; ++n) {
        std::vector<Scalar> pairs(102, untouched);
        kernels::sin_cos(37, angles.data(), pairs.data() + 1, n);
        bool right = pairs[0] == untouched;
        for (std::size_t i = 0; i < 101; ++i) {
            const auto [sine, cosine] = sin_cos_of(i < 100 ? 37 * angles[i / 2] : 0);
            const Scalar expected = static_cast<Index>(i) < 2 * n ? (i % 2 == 0 ? sine : cosine) : untouched;
            right = right && pairs[i + 1] == expected;
        }
        INFO("n ", n);
        CHECK(right);
    }
}

TEST_CASE("sum and dot are what plain loops add up for every length and alignment") {
    Rng rng(3);
    const std::vector<Scalar> x = random_numbers(120, -1, 1, rng), y = random_numbers(120, -1, 1, rng);
    for_lengths_and_alignments([&](Index offset, Index n) {
        const Scalar *a = x.data() + offset, *b = y.data() + offset / 2;
        double plain_sum = 0, plain_dot = 0, squares = 0.75;
        for (Index i = 0; i < n; ++i) {
            plain_sum += wide(a[i]);
            squares += wide(a[i]) * wide(a[i]);
            plain_dot += wide(a[i]) * wide(b[i]);
        }
        INFO("offset ", offset, ", n ", n);
        // in double: at most log2(32) + n / 32 + 1 additions on the way of a number, each rounding a partial sum below
        // n
        const double tolerance = 10 * std::numeric_limits<double>::epsilon() * static_cast<double>(n);
        CHECK(std::abs(kernels::sum(a, n) - plain_sum) <= tolerance);
        CHECK(std::abs(kernels::dot(a, b, n) - plain_dot) <= tolerance);
        CHECK(kernels::add_squares(0.75, a, n) == squares);    // one after the other: to the last bit
    });
    CHECK(kernels::sum(x.data(), 0) == 0);
    CHECK(kernels::dot(x.data(), y.data(), 0) == 0);
    const std::vector<Scalar> ones(100'001, 1);
    CHECK(kernels::sum(ones.data(), 100'001) == 100'001);
    CHECK(kernels::dot(ones.data(), ones.data(), 100'001) == 100'001);
}

TEST_CASE("exp_minus_max is what plain loops compute for every length and alignment") {
    Rng rng(4);
    const std::vector<Scalar> x = random_numbers(120, -20, 5, rng);
    for_lengths_and_alignments([&](Index offset, Index n) {
        const Scalar* row = x.data() + offset;
        std::vector<Scalar> y(120, untouched);
        Scalar largest;
        const Scalar total = kernels::exp_minus_max(row, y.data() + offset, n, &largest);
        const Scalar top = *std::max_element(row, row + n);
        double plain_total = 0;
        bool right = largest == top;
        for (Index i = 0; i < n; ++i) {
            const double expected = std::exp(wide(row[i] - top));
            plain_total += expected;
            right = right && std::abs(wide(y[static_cast<std::size_t>(offset + i)]) - expected) <= epsilon * expected;
        }
        for (Index i = 0; i < 120; ++i)
            right = right && ((offset <= i && i < offset + n) || y[static_cast<std::size_t>(i)] == untouched);
        INFO("offset ", offset, ", n ", n);
        CHECK(right);
        CHECK(std::abs(wide(total) - plain_total) <= 10 * epsilon * plain_total);
    });
}

TEST_CASE("exp_minus_max finds the maximum wherever it stands and may write over its input") {
    for (Index n : {1, 31, 32, 33, 64, 65, 100})
        for (Index where = 0; where < n; ++where) {
            std::vector<Scalar> row(static_cast<std::size_t>(n), -2000);
            row[static_cast<std::size_t>(where)] = -1000;
            Scalar largest;
            const Scalar total = kernels::exp_minus_max(row.data(), row.data(), n, &largest);
            INFO("n ", n, ", maximum at ", where);
            CHECK(largest == -1000);
            CHECK(total == 1);
            CHECK(row[static_cast<std::size_t>(where)] == 1);
        }
}

TEST_CASE("the largest number is found wherever it stands and a NaN is above all") {
    for_instruction_sets([&] {
        for (Index n : {1, 2, 31, 32, 33, 64, 65, 100})
            for (Index where = 0; where < n; ++where) {
                std::vector<Scalar> row(static_cast<std::size_t>(n), -infinity);
                INFO("n ", n, ", the largest at ", where);
                row[static_cast<std::size_t>(where)] = -1000;
                CHECK(kernels::largest(row.data(), n) == -1000);
                CHECK(kernels::place_of_largest(row.data(), n) == where);
                row.back() = -1000;    // the first of two
                CHECK(kernels::place_of_largest(row.data(), n) == where);
                row[static_cast<std::size_t>(where)] = not_a_number;
                CHECK(std::isnan(kernels::largest(row.data(), n)));
                CHECK(kernels::place_of_largest(row.data(), n) == where);
            }
    });
    CHECK(kernels::place_of_largest(std::vector<Scalar>(40, -infinity).data(), 40) == 0);
}

TEST_CASE("exp_minus_max of hidden scores and of numbers without an end") {
    std::vector<Scalar> row(40, -infinity);
    row[35] = 2;
    Scalar largest;
    CHECK(kernels::exp_minus_max(row.data(), row.data(), 40, &largest) == 1);
    CHECK(largest == 2);
    CHECK(row[0] == 0);
    std::fill(row.begin(), row.end(), -infinity);    // nothing but hidden scores
    CHECK(kernels::exp_minus_max(row.data(), row.data(), 40, &largest) == 0);
    CHECK(largest == -infinity);
    CHECK(row == std::vector<Scalar>(40, 0));
    for (Index where : {0, 5, 37}) {    // a NaN anywhere shows in the sum: it is not lost
        std::vector<Scalar> bad(40, 1), out(40);
        bad[static_cast<std::size_t>(where)] = std::numeric_limits<Scalar>::quiet_NaN();
        CHECK(std::isnan(kernels::exp_minus_max(bad.data(), out.data(), 40, &largest)));
    }
}
