// Chapter 15: the slowest wave of a path graph while the text grows. Marked: token 3, which has another code each time.
#include <ordinal/positional/graphs/laplacian.h>

#include "demos/plot/svg_picture.h"
#include "docs/pictures/drawing.h"

using namespace ordinal;

int main() {
    Rng rng(1);
    const LaplacianPositions path(Graph::path, 8, 3, std::nullopt, rng);
    demos::plot::LineChart chart{.x_label = "token", .y_label = "its number in the slowest wave"};
    for (const Index n : {8, 16, 32, 64}) {
        const NdArray v = path.features(n);
        demos::plot::Line line{.name = text_of(n, " tokens")};
        for (Index k = 0; k < n; ++k) {
            line.x.push_back(static_cast<double>(k));
            line.y.push_back(std::round(1e4 * static_cast<double>(v.at({k, 0}))) / 1e4);
        }
        chart.lines.push_back(line);
    }
    chart.vertical = {{"token 3", 3}};
    std::cout << demos::plot::svg_picture("One wave, stretched over four texts", {chart}, 1);
}
