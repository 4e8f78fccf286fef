// A canvas of RGB pixels, and the three things a chart draws on it: rectangles, lines, bands.
//
// Pixel (x, y) covers the square from (x, y) to (x + 1, y + 1); y grows downwards. Whatever falls outside is ignored.
#pragma once

#include <cstdint>
#include <vector>

namespace ordinal::plot {

struct Color {
    std::uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Color&) const = default;
};

inline constexpr Color white{255, 255, 255};
inline constexpr Color ink{51, 51, 51};    // text, axes: dark grey is calmer than black
inline constexpr Color grid_grey{232, 232, 232};

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

struct Stroke {
    Color color = ink;
    double width = 1;
    double dash = 0, gap = 0;    // dash == 0: an unbroken line
};

// A line through the points, antialiased, with round ends. A point that is not finite (NaN) interrupts the line.
// A single point twice makes a dot.
void draw_polyline(Image& image, const std::vector<Point>& points, const Stroke& stroke, const Rect& clip);

// Tints the area between two curves over the same x, which never decreases: a min-max band. The edges are antialiased.
void draw_band(Image& image, const std::vector<double>& x, const std::vector<double>& top,
               const std::vector<double>& bottom, Color color, double strength, const Rect& clip);

}    // namespace ordinal::plot
