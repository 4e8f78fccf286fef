#include <ordinal/core/graphviz.h>

#include <map>

namespace ordinal {

std::string to_graphviz(const Tensor& output) {
    require<GraphError>(output.defined(), "to_graphviz: this tensor is undefined (default-constructed)");
    std::map<const Node*, std::size_t> number{{output.node().get(), 0}};
    std::vector<const Node*> nodes{output.node().get()};    // grows while it is walked: no recursion
    std::string boxes, arrows;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Node& node = *nodes[i];
        const bool is_parameter = node.requires_grad && node.is_leaf();
        const char* name = is_parameter ? "parameter" : node.inputs.empty() ? "constant" : node.op;
        boxes += text_of("  n", i, " [label=\"", name, "\\n", node.values.shape(), "\"",
                         is_parameter ? ", style=filled" : "", "];\n");
        for (const Tensor& input : node.inputs) {
            const auto [found, is_new] = number.emplace(input.node().get(), nodes.size());
            if (is_new) nodes.push_back(found->first);
            arrows += text_of("  n", found->second, " -> n", i, ";\n");
        }
    }
    return "digraph {\n  node [shape=box];\n" + boxes + arrows + "}\n";
}

}    // namespace ordinal
