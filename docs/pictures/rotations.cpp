// Chapter 12: a query and a key that start as one vector, rotated by their positions. Whatever the positions, two apart
// is the same angle. The arrows are those of Rotary.
#include <ordinal/positional/rotations/rotary.h>

#include "docs/pictures/drawing.h"

using namespace ordinal;
using drawing::Point;

int main() {
    const Rotary rope(1, 2);    // one head with one pair of numbers, which rotates by 1 radian a position
    const Tensor east(NdArray({1, 1, 1, 2}, {1, 0}));
    const auto at = [&](double k) {
        return rope.apply_to_queries_and_keys({east, east, east}, {Positions::of({k})}).query.values();
    };
    constexpr double radius = 72, step = 190;
    drawing::Sheet sheet(4 * step + 20, 250,
                         "Four dials: a query and a key two positions apart have one angle between them");
    const std::vector<std::pair<double, double>> pairs{{2, 0}, {3, 1}, {5, 3}, {105, 103}};
    double left = 20;
    for (const auto& [i, j] : pairs) {
        const Point middle{left + radius + 5, 130};
        std::vector<Point> rim;
        for (int k = 0; k <= 60; ++k)
            rim.push_back({middle.x + radius * std::cos(k * std::numbers::pi / 30),
                           middle.y + radius * std::sin(k * std::numbers::pi / 30)});
        sheet.polyline(rim, "line thin c6");
        const auto hand = [&](double k, const std::string& colour) {
            const NdArray v = at(k);
            sheet.arrow(middle,
                        {middle.x + radius * static_cast<double>(v.at({0, 0, 0, 0})),
                         middle.y - radius * static_cast<double>(v.at({0, 0, 0, 1}))},
                        colour);
        };
        hand(j, "c1");
        hand(i, "c0");
        sheet.text({middle.x, 34}, text_of("query at ", i, ", key at ", j));
        const double product = static_cast<double>(sum_all(at(i) * at(j)));
        sheet.text({middle.x, 232}, "product " + demos::plot::number(product, "%.3f"));
        left += step;
    }
    sheet.print();
}
