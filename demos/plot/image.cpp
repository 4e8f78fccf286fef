#include "demos/plot/image.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC    // private to this file: a student's program may bring its own copy
#include <stb_image_write.h>

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>

namespace ordinal::demos::plot {

Image::Image(int width, int height) : width_(width), height_(height) {
    require(width >= 1 && height >= 1, "Image: both sides must be at least 1 pixel, got ", width, " x ", height);
    const Index pixels = Index{width} * height;
    require(pixels <= 50'000'000, "Image: ", width, " x ", height,
            " is more than 50 million pixels; draw fewer rows, columns or panels");
    bytes_.assign(static_cast<std::size_t>(3 * pixels), 255);
}

Color Image::at(int x, int y) const {
    require<IndexError>(0 <= x && x < width_ && 0 <= y && y < height_, "Image: pixel (", x, ", ", y,
                        ") is outside the picture of ", width_, " x ", height_);
    const std::uint8_t* pixel = &bytes_[3 * static_cast<std::size_t>(Index{y} * width_ + x)];
    return {pixel[0], pixel[1], pixel[2]};
}

void Image::blend(int x, int y, Color color, double coverage) {
    if (x < 0 || x >= width_ || y < 0 || y >= height_ || !(coverage > 0)) return;
    coverage = std::min(coverage, 1.0);
    std::uint8_t* pixel = &bytes_[3 * static_cast<std::size_t>(Index{y} * width_ + x)];
    const auto mix = [coverage](std::uint8_t& old, std::uint8_t wanted) {
        old = static_cast<std::uint8_t>(std::lround(old + coverage * (wanted - old)));
    };
    mix(pixel[0], color.red);
    mix(pixel[1], color.green);
    mix(pixel[2], color.blue);
}

void fill_rect(Image& image, const Rect& rect, Color color) {
    for (int y = rect.y; y < rect.y + rect.height; ++y)
        for (int x = rect.x; x < rect.x + rect.width; ++x) image.blend(x, y, color, 1);
}

void draw_frame(Image& image, const Rect& inside, Color color) {
    const int left = inside.x - 1, top = inside.y - 1, width = inside.width + 2, height = inside.height + 2;
    fill_rect(image, {left, top, width, 1}, color);
    fill_rect(image, {left, top + height - 1, width, 1}, color);
    fill_rect(image, {left, top, 1, height}, color);
    fill_rect(image, {left + width - 1, top, 1, height}, color);
}

std::string png(const Image& image) {    // into memory: stb's own file writing does not notice a full disk
    std::string encoded;
    const auto append = [](void* context, void* data, int size) {
        static_cast<std::string*>(context)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
    };
    const int done =
        stbi_write_png_to_func(append, &encoded, image.width(), image.height(), 3, image.bytes(), 3 * image.width());
    require<Error>(done != 0 && !encoded.empty(), "png: could not encode a picture of ", image.width(), " x ",
                   image.height(), "; is there enough memory?");
    return encoded;
}

}    // namespace ordinal::demos::plot
