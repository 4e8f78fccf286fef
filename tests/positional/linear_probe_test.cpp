#include <ordinal/positional/measures/linear_probe.h>

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <span>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/random.h>
#include <ordinal/nn/init.h>
#include <ordinal/positional/waves/sinusoidal.h>

using namespace ordinal;

namespace {

NdArray sinusoid(Index length, Index width) { return Sinusoidal(width).vectors(Positions::arange(length)).values(); }

double probe_error(const NdArray& codes, double ridge = 1e-3) { return probe_errors(codes, ridge).position; }
double order_error(const NdArray& codes) { return probe_errors(codes).order; }

NdArray line(Index length) { return reshape(NdArray::arange(length), {length, 1}); }

// p_{k+1} = A p_k
NdArray orbit(const NdArray& A, NdArray p, Index length) {
    std::vector<NdArray> rows;
    for (Index k = 0; k < length; ++k) {
        rows.push_back(p);
        p = matmul(p, transpose(A));
    }
    return concat(rows, 0);
}

}    // namespace

TEST_CASE("the order error counts pairs in the wrong order") {
    CHECK(order_error(line(40)) == 0);
    Rng rng(1);
    const double chance = order_error(random_normal({200, 2}, 1, rng));
    CHECK(std::abs(chance - 0.5) < 0.15);    // nothing to read: the middle and a little noise
    // Equal codes: the 30 of 190 pairs that are held out together are read alike, which is wrong. A part that lies late
    // is read as the middle of the others, too early, so of the 160 other pairs more than half are wrong, too.
    const double equal = order_error(NdArray({20, 2}, 1));
    CHECK(equal > 110.0 / 190);
    CHECK(equal < 0.7);    // 127 / 190 with this shuffle
    CHECK(std::isnan(order_error(NdArray({9, 2}, 1))));
    CHECK_THROWS_WITH_AS(order_error(zeros({3})), "probe_errors: expected codes [T, D], got [3]", ShapeError);
}

TEST_CASE("the probe reads positions off a line and off a sinusoid but not off random codes") {
    Rng rng(1);
    CHECK(probe_error(line(100)) < 0.5);    // the ridge holds the slope back by about 1e-3 of it
    CHECK(probe_error(line(100), 1e-9) < 1e-3);
    CHECK(probe_error(sinusoid(128, 64)) < 0.1);
    CHECK(probe_error(random_normal({128, 64}, 1, rng)) > 128.0 / 4);
    CHECK(probe_error(random_normal({50, 200}, 1, rng)) > 50.0 / 5);    // more numbers than rows: no interpolation
}

TEST_CASE("the probe of equal codes says the middle every time") {
    for (const Scalar code : {Scalar(0), Scalar(3)}) {
        const double error = probe_error(NdArray({100, 4}, code));
        INFO("error ", error);
        CHECK(std::abs(error - 25) < 1);    // the middle of the rows it has seen, which is nearly that of all
    }
}

TEST_CASE("the probe does not depend on the scale of the codes") {
    Rng rng(2);
    const NdArray codes = random_normal({40, 6}, 1, rng);
    const double error = probe_error(codes);
    CHECK(std::abs(probe_error(codes * Scalar(1024)) - error) < 1e-9 * error);
    CHECK(std::abs(probe_error(codes * Scalar(0.5)) - error) < 1e-9 * error);
}

TEST_CASE("a linear recurrence has no shift error") {
    Rng rng(3);
    const NdArray p = random_normal({1, 5}, 1, rng);
    CHECK(shift_error(orbit(random_orthogonal(5, rng), p, 40)) < 1e-9);
    CHECK(shift_error(sinusoid(128, 64)) < 1e-9);
    CHECK(shift_error(NdArray({20, 3}, 2)) < 1e-9);    // standing still is linear, too
}

TEST_CASE("the shift error of the line 0 1 2 is what least squares by hand leaves") {
    const Index length = 12;
    double xy = 0, xx = 0, yy = 0;
    for (Index k = 0; k + 1 < length; ++k) {
        const auto x = static_cast<double>(k);
        xy += x * (x + 1);
        xx += x * x;
        yy += (x + 1) * (x + 1);
    }
    CHECK(std::abs(shift_error(line(length)) - (1 - xy * xy / (xx * yy))) < 1e-9);
}

TEST_CASE("random codes keep the share of the rows that a linear step cannot fit") {
    Rng rng(4);
    // n equations for D unknowns leave (n - D) / n; 10 x 60 equations: within a tenth
    const double error = shift_error(random_normal({61, 10}, 1, rng));
    INFO("error ", error);
    CHECK(std::abs(error - 50.0 / 60) < 0.1);
}

TEST_CASE("too few positions say nothing") {
    Rng rng(5);
    CHECK(std::isnan(shift_error(random_normal({11, 10}, 1, rng))));
    CHECK_FALSE(std::isnan(shift_error(random_normal({12, 10}, 1, rng))));
    CHECK(std::isnan(shift_error(zeros({20, 3}))));
    CHECK(std::isnan(probe_error(random_normal({9, 3}, 1, rng))));
}

TEST_CASE("the linear probe refuses other shapes") {
    CHECK_THROWS_WITH_AS(probe_error(zeros({3})), "probe_errors: expected codes [T, D], got [3]", ShapeError);
    CHECK_THROWS_WITH_AS(shift_error(zeros({0, 2})), "shift_error: expected codes [T, D], got [0, 2]", ShapeError);
    CHECK_THROWS_WITH_AS(probe_error(line(10), 0), "probe_errors: expected a ridge > 0, got 0", OptionError);
}

// The other way round than the source: two unknowns, the slope and the constant, in place of one for each row.
TEST_CASE("the probe is the ridge's answer of the four parts of the rows that were seen") {
    const Index T = 13;
    const double ridge = 0.3, middle = 6;
    Rng rng(6);
    const NdArray codes = random_normal({T, 1}, 2, rng) + line(T) * Scalar(0.25);
    std::vector<double> x, read(13);
    for (const Scalar code : codes.to_vector()) x.push_back(static_cast<double>(code));
    double mean_square = 0;
    for (const double code : x) mean_square += code * code / 13;
    for (double& code : x) code /= std::sqrt(mean_square);
    std::vector<std::size_t> order(13);
    std::iota(order.begin(), order.end(), std::size_t(0));
    Rng shuffling(5);
    shuffling.shuffle(std::span(order));
    for (std::size_t part = 0; part < 5; ++part) {
        double xx = ridge, x1 = 0, n = ridge, xy = 0, y1 = 0;    // the sums of squares, with the ridge on both
        for (std::size_t i = 0; i < 13; ++i) {
            if (i % 5 == part) continue;
            const double code = x[order[i]], y = static_cast<double>(order[i]) - middle;
            xx += code * code, x1 += code, n += 1, xy += code * y, y1 += y;
        }
        const double slope = (xy * n - x1 * y1) / (xx * n - x1 * x1),
                     constant = (xx * y1 - x1 * xy) / (xx * n - x1 * x1);
        for (std::size_t i = part; i < 13; i += 5) read[order[i]] = middle + slope * x[order[i]] + constant;
    }
    double off = 0, wrong = 0;
    for (std::size_t l = 0; l < 13; ++l) {
        off += std::abs(read[l] - static_cast<double>(l));
        for (std::size_t k = 0; k < l; ++k) wrong += read[k] >= read[l];
    }
    const ProbeErrors got = probe_errors(codes, ridge);
    CHECK(std::abs(got.position - off / 13) <= 1e-12);
    CHECK(got.order == wrong / 78);
    CHECK(wrong > 0);
    CHECK(std::abs(probe_errors(codes).order - got.order) < 0.2);
    CHECK_FALSE(std::isnan(probe_error(line(10))));    // ten rows are enough
}

TEST_CASE("a column that only rounding tells from the others is no direction of its own") {
    const std::vector<Scalar> a{1, 3, 2, 5, 7, 4, 6, 1, 2, 7, 3, 5}, e{2, 1, 3, 3, 1, 2, 1, 3, 1, 2, 2, 1};
    const auto error = [&](double of_a, double of_e, Index columns) {
        NdArray codes = zeros({12, columns});
        for (Index k = 0; k < 12; ++k) {
            const auto at = static_cast<std::size_t>(k);
            codes.set({k, 0}, a[at]);
            if (columns == 2) codes.set({k, 1}, static_cast<Scalar>(of_a) * a[at] + static_cast<Scalar>(of_e) * e[at]);
        }
        return shift_error(codes);
    };
    const double alone = error(0, 0, 1), together = error(0, 0x1p-17, 2);
    CHECK(alone > together + 0.02);
    CHECK(std::abs(error(1, 0x1p-17, 2) - together) < 1e-4);    // 3e-6 of its length is its own
    CHECK(std::abs(error(1, 0x1p-21, 2) - alone) < 1e-4);       // 2e-7: less than the rounding of a float
}
