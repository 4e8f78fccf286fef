// Chapter 10: the running sums of eight numbers in three rounds. In the round of reach r every place takes what stands
// r places before it and adds its own. Coloured: everything that has come to the last place.
#include <ordinal/core/nd_math.h>

#include "docs/pictures/drawing.h"

using namespace ordinal;
using drawing::Point;

int main() {
    constexpr double cell = 78, row = 96, left = 110, top = 40, width = 52, height = 34;
    const NdArray numbers({3, 1, 4, 1, 5, 9, 2, 6});
    drawing::Sheet sheet(760, 400, "Eight numbers become their running sums in three rounds of reach 1, 2 and 4");
    const auto middle = [&](Index round, Index place) {
        return Point{left + cell * (static_cast<double>(place) + 0.5),
                     top + row * static_cast<double>(round) + height / 2};
    };
    // Has the number of this place and round come to the last place of the last round?
    const auto counts = [](Index round, Index place) {
        const Index reach = Index{1} << round;    // after the round, a place holds so many numbers
        return place % reach == 7 % reach;
    };
    NdArray x = numbers;
    for (Index round = 0; round <= 3; ++round) {
        if (round > 0) {
            const Index reach = Index{1} << (round - 1);
            for (Index place = 0; place < 8; ++place) {
                const Point to = middle(round, place), own = middle(round - 1, place);
                const bool told = counts(round, place);
                sheet.line({own.x, own.y + height / 2}, {to.x, to.y - height / 2}, told ? "line c1" : "axis");
                if (place < reach) continue;
                const Point from = middle(round - 1, place - reach);
                sheet.line({from.x, from.y + height / 2}, {to.x, to.y - height / 2}, told ? "line c1" : "axis");
            }
            x = x + concat({zeros({reach}), slice(x, 0, 0, 8 - reach)}, 0);
        }
        const double y = middle(round, 0).y;
        sheet.text({20, y + 5}, round == 0 ? "numbers" : text_of("reach ", Index{1} << (round - 1)), "start",
                   "subtitle");
        for (Index place = 0; place < 8; ++place) {
            const Point at = middle(round, place);
            const bool told = counts(round, place);
            sheet.box({at.x - width / 2, at.y - height / 2}, width, height, told ? "c1" : "c6", told ? 0.16 : 0);
            sheet.text({at.x, at.y + 5}, text_of(x.at({place})), "middle", "subtitle");
        }
    }
    sheet.text({20, 388}, "a line brings a number to the sum below it", "start", "");
    sheet.print();
}
