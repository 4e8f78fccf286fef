#include "demos/plot/image.h"

#include <doctest/doctest.h>

#include <cmath>

#include <ordinal/core/error.h>

using namespace ordinal::plot;

namespace {

constexpr Color black{0, 0, 0};
constexpr Rect all{0, 0, 20, 20};

// How much black a white picture has received, in pixels.
double ink_on(const Image& image) {
    double sum = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) sum += (255 - image.at(x, y).red) / 255.0;
    return sum;
}

}    // namespace

TEST_CASE("a rectangle fills exactly its pixels and is cut at the edge of the picture") {
    Image image(20, 10);
    fill_rect(image, {18, 8, 5, 5}, black);
    CHECK(ink_on(image) == 4);
    CHECK(image.at(18, 8) == black);
    CHECK(image.at(17, 8) == white);
    draw_frame(image, {3, 3, 4, 2}, black);
    CHECK(image.at(2, 2) == black);
    CHECK(image.at(7, 5) == black);
    CHECK(image.at(3, 3) == white);
    CHECK(ink_on(image) == 4 + 2 * 6 + 2 * 2);
}

TEST_CASE("a line has its width and a bend gets no darker") {
    Image image(20, 20);
    draw_polyline(image, {{4, 10}, {16, 10}}, {black, 2}, all);
    CHECK(image.at(10, 9) == black);
    CHECK(image.at(10, 10) == black);
    CHECK(image.at(10, 8) == white);
    CHECK(image.at(10, 11) == white);
    CHECK(std::abs(ink_on(image) - 12 * 2 - std::acos(-1.0)) < 0.5);    // the round ends are two half discs

    Image straight(20, 20), in_two(20, 20);
    draw_polyline(straight, {{2, 3}, {18, 12}}, {black, 1.7}, all);
    draw_polyline(in_two, {{2, 3}, {10, 7.5}, {18, 12}}, {black, 1.7}, all);
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 20; ++x) CHECK(std::abs(straight.at(x, y).red - in_two.at(x, y).red) <= 1);
}

TEST_CASE("NaN interrupts a line and points far away neither crash nor leave the clip") {
    Image image(20, 20);
    draw_polyline(image, {{2, 10}, {6, 10}, {std::nan(""), 10}, {12, 10}, {16, 10}}, {black, 2}, all);
    CHECK(image.at(4, 10) == black);
    CHECK(image.at(9, 10) == white);
    CHECK(image.at(14, 10) == black);

    Image clipped(20, 20);
    draw_polyline(clipped, {{-1e5, 10}, {1e5, 10}, {1e300, -1e300}}, {black, 2}, {5, 5, 10, 10});
    CHECK(clipped.at(5, 10) == black);
    CHECK(clipped.at(14, 9) == black);
    CHECK(clipped.at(4, 10) == white);
    CHECK(clipped.at(15, 10) == white);
}

TEST_CASE("a dashed line alternates and keeps its rhythm around a corner") {
    Image image(20, 20);
    draw_polyline(image, {{0, 10}, {6, 10}, {20, 10}}, {black, 2, 5, 5}, all);
    CHECK(image.at(2, 10) == black);
    CHECK(image.at(7, 10) == white);
    CHECK(image.at(12, 10) == black);
    CHECK(image.at(17, 10) == white);
}

TEST_CASE("a band tints the area between its curves once") {
    Image image(20, 20);
    draw_band(image, {2, 10, 18}, {5, 5, 5}, {15, 15, 15}, black, 0.2, all);
    CHECK(image.at(10, 10) == Color{204, 204, 204});
    CHECK(image.at(10, 4) == white);
    CHECK(image.at(10, 15) == white);
    CHECK(image.at(1, 10) == white);
    CHECK(std::abs(ink_on(image) - 0.2 * 16 * 10) < 1e-6);
    Image gap(20, 20);
    draw_band(gap, {2, 10, 18}, {5, std::nan(""), 5}, {15, 15, 15}, black, 0.2, all);
    CHECK(ink_on(gap) == 0);
}

TEST_CASE("impossible pictures are refused by name") {
    CHECK_THROWS_WITH_AS(Image(0, 5), "Image: both sides must be at least 1 pixel, got 0 x 5", ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(Image(100000, 100000),
                         "Image: 100000 x 100000 is more than 50 million pixels; draw fewer rows, columns or panels",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(Image(4, 3).at(4, 0), "Image: pixel (4, 0) is outside the picture of 4 x 3",
                         ordinal::IndexError);
}
