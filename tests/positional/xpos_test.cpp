#include <ordinal/positional/rotations/xpos.h>

#include <doctest/doctest.h>

#include <complex>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

NdArray grown_scores(const Encoding& encoding, const QueryKeyValue& qkv, const Positions& positions) {
    const QueryKeyValue rotated = encoding.apply_to_queries_and_keys(qkv, {positions});
    return matmul(rotated.query, transpose(rotated.key)).values();
}

}    // namespace

TEST_CASE("xPos is RoPE times the factor of each pair to the power of the distance") {
    const Index Dh = 6, T = 7;
    const double scale = 16;
    const QueryKeyValue qkv = example_heads(T, 2, Dh);
    const NdArray got = grown_scores(Xpos(2, Dh, scale), qkv, Positions::arange(T, 3));
    double worst = 0;
    for (Index h = 0; h < 2; ++h)
        for (Index i = 0; i < T; ++i)
            for (Index j = 0; j < T; ++j) {
                long double expected =
                    0;    // the paper's sum over pairs, in complex numbers: Re(q conj(k) e^{i d w}) f^d
                for (Index pair = 0; pair < Dh / 2; ++pair) {
                    const auto number = [&](const Tensor& t, Index row) {
                        return std::complex<long double>(t.values().at({0, h, row, 2 * pair}),
                                                         t.values().at({0, h, row, 2 * pair + 1}));
                    };
                    const long double d = static_cast<long double>(i - j), at = static_cast<long double>(pair);
                    const long double w = std::pow(10000.0L, -at / 3), f = (at / 3 + 0.4L) / 1.4L;
                    const auto rotated = number(qkv.query, i) * std::conj(number(qkv.key, j)) *
                                         std::exp(std::complex<long double>(0, d * w));
                    expected += rotated.real() * std::pow(f, d / static_cast<long double>(scale));
                }
                worst = std::max(worst, std::abs(static_cast<double>(got.at({0, h, i, j}) - expected)));
            }
    CHECK(worst <= tolerance(1e-5, 1e-13));    // sums of 6 products up to 10, of factors that nearly cancel
}

TEST_CASE("xPos scores of equal tokens are larger ahead than behind") {
    const Index T = 30;
    const Tensor ones(NdArray({1, 1, T, 2}, 1));    // one pair: f_0 = 0.4 / 1.4
    const NdArray S = grown_scores(Xpos(1, 2, 8), {ones, ones, ones}, Positions::arange(T));
    const NdArray plain = grown_scores(Rotary(1, 2), {ones, ones, ones}, Positions::arange(T));
    for (Index d = 1; d < T; ++d) {
        const double ahead = static_cast<double>(S.at({0, 0, 0, d})), behind = static_cast<double>(S.at({0, 0, d, 0}));
        const double even = static_cast<double>(plain.at({0, 0, d, 0})),
                     share = std::pow(0.4 / 1.4, static_cast<double>(d) / 8);
        CHECK(std::abs(behind - even * share) <= tolerance(1e-5, 1e-13));
        CHECK(std::abs(ahead - even / share) <= tolerance(1e-5, 1e-13) / share);
    }
    CHECK(Xpos(1, 4).traits().causal_only);
}

TEST_CASE("xPos ends where a key would leave the range of a float") {
    const Xpos xpos(1, 4);
    const Index end = *xpos.traits().max_length;
    CHECK(end == 32696);    // 80 x 512 / ln(3.5) = 32695.7
    const QueryKeyValue one = example_heads(1, 1, 4);
    const QueryKeyValue last = xpos.apply_to_queries_and_keys(one, {Positions::arange(1, end - 1)});
    CHECK(all_finite(last.key.values()));
    CHECK(largest_error(matmul(last.query, transpose(last.key)).values(),
                        matmul(one.query, transpose(one.key)).values()) <= tolerance(1e-5, 1e-11));
    CHECK_THROWS_WITH_AS(xpos.apply_to_queries_and_keys(one, {Positions::arange(1, end)}),
                         "Xpos: position 32696 is outside -32695 .. 32695, where its growing factor fits a float; use "
                         "a larger scale, or rope",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(Xpos(1, 5), "Rotary: expected an even head_dim (pairs that rotate), got 5", ShapeError);
    CHECK_THROWS_WITH_AS(Xpos(1, 4, 0),
                         "Xpos: expected a scale > 0, at most 1e+09, got 0; where nothing should fade use rope",
                         OptionError);
    CHECK_THROWS_WITH_AS(Xpos(1, 4).apply_to_queries_and_keys(example_heads(3, 2, 4), {Positions::arange(3)}),
                         "Xpos: expected queries [B, 1, 3, 4], got [1, 2, 3, 4]", ShapeError);
}
