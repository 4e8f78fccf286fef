// Tensor: "our PyTorch tensor". Values, their gradient, and the operation that made them.
//
//     Tensor w = Tensor::parameter(NdArray({2}, {1, 2}));
//     Tensor loss = sum(w * w);        // every operation records how to go back
//     loss.backward();
//     w.grad();                        // [2, 4]
//
// A Tensor is a handle: copies share one node of the graph. Nodes own their inputs, never their outputs, so there
// are no cycles, and a graph is freed when its last output is.
//
// Kernels and derivative formulas work on NdArray, which records nothing, so a backward pass cannot extend the graph
// by accident. The price: no second derivatives.
//
// Several threads may read the same tensors, compute with them, and differentiate graphs of their own that share
// parameters: every gradient arrives whole. Not while another thread changes them (set_values, update_values, an
// optimizer's step, clear_grad, set_grad) or reads their gradients, and not two backward() through one interior result.
#pragma once

#include <concepts>
#include <functional>
#include <iosfwd>
#include <memory>
#include <vector>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/nd_array.h>

namespace ordinal {

class Tensor;

// A formula that, given d loss / d output, adds d loss / d input to each input.
struct Backward : std::function<void(const NdArray& d_output)> {
    Backward(std::nullptr_t = nullptr) {}
    template <std::invocable<const NdArray&> Formula>
    Backward(Formula formula)
        : function(with_memory([&] { return function(std::move(formula)); },
                               "backward: there is no memory for another formula")) {}
};

// One node of the graph: what a Tensor points to.
struct Node {
    const char* op = "leaf";
    NdArray values;
    NdArray grad;                  // undefined until something is accumulated; a leaf's is contiguous
    std::vector<Tensor> inputs;    // what it was computed from
    Index inner_steps = 0;         // steps inside the operation that wait for each other, as those of a recurrence do
    Backward backward;
    bool requires_grad = false;
    bool released = false;        // backward() has passed and dropped inputs and formula
    Index version = 0;            // how often the values were replaced or updated
    std::uint64_t visited = 0;    // by which backward() last; leaves, which threads share, are not marked
    Index inputs_version = 0;     // the sum of the inputs' versions when this was computed from them

    std::shared_ptr<Node> next_to_go = nullptr;    // of those that ~Node() destroys

    Node();
    ~Node();    // frees long chains without recursion, see backward.cpp
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    bool is_leaf() const { return !backward && !released; }
    Index current_inputs_version() const;
    static Index live_count();    // nodes alive in the program: the leak test reads it
};

class Tensor {
public:
    Tensor() = default;                 // undefined
    explicit Tensor(NdArray values);    // a constant: gradients stop here
    explicit Tensor(Number value) : Tensor(NdArray(value)) {}
    explicit Tensor(std::initializer_list<NestedList<Scalar>> rows) : Tensor(NdArray(rows)) {}    // {{1, 2}, {3, 4}}
    static Tensor parameter(NdArray values);    // a leaf that collects gradients
    static Tensor parameter(Number value) { return parameter(NdArray(value)); }
    static Tensor parameter(std::initializer_list<NestedList<Scalar>> rows) { return parameter(NdArray(rows)); }
    Tensor(const Tensor&) = default;
    Tensor(Tensor&&) = default;
    Tensor& operator=(const Tensor&) & = default;    // &: x[0] = y changes no x, so it does not compile
    Tensor& operator=(Tensor&&) & = default;

    // The result of an operation. `backward` is kept only if an input needs gradients and no NoGrad is alive.
    static Tensor from_op(const char* op, NdArray values, std::vector<Tensor> inputs, Backward backward);
    using Handles = std::initializer_list<std::reference_wrapper<const Tensor>>;    // {A, B}: counts no users twice
    static Tensor from_op(const char* op, NdArray values, Handles inputs, Backward backward);

    bool defined() const { return node_ != nullptr; }
    const NdArray& values() const&;
    NdArray values() const&& { return values(); }    // of a temporary: a reference into it may dangle
    const Shape& shape() const& { return values().shape(); }
    Shape shape() const&& { return values().shape(); }
    int ndim() const { return values().ndim(); }
    Index dim(Index axis) const { return values().dim(axis); }
    Index size() const { return values().size(); }
    Scalar item() const { return values().item(); }
    bool requires_grad() const { return node_ != nullptr && node_->requires_grad; }
    bool is_leaf() const { return node_ != nullptr && node_->is_leaf(); }

    Tensor operator[](Index i) const;        // entry i of the first axis, which goes: [2, 3] -> [3]
    Tensor operator[](Slice range) const;    // entries of the first axis, which stays
    Tensor operator[](std::initializer_list<Index>) const = delete;    // x[{0, 2}] in NumPy is gather_rows, no slice
    Tensor T() const;                                                  // all axes in reverse order: [2, 3] -> [3, 2]
    // The same values as a constant: gradients stop here.
    Tensor detach() const { return from_op("detach", values(), {Tensor(values())}, nullptr); }

    // Fills the gradients of all leaves that this tensor was computed from, adding to what is there; see backward.cpp.
    // It releases the graph as it goes. If a formula throws, every leaf's gradient is as it was before the call, and
    // only the part of the graph is released that was passed: a trunk that was not reached can be differentiated.
    void backward() const;                           // of a single number
    void backward(const NdArray& d_output) const;    // of any tensor: sum(d_output * this) is differentiated

    bool has_grad() const { return node_ != nullptr && node_->grad.defined(); }
    const NdArray& grad() const&;    // of a leaf; interior gradients live only during backward()
    NdArray grad() const&& { return grad(); }
    void clear_grad() const {
        if (defined()) node_->grad = NdArray();
    }
    void set_grad(NdArray grad) const;        // gradient clipping writes it back: parameters only, same shape
    void set_values(NdArray values) const;    // checkpoints: leaves only, same shape
    // Works on a copy, so that the values are as they were before if `update` throws: leaves only, same shape.
    void update_values(const std::function<void(NdArray& values)>& update) const;
    Scalar* mutable_values() const;    // optimizers: a leaf's numbers in row-major order, new from now on

    // For backward formulas. The gradient is added to, never overwritten: a tensor may be used many times. Each use
    // rounds the sum once more: in float, a million uses of equal gradients may be 1 % off.
    void accumulate_grad(NdArray d_this) const;
    void accumulate_grad(const std::function<void(NdArray& d_this)>& add_to) const;    // adds to a part in place
    bool grad_begun() const;    // by an earlier use, in this backward()

    const std::shared_ptr<Node>& node() const& { return node_; }
    std::shared_ptr<Node> node() const&& { return node_; }

private:
    std::shared_ptr<Node> node_;
};

std::ostream& operator<<(std::ostream& out, const Tensor& tensor);

// While it lives, operations on this thread and in its slices record nothing: inference, and updates by an optimizer.
// NoGrad(false) lets them record again, for a backward formula that computes something anew to differentiate it.
struct NoGrad : detail::FlagScope {
    explicit NoGrad(bool active = true) : FlagScope(&detail::ThreadFlags::recording, !active) {}
};

// While it lives, the first operation on this thread that makes a NaN out of numbers (forward or backward) throws a
// GraphError that names it. It reads every result once more, so it is for debugging. TraceNan(false) looks away.
struct TraceNan : detail::FlagScope {
    explicit TraceNan(bool active = true) : FlagScope(&detail::ThreadFlags::tracing_nan, active) {}
    static bool active() { return detail::thread_flags.tracing_nan; }
};

}    // namespace ordinal
