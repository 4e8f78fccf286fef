// Chapter 9: once around a circle in steps, with 32 evaluations of the direction for each method. Euler's 32 steps walk
// straight on and leave the circle; 8 steps of Runge and Kutta's method, four times as long, stay on it.
#include <ordinal/positional/recurrences/ode_step.h>

#include "docs/pictures/drawing.h"

using namespace ordinal;
using drawing::Point;

namespace {

// h(p) = 100 tanh(angle p / 100), turned left by 90 degrees: nearly angle p, turned, so that a step of 1 along the
// curve goes around the origin by nearly `angle`.    [steps + 1, 2]
NdArray walked(OdeMethod method, double angle, Index steps) {
    Rng rng(1);
    const OdeStep solver(2, 2, method, 1, rng);
    const Parameters all = solver.parameters();    // W_1, b_1, W_2, b_2
    all[0].tensor.set_values(NdArray({{angle / 100, 0}, {0, angle / 100}}));
    all[1].tensor.set_values(zeros({2}));
    all[2].tensor.set_values(NdArray({{0, -100}, {100, 0}}));
    all[3].tensor.set_values(zeros({2}));
    return solver.orbit(Tensor(NdArray({{1, 0}})), steps).values();
}

}    // namespace

int main() {
    constexpr double scale = 105, around = 2 * std::numbers::pi;
    const Point middle{270, 235};
    drawing::Sheet sheet(780, 440, "Euler's steps spiral out of the circle that Runge and Kutta's steps stay on");
    const auto draw = [&](const NdArray& p, const std::string& style, const std::string& colour, double radius) {
        std::vector<Point> points;
        for (Index k = 0; k < p.dim(0); ++k)
            points.push_back({middle.x + scale * static_cast<double>(p.at({k, 0})),
                              middle.y - scale * static_cast<double>(p.at({k, 1}))});
        sheet.polyline(points, style + colour);
        if (radius > 0)
            for (const Point& point : points) sheet.dot(point, radius, colour);
    };
    draw(walked(OdeMethod::rk4, around / 1000, 1000), "line thin ", "c6", 0);
    draw(walked(OdeMethod::euler, around / 32, 32), "line ", "c1", 3);
    draw(walked(OdeMethod::rk4, around / 8, 8), "line dash1 ", "c0", 5);
    sheet.dot({middle.x + scale, middle.y}, 6, "c6");
    sheet.text({500, 80}, "Euler: 32 steps, each looks once", "start", "subtitle");
    sheet.dot({488, 75}, 4, "c1");
    sheet.text({500, 110}, "RK4: 8 steps, each looks four times", "start", "subtitle");
    sheet.dot({488, 105}, 5, "c0");
    sheet.text({500, 140}, "the curve: 1000 steps", "start", "subtitle");
    sheet.dot({488, 135}, 4, "c6");
    sheet.print();
}
