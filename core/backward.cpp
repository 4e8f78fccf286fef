// The walk over the graph. Both directions avoid recursion: a recurrence over a million steps is a chain of a million
// nodes, and one stack frame for each would overflow the stack, when differentiating and again when freeing.
#include <algorithm>
#include <atomic>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/tensor.h>

namespace ordinal {
namespace {

// All nodes that need gradients, every node before the nodes it was computed from ("reverse topological order").
// Depth first: a node is finished when all of its inputs are; reading the finished nodes backwards gives the order.
std::vector<std::shared_ptr<Node>> outputs_before_inputs(const std::shared_ptr<Node>& root) {
    struct Visit {
        std::shared_ptr<Node> node;
        std::size_t next_input;
    };
    std::vector<std::shared_ptr<Node>> finished;
    static std::atomic<std::uint64_t> walks{0};
    const std::uint64_t this_walk = ++walks;
    root->visited = this_walk;
    std::vector<Visit> stack{{root, 0}};
    while (!stack.empty()) {
        Visit& visit = stack.back();
        if (visit.next_input == visit.node->inputs.size()) {
            finished.push_back(std::move(visit.node));
            stack.pop_back();
            continue;
        }
        const std::shared_ptr<Node>& input = visit.node->inputs[visit.next_input++].node();
        if (!input->requires_grad || input->visited == this_walk) continue;
        input->visited = this_walk;
        stack.push_back({input, 0});
    }
    std::reverse(finished.begin(), finished.end());
    return finished;
}

// Passes a node's complete gradient on to its inputs.
void run_backward(const Node& node) {
    node.backward(node.grad);
    if (!TraceNan::active() || has_nan(node.grad)) return;
    for (const Tensor& input : node.inputs)
        require<GraphError>(!input.has_grad() || !has_nan(input.node()->grad), "TraceNan: the backward of '", node.op,
                            "' made the first NaN");
}

}    // namespace

void Tensor::backward() const {
    require<GraphError>(defined() && size() == 1, "backward: expected a single number, got shape ",
                        defined() ? shape() : Shape{0}, "; pass d loss / d output for anything else");
    backward(NdArray(shape(), 1));
}

void Tensor::backward(const NdArray& d_output) const {
    require<GraphError>(requires_grad(),
                        "backward: nothing here needs a gradient (no parameter was used, or NoGrad was on)");
    require(d_output.defined() && d_output.shape() == shape(), "backward: expected d loss / d output of shape ",
            shape(), ", got ", d_output.shape());
    std::vector<std::shared_ptr<Node>> order = outputs_before_inputs(node_);
    for (const auto& node : order) {    // before anything is touched
        require<GraphError>(!node->released, "backward: the graph behind '", node->op,
                            "' was released by an earlier backward(); compute the expression again");
        require<GraphError>(node->inputs_version == node->current_inputs_version(), "backward: an input of '", node->op,
                            "' was given new values since; compute the expression again");
    }
    accumulate_grad(d_output);

    // When a node's turn comes, everything that used it has already added its share: its gradient is complete.
    for (auto& node : order) {
        if (node->backward) {    // a leaf has none: its gradient stays
            if (node->grad.defined()) run_backward(*node);
            node->grad = NdArray();
            node->inputs.clear();
            node->backward = nullptr;
            node->released = true;
        }
        node.reset();    // frees its values at once, unless somebody else still holds it
    }
}

static std::atomic<Index> live_nodes{0};

// What a dying node owned. Destroying it right there would destroy the next node of the chain, and so on, one stack
// frame each; put on this pile, it is destroyed by the outermost destructor's loop.
struct Remains {
    std::vector<Tensor> inputs;
    Backward backward;
};
static thread_local std::vector<Remains>* pile = nullptr;

Index Node::current_inputs_version() const {
    Index total = 0;
    for (const Tensor& input : inputs) total += input.node()->version;
    return total;
}

Node::Node() { ++live_nodes; }

Node::~Node() {
    --live_nodes;
    if (inputs.empty() && !backward) return;
    if (pile != nullptr) {
        pile->push_back({std::move(inputs), std::move(backward)});
        return;
    }
    std::vector<Remains> here;
    pile = &here;
    here.push_back({std::move(inputs), std::move(backward)});
    while (!here.empty()) {
        const Remains next = std::move(here.back());    // its destruction may grow the pile again
        here.pop_back();
    }
    pile = nullptr;
}

Index Node::live_count() { return live_nodes; }

}    // namespace ordinal
