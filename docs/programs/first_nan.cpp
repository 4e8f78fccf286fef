// Two tools for debugging: the graph as a picture, and the operation that made the first NaN.
#include <iostream>

#include <ordinal/core/graphviz.h>
#include <ordinal/core/ops.h>

int main() {
    using namespace ordinal;
    const Tensor w = Tensor::parameter(NdArray({2}, {4, -1}));
    std::cout << to_graphviz(sum(sqrt(w)));    // sqrt(-1) is NaN; nothing complains
    try {
        const TraceNan trace;
        sum(sqrt(w));
    } catch (const GraphError& error) {
        std::cout << error.what() << "\n";
    }
}
