#include "demos/plot/image.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>

namespace ordinal::plot {

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

namespace {

struct Segment {
    Point from, to;
};

bool finite(const Point& p) { return std::isfinite(p.x) && std::isfinite(p.y); }

Point between(const Point& a, const Point& b, double t) { return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}; }

// The pieces of the line where the pen is down.
std::vector<Segment> pen_strokes(const std::vector<Point>& points, const Stroke& stroke) {
    std::vector<Segment> strokes;
    double walked = 0;    // the dash pattern runs on around corners
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Point &a = points[i - 1], &b = points[i];
        if (!finite(a) || !finite(b)) continue;
        if (stroke.dash <= 0) {
            strokes.push_back({a, b});
            continue;
        }
        const double length = std::hypot(b.x - a.x, b.y - a.y);
        for (double at = 0; at < length;) {
            const double phase = std::fmod(walked + at, stroke.dash + stroke.gap);
            const bool pen_down = phase < stroke.dash;
            const double rest = (pen_down ? stroke.dash : stroke.dash + stroke.gap) - phase;
            const double next = std::min(length, at + std::max(rest, 0.01));    // always some way on
            if (pen_down) strokes.push_back({between(a, b, at / length), between(a, b, next / length)});
            at = next;
        }
        walked += length;
    }
    return strokes;
}

double distance(const Point& p, const Segment& s) {
    const double dx = s.to.x - s.from.x, dy = s.to.y - s.from.y;
    const double length_squared = dx * dx + dy * dy;
    const double along = length_squared > 0 ? ((p.x - s.from.x) * dx + (p.y - s.from.y) * dy) / length_squared : 0;
    const Point nearest = between(s.from, s.to, std::clamp(along, 0.0, 1.0));
    return std::hypot(p.x - nearest.x, p.y - nearest.y);
}

// The whole pixels from low to high that lie between first and last (clamped before the cast: an int is small).
int pixel_from(double low, int first, int last) {
    return static_cast<int>(std::clamp(std::floor(low), double(first), double(last)));
}

}    // namespace

void draw_polyline(Image& image, const std::vector<Point>& points, const Stroke& stroke, const Rect& clip) {
    // Gather how much of each pixel the pen touches (the largest over all strokes), then paint once: painting stroke
    // by stroke would darken the joints.
    std::vector<float> coverage(static_cast<std::size_t>(clip.width) * static_cast<std::size_t>(clip.height));
    const double reach = stroke.width / 2 + 1;
    const int right = clip.x + clip.width, bottom = clip.y + clip.height;
    const auto cell = [&](int x, int y) -> float& {
        return coverage[static_cast<std::size_t>(Index{y - clip.y} * clip.width + (x - clip.x))];
    };
    for (const Segment& s : pen_strokes(points, stroke)) {
        const int x0 = pixel_from(std::min(s.from.x, s.to.x) - reach, clip.x, right);
        const int x1 = pixel_from(std::max(s.from.x, s.to.x) + reach + 1, clip.x, right);
        const int y0 = pixel_from(std::min(s.from.y, s.to.y) - reach, clip.y, bottom);
        const int y1 = pixel_from(std::max(s.from.y, s.to.y) + reach + 1, clip.y, bottom);
        for (int y = y0; y < y1; ++y)
            for (int x = x0; x < x1; ++x) {
                const double inside = stroke.width / 2 + 0.5 - distance({x + 0.5, y + 0.5}, s);
                cell(x, y) = std::max(cell(x, y), static_cast<float>(std::clamp(inside, 0.0, 1.0)));
            }
    }
    for (int y = clip.y; y < bottom; ++y)
        for (int x = clip.x; x < right; ++x) image.blend(x, y, stroke.color, cell(x, y));
}

void draw_band(Image& image, const std::vector<double>& x, const std::vector<double>& top,
               const std::vector<double>& bottom, Color color, double strength, const Rect& clip) {
    for (std::size_t i = 1; i < x.size(); ++i) {
        const Point top_a{x[i - 1], top[i - 1]}, top_b{x[i], top[i]};
        const Point bottom_a{x[i - 1], bottom[i - 1]}, bottom_b{x[i], bottom[i]};
        if (!finite(top_a) || !finite(top_b) || !finite(bottom_a) || !finite(bottom_b)) continue;
        // A column of pixels belongs to the one piece that holds its middle.
        const int first = pixel_from(x[i - 1] + 0.5, clip.x, clip.x + clip.width);
        const int last = pixel_from(x[i] + 0.5, clip.x, clip.x + clip.width);
        for (int column = first; column < last; ++column) {
            const double t = (column + 0.5 - x[i - 1]) / (x[i] - x[i - 1]);
            const double high = between(top_a, top_b, t).y, low = between(bottom_a, bottom_b, t).y;
            const int y0 = pixel_from(high, clip.y, clip.y + clip.height);
            const int y1 = pixel_from(low + 1, clip.y, clip.y + clip.height);
            for (int y = y0; y < y1; ++y)
                image.blend(column, y, color, strength * (std::min(y + 1.0, low) - std::max<double>(y, high)));
        }
    }
}

}    // namespace ordinal::plot
