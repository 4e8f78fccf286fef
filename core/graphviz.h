// The graph of an expression as a picture: write the text to graph.dot, then `dot -Tsvg graph.dot -o graph.svg`.
#pragma once

#include <string>

#include <ordinal/core/tensor.h>

namespace ordinal {

// One box per node with its operation and shape; arrows run from inputs to outputs. Parameters are filled.
// Draw before backward(): backward() releases the graph.
std::string to_graphviz(const Tensor& output);

}    // namespace ordinal
