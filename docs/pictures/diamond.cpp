// Chapter 2: the graph of L = a b with a = h^2, b = 3 h, h = 2 w. The values, the shares on the arrows and the order of
// the turns are those of one backward(): every node and every arrow tells what passes it.
#include <map>

#include <ordinal/core/ops.h>

#include "docs/pictures/drawing.h"

using namespace ordinal;
using drawing::Point;

namespace {

std::map<std::string, std::string> passed;    // what came back there
std::vector<std::string> turns;               // of the nodes, in order

Tensor tapped(const std::string& name, const Tensor& x, bool node) {
    return Tensor::from_op("tap", x.values(), {x}, [=](const NdArray& dY) {
        passed[name] = text_of(dY);
        if (node) turns.push_back(name);
        x.accumulate_grad(dY);
    });
}
Tensor node(const std::string& name, const Tensor& x) { return tapped(name, x, true); }
Tensor arrow(const std::string& name, const Tensor& x) { return tapped(name, x, false); }

struct Spot {
    Point middle;
    std::string formula;
    Tensor value;
};

}    // namespace

int main() {
    const Tensor w = Tensor::parameter(1);
    const Tensor h = node("h", 2 * arrow("wh", w)), ha = arrow("ha", h), hb = arrow("hb", h);
    const Tensor a = node("a", ha * ha), b = node("b", 3 * hb);
    const Tensor L = node("L", arrow("aL", a) * arrow("bL", b));
    L.backward();
    passed["w"] = text_of(w.grad());

    const std::map<std::string, Spot> places{{"w", {{90, 150}, "w", w}},
                                             {"h", {{260, 150}, "h = 2 w", h}},
                                             {"a", {{430, 70}, "a = h h", a}},
                                             {"b", {{430, 230}, "b = 3 h", b}},
                                             {"L", {{600, 150}, "L = a b", L}}};
    drawing::Sheet sheet(700, 330, "A diamond: w leads to h, h to a and b, both to L. The gradients that come back");
    constexpr double width = 96, height = 62;
    for (const std::string name : {"wh", "ha", "hb", "aL", "bL"}) {
        const Point from = places.at(name.substr(0, 1)).middle, to = places.at(name.substr(1)).middle;
        const Point near{from.x + width / 2 + 5, from.y}, far{to.x - width / 2 - 5, to.y};
        const double length = std::hypot(far.x - near.x, far.y - near.y);
        const Point aside{5 * (far.y - near.y) / length,
                          -5 * (far.x - near.x) / length};    // so that the two arrows lie side by side
        sheet.arrow({near.x + aside.x, near.y + aside.y}, {far.x + aside.x, far.y + aside.y}, "c6");    // forward
        sheet.arrow({far.x - aside.x, far.y - aside.y}, {near.x - aside.x, near.y - aside.y}, "c1");    // and back
        sheet.text({(near.x + far.x) / 2 - 4 * aside.x, (near.y + far.y) / 2 - 4 * aside.y + 5}, passed.at(name));
    }
    for (const auto& [name, place] : places) {
        const Point corner{place.middle.x - width / 2, place.middle.y - height / 2};
        sheet.box(corner, width, height, "c0", 0.1);
        sheet.text({place.middle.x, corner.y + 18}, place.formula, "middle", "subtitle");
        sheet.text({place.middle.x, corner.y + 36}, text_of("is ", place.value.values()));
        sheet.text({place.middle.x, corner.y + 53}, "gradient " + passed.at(name));
    }
    for (std::size_t i = 0; i < turns.size(); ++i) {
        const Point middle = places.at(turns[i]).middle;
        sheet.text({middle.x, middle.y - height / 2 - 9}, text_of("turn ", i + 1));
    }
    sheet.text({90, 150 - height / 2 - 9}, "a leaf");
    sheet.text({20, 312}, "upper arrows: forward;  lower arrows: what comes back along each", "start", "");
    sheet.print();
}
