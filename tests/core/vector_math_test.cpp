#include <ordinal/core/fast/vector_math.h>

#include <doctest/doctest.h>

#include <limits>
#include <numbers>
#include <vector>

#include <ordinal/core/random.h>
#include "tests/core/numbers.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Numbers from low to high: evenly spaced, random ones, and neighbours of 0 of both signs down to the smallest.
std::vector<Scalar> scan(double low, double high) {
    std::vector<Scalar> numbers;
    constexpr int steps = 300'000;
    for (int i = 0; i <= steps; ++i) numbers.push_back(static_cast<Scalar>(low + (high - low) * i / steps));
    Rng rng(1);
    for (int i = 0; i < steps; ++i) numbers.push_back(static_cast<Scalar>(rng.uniform(low, high)));
    for (Scalar x = 1; x > 0; x /= 2) {
        if (low <= -static_cast<double>(x)) numbers.push_back(-x);
        if (static_cast<double>(x) <= high) numbers.push_back(x);
    }
    return numbers;
}

struct Worst {
    double error = 0;
    Scalar where = 0;
};

enum class Kind { relative, absolute };

// The largest error of f against the same function in long double.
Worst worst_error(const std::vector<Scalar>& numbers, Scalar (*f)(Scalar), long double (*exact)(long double),
                  Kind kind) {
    Worst worst;
    for (Scalar x : numbers) {
        const long double expected = exact(static_cast<long double>(x));
        long double error = std::abs(static_cast<long double>(f(x)) - expected);
        // Below the smallest normal number the distance of two numbers is fixed.
        if (kind == Kind::relative)
            error /= std::max(std::abs(expected), static_cast<long double>(std::numeric_limits<Scalar>::min()));
        if (!(static_cast<double>(error) <= worst.error)) worst = {static_cast<double>(error), x};
    }
    return worst;
}

void check_error(const char* name, double low, double high, Scalar (*f)(Scalar), long double (*exact)(long double),
                 Kind kind, double bound) {
    const Worst worst = worst_error(scan(low, high), f, exact, kind);
    INFO(name, ": error ", worst.error, " at ", worst.where);
    CHECK(worst.error <= bound);
    if (!is_double) CHECK(worst.error >= bound / 10);    // a bound that says something
}

// The double build calls the standard functions: their last digits are all that may differ.
double bound(double in_float) { return is_double ? 1e-15 : in_float; }

}    // namespace

TEST_CASE("exp_of has the error that it states between its ends") {
    check_error("exp", is_double ? -708 : -103, is_double ? 709 : 88.7, exp_of, std::exp, Kind::relative, bound(1e-7));
    check_error("exp", -1, 1, exp_of, std::exp, Kind::relative, bound(1e-7));
}

TEST_CASE("exp_of_not_positive has the bits of exp_of") {
    const auto numbers = scan(-110, 0);
    CHECK(std::all_of(numbers.begin(), numbers.end(), [](Scalar x) { return exp_of_not_positive(x) == exp_of(x); }));
    CHECK(exp_of_not_positive(-infinity) == 0);
    CHECK(std::isnan(exp_of_not_positive(not_a_number)));
}

TEST_CASE("tanh_of has the error that it states") {
    check_error("tanh", -20, 20, tanh_of, std::tanh, Kind::relative, bound(2e-7));
    check_error("tanh", -1, 1, tanh_of, std::tanh, Kind::relative, bound(2e-7));
    check_error("tanh", -1e-3, 1e-3, tanh_of, std::tanh, Kind::relative, bound(2e-7));
}

static long double exact_normal_cdf(long double x) { return std::erfc(-x / std::numbers::sqrt2_v<long double>) / 2; }

TEST_CASE("normal_cdf has the error that it states") {
    check_error("Phi", -9, 9, normal_cdf, exact_normal_cdf, Kind::absolute, bound(3e-7));
    check_error("Phi", -1e-2, 1e-2, normal_cdf, exact_normal_cdf, Kind::absolute, bound(3e-7));
    check_error("the left tail of Phi", -5, 0, normal_cdf, exact_normal_cdf, Kind::relative, is_double ? 4e-15 : 1e-2);
}

TEST_CASE("the functions are exact at zero and end where they should") {
    for (Scalar zero : {Scalar(0), -Scalar(0)}) {
        CHECK(exp_of(zero) == 1);
        CHECK(tanh_of(zero) == 0);
        CHECK(std::abs(normal_cdf(zero) - Scalar(0.5)) <= bound(3e-7));
    }
    const Scalar largest = std::numeric_limits<Scalar>::max();
    for (Scalar huge : {Scalar(1000), largest, infinity}) {
        CHECK(exp_of(huge) == infinity);
        CHECK(exp_of(-huge) == 0);
        CHECK(tanh_of(huge) == 1);
        CHECK(tanh_of(-huge) == -1);
        CHECK(normal_cdf(huge) == 1);
        CHECK(normal_cdf(-huge) == 0);
    }
    if (!is_double) {    // where float ends: the largest number, and the smallest one, which has a single bit
        CHECK(std::abs(static_cast<double>(exp_of(Scalar(88.5))) / std::exp(88.5) - 1) <= 1e-7);
        CHECK(std::abs(static_cast<double>(exp_of(Scalar(-87.1))) / std::exp(static_cast<double>(Scalar(-87.1))) - 1) <=
              1e-7);
        CHECK(exp_of(Scalar(88.722)) < infinity);
        CHECK(exp_of(Scalar(88.723)) == infinity);
        CHECK(exp_of(Scalar(-103.97)) == std::numeric_limits<Scalar>::denorm_min());
        CHECK(exp_of(Scalar(-103.98)) == 0);
        CHECK(exp_of(-100) == static_cast<Scalar>(std::exp(-100.0)));
    }
}

TEST_CASE("not a number stays not a number") {
    CHECK(std::isnan(exp_of(not_a_number)));
    CHECK(std::isnan(tanh_of(not_a_number)));
    CHECK(std::isnan(normal_cdf(not_a_number)));
}

TEST_CASE("the functions grow with their argument also where a formula ends" * doctest::skip(is_double)) {
    // A rounding error may turn a step of the last digit around, but nothing larger.
    const auto largest_step_back = [](Scalar (*f)(Scalar), double low, double high, double scale_of_error) {
        Scalar before = f(static_cast<Scalar>(low));
        double worst = 0;
        for (int i = 1; i <= 400'000; ++i) {
            const Scalar now = f(static_cast<Scalar>(low + (high - low) * i / 400'000));
            worst = std::max(worst, static_cast<double>(before - now) /
                                        (scale_of_error == 0 ? std::abs(static_cast<double>(now)) : scale_of_error));
            before = now;
        }
        return worst;
    };
    CHECK(largest_step_back(exp_of, -87.3, 88.7, 0) <= 2e-7);
    CHECK(largest_step_back(tanh_of, -10, 10, 1) <= 2e-7);
    CHECK(largest_step_back(tanh_of, 9.9, 10.1, 1) <= 1e-7);
    CHECK(largest_step_back(normal_cdf, -5, 5, 1) <= 6e-7);
    for (Scalar x : {Scalar(10), Scalar(20), Scalar(88.5), infinity}) {    // behind the clamp all is one
        CHECK(tanh_of(x) == 1);
        CHECK(tanh_of(-x) == -tanh_of(x));
    }
}

TEST_CASE("tanh_of is odd and normal_cdf of both signs makes 1") {
    for (Scalar x : scan(0, 10)) {
        if (std::abs(normal_cdf(-x) + normal_cdf(x) - 1) > bound(2e-7)) FAIL("Phi at ", x);
        if (std::abs(tanh_of(-x) + tanh_of(x)) > bound(4e-7) * std::abs(tanh_of(x))) FAIL("tanh at ", x);
    }
}

TEST_CASE("sin_cos_of is as good as a float for angles of every size") {
    const auto largest = [](double low, double high) {
        double worst = 0;
        for (int i = 0; i <= 200'000; ++i) {
            const double x = low + (high - low) * i / 200'000;
            const auto [sine, cosine] = sin_cos_of(x);
            worst = std::max({worst, std::abs(static_cast<double>(sine) - std::sin(x)),
                              std::abs(static_cast<double>(cosine) - std::cos(x))});
        }
        return worst;
    };
    const double bound = is_double ? 0 : 6e-8;    // a float near 1 is rounded by up to 6e-8
    CHECK(largest(-10, 10) <= bound);
    CHECK(largest(-1e6, 1e6) <= bound);
    CHECK(largest(1e6, 1e6 + 100) <= bound);
    CHECK(largest(1e9, 1e9 + 100) <= bound);
    CHECK(largest(-1.7e18, 1.7e18) <= bound);
    CHECK(largest(-1e300, 1e300) <= bound);
    if (!is_double) CHECK(largest(-10, 10) >= bound / 10);    // a bound that says something
    CHECK(sin_cos_of(0).sine == 0);
    CHECK(sin_cos_of(0).cosine == 1);
    CHECK(std::isnan(sin_cos_of(std::numeric_limits<double>::quiet_NaN()).sine));
    CHECK(std::isnan(sin_cos_of(std::numeric_limits<double>::infinity()).cosine));
}
