#include "demos/plot/image.h"

#include <doctest/doctest.h>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#include <stb_image.h>

#include <algorithm>
#include <memory>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "tests/temp_folder.h"

using namespace ordinal::demos::plot;

namespace {

constexpr Color black{0, 0, 0};

// How much black a white picture has received, in pixels.
double ink_on(const Image& image) {
    double sum = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) sum += (255 - image.at(x, y).red) / 255.0;
    return sum;
}

// Every pixel another colour.
Image colorful() {
    Image image(37, 23);
    for (int y = 0; y < 23; ++y)
        for (int x = 0; x < 37; ++x)
            image.blend(x, y, {static_cast<std::uint8_t>(x * 6), static_cast<std::uint8_t>(y * 11), 77}, 1);
    return image;
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

TEST_CASE("impossible pictures are refused by name") {
    CHECK_THROWS_WITH_AS(Image(0, 5), "Image: both sides must be at least 1 pixel, got 0 x 5", ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(Image(100000, 100000),
                         "Image: 100000 x 100000 is more than 50 million pixels; draw fewer rows, columns or panels",
                         ordinal::ShapeError);
    CHECK_THROWS_WITH_AS(Image(4, 3).at(4, 0), "Image: pixel (4, 0) is outside the picture of 4 x 3",
                         ordinal::IndexError);
}

TEST_CASE("a PNG decoded by another library has the picture's pixels") {
    const TempFolder folder;
    const Image image = colorful();
    ordinal::write_file(folder / "a.png", png(image));
    int width = 0, height = 0, channels = 0;
    const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
        stbi_load((folder / "a.png").c_str(), &width, &height, &channels, 0), stbi_image_free);
    REQUIRE(pixels);
    REQUIRE(width == 37);
    REQUIRE(height == 23);
    REQUIRE(channels == 3);
    CHECK(std::equal(image.bytes(), image.bytes() + 3 * 37 * 23, pixels.get()));
}
