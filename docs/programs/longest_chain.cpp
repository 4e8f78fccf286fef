// How many operations must wait for one another before the last of n positions is known?
#include <iomanip>
#include <iostream>
#include <map>

#include <ordinal/positional/registry.h>

using namespace ordinal;

// The longest way from a node down to a leaf. A fused recurrence is one node, but T steps.
int longest_chain(const Tensor& tensor, std::map<const Node*, int>& known) {
    const Node* node = tensor.node().get();
    if (known.contains(node)) return known[node];
    int longest = 0;
    for (const Tensor& input : node->inputs) longest = std::max(longest, 1 + longest_chain(input, known));
    return known[node] = longest + static_cast<int>(node->inner_steps);
}

int main() {
    std::cout << "n             16    64   256\n";
    for (const std::string name : {"table", "linear", "linear_dense", "rnn", "gru", "residual", "ode"}) {
        Rng rng(1);
        const auto encoding = make_encoding(name, {.d_model = 8}, rng);
        std::cout << std::left << std::setw(12) << name << std::right;
        for (const Index n : {16, 64, 256}) {
            std::map<const Node*, int> known;
            std::cout << std::setw(6) << longest_chain(encoding->vectors(Positions::arange(n)), known);
        }
        std::cout << "\n";
    }
}
