// Chapter 13: by what is the weight of a key multiplied that is d tokens back? e^b, before any training.
#include <ordinal/positional/biases/kerple.h>
#include <ordinal/positional/examples.h>

#include "demos/plot/svg_picture.h"
#include "docs/pictures/drawing.h"

using namespace ordinal;

int main() {
    constexpr Index T = 101, H = 8;
    demos::plot::LineChart chart{
        .x_label = "tokens back", .y_label = "what is left of the weight", .y_range = {{0, 1}}};
    const auto add = [&](const std::string& name, const Encoding& encoding, Index head) {
        const ScoreBias bias = encoding.score_bias(example_heads(T, H, 2), {Positions::arange(T), Tensor()});
        const NdArray row = bias.rows(bias.sources, T - 1, T).values();    // [H, 1, T]
        demos::plot::Line line{.name = name};
        for (Index d = 0; d < T; ++d) {
            line.x.push_back(static_cast<double>(d));
            const double left = std::exp(static_cast<double>(row.at({head, 0, T - 1 - d})));
            line.y.push_back(std::round(1e4 * left) / 1e4);
        }
        chart.lines.push_back(line);
    };
    for (const Index head : {0, 3, 5, 7}) add(text_of("ALiBi, head ", head, " of 8"), Alibi(H), head);
    add("KERPLE, head 0", Kerple(H), 0);
    std::cout << demos::plot::svg_picture("How far does a head see?", {chart}, 1);
}
