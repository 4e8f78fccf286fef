// Chapter 6: p_{k+1} = tanh(W p_k) in two dimensions, from two starts each. Three W, three fates.
#include <ordinal/positional/recurrences/recurrent_positions.h>

#include "docs/pictures/drawing.h"

using namespace ordinal;
using drawing::Point;

namespace {

// The first `count` states of a tanh recursion whose W rotates by `angle` and stretches by `factor`.   [count, 2]
NdArray orbit(double factor, double angle, const NdArray& start, Index count) {
    Rng rng(1);
    const TanhStep step(2, RecurrenceInit::rotation, rng);
    const double c = factor * std::cos(angle), s = factor * std::sin(angle);
    step.parameters()[0].tensor.set_values(NdArray({{c, -s}, {s, c}}));
    return step.orbit(Tensor(reshape(start, {1, 2})), count - 1).values();
}

struct Fate {
    std::string name, about;
    double factor, angle;
};

}    // namespace

int main() {
    const std::vector<Fate> fates{{"a fixed point", "W: 0.9 x a rotation by 40 degrees", 0.9, 40},
                                  {"a cycle", "W: 1.2 x a rotation by 90 degrees", 1.2, 90},
                                  {"a ring", "W: 1.2 x a rotation by 1 radian", 1.2, 180 / std::numbers::pi}};
    constexpr double size = 260, gap = 24, scale = 118;
    drawing::Sheet sheet(3 * size + 4 * gap, size + 110,
                         "Three trajectories: into a point, onto four points, around a ring");
    double left = gap;
    for (const Fate& fate : fates) {
        const Point middle{left + size / 2, 60 + size / 2};
        sheet.text({left, 28}, fate.name, "start", "subtitle");
        sheet.text({left, 46}, fate.about, "start", "");
        sheet.box({left, 60}, size, size, "c6", 0);
        sheet.line({left, middle.y}, {left + size, middle.y}, "grid");
        sheet.line({middle.x, 60}, {middle.x, 60 + size}, "grid");
        const std::vector<std::pair<NdArray, std::string>> starts{{NdArray({1, 0.15}), "c0"},
                                                                  {NdArray({-0.1, 0.2}), "c1"}};
        for (const auto& [start, colour] : starts) {
            const NdArray p = orbit(fate.factor, fate.angle * std::numbers::pi / 180, start, 160);
            std::vector<Point> points;
            for (Index k = 0; k < 160; ++k)
                points.push_back({middle.x + scale * static_cast<double>(p.at({k, 0})),
                                  middle.y - scale * static_cast<double>(p.at({k, 1}))});
            sheet.polyline({points.begin(), points.begin() + 12}, "line thin " + colour);
            for (const Point& point : points) sheet.dot(point, 2.2, colour);
            sheet.dot(points[0], 5, colour);
        }
        left += size + gap;
    }
    sheet.text({gap, size + 90}, "160 states from two starts each (the large dots); the first eleven steps are joined",
               "start", "");
    sheet.print();
}
