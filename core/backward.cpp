// The walk over the graph. Both directions avoid recursion: a recurrence over a million steps is a chain of a million
// nodes, and one stack frame for each would overflow the stack, when differentiating and again when freeing.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <ordinal/core/fast/profile.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/tensor.h>

namespace ordinal {
namespace {

void require_unreleased(const Node& node) {
    require<GraphError>(!node.released, "backward: the graph behind '", node.op,
                        "' was released by an earlier backward(); compute the expression again");
}

// One backward(). Interior nodes collect their gradients in themselves. Those of leaves are collected here, and added
// to the leaves when the walk is done: a formula that throws then changes no leaf, and threads whose graphs share
// parameters do not disturb each other.
class Walk {
public:
    explicit Walk(std::vector<std::shared_ptr<Node>> nodes)
        : order(std::move(nodes)), outer_(std::exchange(current, this)) {}
    ~Walk() {
        current = outer_;
        for (const auto& node : order)    // after an exception: nothing half done stays
            if (node != nullptr) node->grad = NdArray();
    }

    // Where a node's gradient is collected.
    static NdArray& gradient_of(const std::shared_ptr<Node>& node) {
        if (current == nullptr || !node->is_leaf()) return node->grad;
        return with_memory([&]() -> NdArray& { return current->leaves_[node]; },
                           "backward: there is no memory for another gradient");
    }

    // Adds what was collected to the leaves: first all sums, for which memory may be missing, then all at once.
    void finish() {
        static std::mutex one_at_a_time;
        const std::lock_guard lock(one_at_a_time);
        for (auto& [leaf, grad] : leaves_)
            if (grad.defined()) grad = leaf->grad.defined() ? leaf->grad + grad : contiguous(grad);
        for (auto& [leaf, grad] : leaves_)
            if (grad.defined()) leaf->grad = std::move(grad);
    }

    static thread_local Walk* current;    // the innermost one on this thread
    std::vector<std::shared_ptr<Node>> order;

private:
    std::unordered_map<std::shared_ptr<Node>, NdArray> leaves_;
    Walk* outer_;
};
constinit thread_local Walk* Walk::current = nullptr;

// All results that need gradients, every node before the nodes it was computed from ("reverse topological order").
// Depth first: a node is finished when all of its inputs are; reading the finished nodes backwards gives the order.
std::vector<std::shared_ptr<Node>> outputs_before_inputs(const std::shared_ptr<Node>& root) {
    struct Visit {
        std::shared_ptr<Node> node;
        std::size_t next_input;
    };
    std::vector<std::shared_ptr<Node>> finished;
    if (root->is_leaf()) return finished;
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
        if (!input->requires_grad || input->is_leaf() || input->visited == this_walk) continue;
        input->visited = this_walk;
        stack.push_back({input, 0});
    }
    std::reverse(finished.begin(), finished.end());
    return finished;
}

// Passes a node's complete gradient on to its inputs.
void run_backward(const Node& node) {
    const detail::Measured measured(node.op, true);
    node.backward(node.grad);
    if (!TraceNan::active() || has_nan(node.grad)) return;
    for (const Tensor& input : node.inputs) {
        if (!input.requires_grad()) continue;
        const NdArray& grad = Walk::gradient_of(input.node());
        require<GraphError>(!grad.defined() || !has_nan(grad), "TraceNan: the backward of '", node.op,
                            "' made the first NaN");
    }
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
    std::vector<std::shared_ptr<Node>> order =
        with_memory([&] { return outputs_before_inputs(node_); }, "backward: there is no memory for the walk");
    for (const auto& node : order) {    // before anything is touched
        require_unreleased(*node);
        require<GraphError>(node->inputs_version == node->current_inputs_version(), "backward: an input of '", node->op,
                            "' was given new values since; compute the expression again");
    }
    Walk walk(std::move(order));
    accumulate_grad(d_output);

    // When a node's turn comes, everything that used it has already added its share: its gradient is complete.
    for (auto& node : walk.order) {
        require_unreleased(*node);    // by a backward() inside a formula
        if (node->grad.defined()) run_backward(*node);
        node->grad = NdArray();
        node->inputs.clear();
        node->backward = nullptr;
        node->released = true;
        node.reset();    // frees its values at once, unless somebody else still holds it
    }
    walk.finish();
}

void Tensor::accumulate_grad(NdArray d_this) const {
    if (!requires_grad()) return;
    require(d_this.defined() && d_this.shape() == shape(), "accumulate_grad: the gradient of a ", shape(),
            " tensor has shape ", d_this.shape(), "; a broadcast input needs sum_to_shape");
    if (Walk::current == nullptr && is_leaf()) return backward(d_this);
    NdArray& grad = Walk::gradient_of(node_);
    if (grad.defined())
        add_in_place(grad, d_this);
    else
        grad = std::move(d_this);
}

void Tensor::accumulate_grad(const std::function<void(NdArray&)>& add_to) const {
    if (!requires_grad()) return;
    require<OptionError>(add_to != nullptr, "accumulate_grad: expected a function, got an undefined one");
    const bool alone = Walk::current == nullptr && is_leaf();
    NdArray grad = alone ? NdArray() : std::move(Walk::gradient_of(node_));
    if (!grad.defined()) grad = NdArray(shape(), 0);
    add_to(grad);
    require(grad.defined() && grad.shape() == shape(), "accumulate_grad: expected ", shape(), ", got ", grad.shape());
    if (alone) return backward(grad);
    Walk::gradient_of(node_) = std::move(grad);
}

bool Tensor::grad_begun() const { return Walk::current != nullptr && Walk::gradient_of(node_).defined(); }

static std::atomic<Index> live_nodes{0};

// Nodes of which a dying node was the last owner. Destroying them right there would destroy the next nodes of the
// chain, and so on, one stack frame each; put on this list, they are destroyed by the outermost destructor's loop. It
// runs through the nodes themselves: a destructor must not ask for memory.
static thread_local std::shared_ptr<Node>* nodes_to_go = nullptr;

Index Node::current_inputs_version() const {
    Index total = 0;
    for (const Tensor& input : inputs) total += input.node()->version;
    return total;
}

Node::Node() { ++live_nodes; }

Node::~Node() {
    --live_nodes;
    if (inputs.empty() && !backward) return;
    std::shared_ptr<Node> here;
    const bool is_outermost = nodes_to_go == nullptr;
    if (is_outermost) nodes_to_go = &here;
    backward = nullptr;    // first, for it has handles of the inputs
    for (Tensor& input : inputs) {
        const Tensor dropped = std::exchange(input, Tensor());
        if (dropped.node().use_count() == 1) dropped.node()->next_to_go = std::exchange(*nodes_to_go, dropped.node());
    }
    if (!is_outermost) return;
    while (here != nullptr) {
        const auto destroyed_now = std::exchange(here, std::move(here->next_to_go));    // which may lengthen the list
    }
    nodes_to_go = nullptr;
}

Index Node::live_count() { return live_nodes; }

}    // namespace ordinal
