// graph_depth: how many operations wait for each other. What no number of cores can shorten.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include <ordinal/core/tensor.h>

namespace ordinal {

// The number of operations on the longest way from an output down to a leaf. Only what is recorded is seen: without
// NoGrad, and from a parameter on.
inline Index graph_depth(const Tensor& output) {
    std::map<const Node*, Index> depth;
    std::vector<const Node*> path{output.node().get()};    // no recursion: the graph may be deep
    while (!path.empty()) {
        const Node* node = path.back();
        Index deepest = 0;
        bool ready = true;
        for (const Tensor& input : node->inputs) {
            const auto known = depth.find(input.node().get());
            if (known == depth.end()) {
                path.push_back(input.node().get());
                ready = false;
            } else {
                deepest = std::max(deepest, known->second + 1);
            }
        }
        if (!ready) continue;
        depth[node] = deepest + node->inner_steps;
        path.pop_back();
    }
    return depth[output.node().get()];
}

}    // namespace ordinal
