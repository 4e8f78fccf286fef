#include "demos/plot/colormap.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace ordinal::demos::plot;

namespace {

// How bright a colour looks: CIE L* (0 black, 100 white) of an sRGB colour.
double lightness(Color c) {
    const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    const double Y =
        0.2126 * linear(c.red / 255.0) + 0.7152 * linear(c.green / 255.0) + 0.0722 * linear(c.blue / 255.0);
    return 116 * std::cbrt(Y) - 16;
}

}    // namespace

TEST_CASE("the diverging map is white at exactly 0 whatever the range") {
    for (const Range range : {Range{-1, 1}, Range{-0.2, 1}, Range{-3, 0.001}, Range{0, 5}})
        CHECK(color_of(0, Colormap::diverging, range) == white);
}

TEST_CASE("the diverging map is blue below 0 and red above and equally strong at v and -v") {
    for (double v : {0.05, 0.3, 0.6, 1.0}) {
        const Color below = color_of(-v, Colormap::diverging, {-1, 1}),
                    above = color_of(v, Colormap::diverging, {-1, 1});
        CHECK(below.blue > below.red);
        CHECK(above.red > above.blue);
        CHECK(std::abs(lightness(below) - lightness(above)) < 3);    // 1 is about the least one can see
    }
    // Also in a range that is not symmetric: 0.2 has a fifth of the strength of 1, on either side.
    CHECK(color_of(-0.2, Colormap::diverging, {-0.2, 1}) == color_of(-0.2, Colormap::diverging, {-1, 1}));
    CHECK(color_of(0.2, Colormap::diverging, {-1, 0.2}) == color_of(0.2, Colormap::diverging, {-1, 1}));
}

TEST_CASE("viridis has its published colours and grows brighter all the way") {
    // The first, middle and last entry of matplotlib's table of 256.
    CHECK(color_of(0, Colormap::viridis, {0, 255}) == Color{68, 1, 84});
    CHECK(color_of(255, Colormap::viridis, {0, 255}) == Color{253, 231, 37});
    const Color middle = color_of(128, Colormap::viridis, {0, 255});    // published: 33, 145, 140
    CHECK(std::abs(middle.red - 33) <= 2);
    CHECK(std::abs(middle.green - 145) <= 2);
    CHECK(std::abs(middle.blue - 140) <= 2);
    for (int i = 1; i <= 255; ++i)
        CHECK(lightness(color_of(i, Colormap::viridis, {0, 255})) >
              lightness(color_of(i - 1, Colormap::viridis, {0, 255})) - 0.2);    // rounding to 8 bits wobbles
    for (int i = 10; i <= 255; ++i)
        CHECK(lightness(color_of(i, Colormap::viridis, {0, 255})) >
              lightness(color_of(i - 10, Colormap::viridis, {0, 255})) + 1);
}

TEST_CASE("values beyond the range get the end colours and NaN gets its own grey") {
    const double endless = std::numeric_limits<double>::infinity();
    for (const Colormap map : {Colormap::diverging, Colormap::viridis}) {
        CHECK(color_of(7, map, {-2, 2}) == color_of(2, map, {-2, 2}));
        CHECK(color_of(endless, map, {-2, 2}) == color_of(2, map, {-2, 2}));
        CHECK(color_of(-endless, map, {-2, 2}) == color_of(-2, map, {-2, 2}));
        CHECK(color_of(std::nan(""), map, {-2, 2}) == missing);
        for (int i = -200; i <= 200; ++i) CHECK(color_of(i / 100.0, map, {-2, 2}) != missing);
    }
}
