// Chapter 11: how well does sin(k w) agree with a beat of 12 at 32 positions? The mean square error against w: its
// valleys.
#include <numbers>

#include <ordinal/core/nd_math.h>

#include "demos/plot/svg_picture.h"
#include "docs/pictures/drawing.h"

using namespace ordinal;

int main() {
    constexpr double beat = 2 * std::numbers::pi / 12;
    demos::plot::Line error{.name = "mean of (sin k w - sin k w*)^2 over k = 0 .. 31"};
    for (int i = 0; i <= 300; ++i) {
        const double w = 0.005 * i;
        double sum = 0;
        for (int k = 0; k < 32; ++k) sum += std::pow(std::sin(k * w) - std::sin(k * beat), 2);
        error.x.push_back(w);
        error.y.push_back(std::round(1e4 * sum / 32) / 1e4);
    }
    std::cout << demos::plot::svg_picture(
        "A frequency looks for a beat of 12",
        {{.x_label = "w, radians a position",
          .y_label = "error",
          .lines = {error},
          .vertical = {{"w*", beat}, {"0.1 away", beat + 0.1}, {"0.8 away", beat + 0.8}}}},
        1);
}
