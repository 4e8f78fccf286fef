// A canvas of RGB pixels, rectangles on it, and its PNG file.
//
// Pixel (x, y) covers the square from (x, y) to (x + 1, y + 1); y grows downwards. Whatever falls outside is ignored.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ordinal::demos::plot {

struct Color {
    std::uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Color&) const = default;
};

inline constexpr Color white{255, 255, 255};
inline constexpr Color ink{51, 51, 51};    // text, axes: dark grey is calmer than black

struct Point {
    double x = 0, y = 0;
};

struct Rect {
    int x = 0, y = 0, width = 0, height = 0;
};

class Image {
public:
    // All white. Throws ShapeError when a side is below 1 or the picture has more than 50 million pixels.
    Image(int width, int height);

    int width() const { return width_; }
    int height() const { return height_; }
    const std::uint8_t* bytes() const { return bytes_.data(); }    // rows from the top, three bytes a pixel

    Color at(int x, int y) const;                              // throws IndexError outside the canvas
    void blend(int x, int y, Color color, double coverage);    // 0 leaves the pixel alone, 1 replaces it

private:
    int width_, height_;
    std::vector<std::uint8_t> bytes_;
};

void fill_rect(Image& image, const Rect& rect, Color color);
void draw_frame(Image& image, const Rect& inside, Color color);    // one pixel wide, just outside `inside`

// The bytes of its PNG file.
std::string png(const Image& image);

}    // namespace ordinal::demos::plot
