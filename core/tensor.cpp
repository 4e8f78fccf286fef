#include <ordinal/core/tensor.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>

#include <ordinal/core/fast/profile.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

using detail::thread_flags;

Tensor::Tensor(NdArray values) {
    require(values.defined(), "Tensor: expected an array with values, got an undefined NdArray");
    node_ = with_memory([] { return std::make_shared<Node>(); }, "Tensor: there is no memory for another result");
    node_->values = std::move(values);
    if (detail::profiling) detail::forget_spending();
}

Tensor Tensor::parameter(NdArray values) {
    Tensor leaf(std::move(values));
    leaf.node_->requires_grad = true;
    return leaf;
}

Tensor Tensor::from_op(const char* op, NdArray values, std::vector<Tensor> inputs, Backward backward) {
    if (detail::profiling) detail::record_spending(op, inputs);
    for (const Tensor& input : inputs)
        require<GraphError>(input.defined(), op, ": an input is undefined (default-constructed)");
    if (thread_flags.tracing_nan && has_nan(values)) {
        const bool was_there =
            std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return has_nan(x.values()); });
        require<GraphError>(was_there, "TraceNan: '", op, "' made the first NaN; its inputs had none");
    }
    Tensor out(std::move(values));
    out.node_->op = op;
    const bool wanted = std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return x.requires_grad(); });
    if (thread_flags.recording && wanted) {
        require<GraphError>(backward != nullptr, op, ": expected a formula for backward, got an undefined function");
        out.node_->requires_grad = true;
        out.node_->inputs = std::move(inputs);
        out.node_->backward = std::move(backward);
        out.node_->inputs_version = out.node_->current_inputs_version();
    }
    return out;
}

Tensor Tensor::from_op(const char* op, NdArray values, Handles inputs, Backward backward) {
    const auto listed = [&] { return std::vector<Tensor>(inputs.begin(), inputs.end()); };
    return from_op(op, std::move(values), with_memory(listed, op, ": there is no memory for its inputs"),
                   std::move(backward));
}

const NdArray& Tensor::values() const& {
    require<GraphError>(defined(), "values: this tensor is undefined (default-constructed)");
    if (detail::profiling) detail::note_reading(node_.get());
    return node_->values;
}

const NdArray& Tensor::grad() const& {
    require<GraphError>(defined(), "grad: this tensor is undefined (default-constructed)");
    require<GraphError>(requires_grad(),
                        "grad: this tensor is a constant; make it with Tensor::parameter to get gradients");
    require<GraphError>(is_leaf(), "grad: this tensor is the result of '", node_->op,
                        "'; gradients are kept for leaves (parameters) only");
    require<GraphError>(has_grad(), "grad: no gradient yet; call backward() on a result computed from this tensor");
    return node_->grad;
}

// The result of an operation is a tensor of its own, c[0] and c.detach() as well: who writes there changes no c.
static void require_leaf(const Tensor& X, const char* who) {
    require<GraphError>(X.is_leaf() && X.node()->op == std::string_view("leaf"), who,
                        ": only leaves (parameters and constants) can be given new values, not results of operations");
}

void Tensor::set_grad(NdArray grad) const {
    require<GraphError>(requires_grad() && is_leaf(), "set_grad: only parameters have a gradient that can be set");
    require(grad.defined() && grad.shape() == shape(), "set_grad: expected ", shape(), ", got ", grad.shape());
    node_->grad = contiguous(grad);
}

void Tensor::set_values(NdArray values) const {
    require_leaf(*this, "set_values");
    require(values.defined() && values.shape() == shape(), "set_values: expected ", shape(), ", got ", values.shape());
    node_->values = std::move(values);
    ++node_->version;
}

void Tensor::update_values(const std::function<void(NdArray&)>& update) const {
    require_leaf(*this, "update_values");
    require<OptionError>(update != nullptr, "update_values: expected a function, got an undefined one");
    NdArray values = node_->values;    // whoever shares the old values keeps them: writing makes a copy
    update(values);
    require(values.defined() && values.shape() == shape(), "update_values: expected ", shape(), ", got ",
            values.shape());
    node_->values = std::move(values);
    ++node_->version;
}

Scalar* Tensor::mutable_values() const {
    require_leaf(*this, "mutable_values");
    ++node_->version;
    return node_->values.mutable_data();
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) {
    return tensor.defined() ? out << tensor.values() : out << "undefined";
}

}    // namespace ordinal
