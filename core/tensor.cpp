#include <ordinal/core/tensor.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include <ordinal/core/nd_math.h>

namespace ordinal {

static thread_local bool recording = true;       // false inside NoGrad
static thread_local bool tracing_nan = false;    // true inside TraceNan

Tensor::Tensor(NdArray values) : node_(std::make_shared<Node>()) {
    require(values.defined(), "Tensor: expected an array with values, got an undefined NdArray");
    node_->values = std::move(values);
}

Tensor Tensor::parameter(NdArray values) {
    Tensor leaf(std::move(values));
    leaf.node_->requires_grad = true;
    return leaf;
}

Tensor Tensor::from_op(const char* op, NdArray values, std::vector<Tensor> inputs, Backward backward) {
    if (tracing_nan && has_nan(values)) {
        const bool was_there =
            std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return has_nan(x.values()); });
        require<GraphError>(was_there, "TraceNan: '", op, "' made the first NaN; its inputs had none");
    }
    Tensor out(std::move(values));
    out.node_->op = op;
    const bool wanted = std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return x.requires_grad(); });
    if (recording && wanted) {
        out.node_->requires_grad = true;
        out.node_->inputs = std::move(inputs);
        out.node_->backward = std::move(backward);
        out.node_->inputs_version = out.node_->current_inputs_version();
    }
    return out;
}

const NdArray& Tensor::values() const {
    require<GraphError>(defined(), "values: this tensor is undefined (default-constructed)");
    return node_->values;
}

const NdArray& Tensor::grad() const {
    require<GraphError>(defined(), "grad: this tensor is undefined (default-constructed)");
    require<GraphError>(requires_grad(),
                        "grad: this tensor is a constant; make it with Tensor::parameter to get gradients");
    require<GraphError>(is_leaf(), "grad: this tensor is the result of '", node_->op,
                        "'; gradients are kept for leaves (parameters) only");
    require<GraphError>(has_grad(), "grad: no gradient yet; call backward() on a result computed from this tensor");
    return node_->grad;
}

void Tensor::set_grad(NdArray grad) const {
    clear_grad();
    accumulate_grad(std::move(grad));
}

void Tensor::set_values(NdArray values) const {
    require<GraphError>(is_leaf(), "set_values: only leaves (parameters and constants) can be given new values");
    require(values.defined() && values.shape() == shape(), "set_values: expected ", shape(), ", got ", values.shape());
    node_->values = std::move(values);
    ++node_->version;
}

void Tensor::update_values(const std::function<void(NdArray&)>& update) const {
    require<GraphError>(is_leaf(), "update_values: only leaves (parameters and constants) can be updated");
    update(node_->values);    // whoever shares the old values keeps them: writing makes a copy then
    ++node_->version;
}

void Tensor::accumulate_grad(NdArray d_this) const {
    if (!requires_grad()) return;
    require(d_this.defined() && d_this.shape() == shape(), "accumulate_grad: the gradient of a ", shape(),
            " tensor has shape ", d_this.shape(), "; a broadcast input needs sum_to_shape");
    if (has_grad())
        add_in_place(node_->grad, d_this);
    else
        node_->grad = std::move(d_this);
}

void Tensor::accumulate_grad(const std::function<void(NdArray&)>& add_to) const {
    if (!requires_grad()) return;
    if (!has_grad()) node_->grad = NdArray(shape(), 0);
    add_to(node_->grad);
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) {
    return tensor.defined() ? out << tensor.values() : out << "undefined";
}

NoGrad::NoGrad(bool active) : before_(std::exchange(recording, !active)) {}
NoGrad::~NoGrad() { recording = before_; }

TraceNan::TraceNan() : before_(std::exchange(tracing_nan, true)) {}
TraceNan::~TraceNan() { tracing_nan = before_; }
bool TraceNan::active() { return tracing_nan; }

}    // namespace ordinal
