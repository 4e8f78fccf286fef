#include <ordinal/nn/optimizer.h>

#include <cmath>
#include <numbers>

#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/fast/profile.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {
namespace {

void require_share(double value, const std::string& who, const char* name) {
    require<OptionError>(0 <= value && value < 1, who, ": expected 0 <= ", name, " < 1, got ", value);
}

void require_amount(double value, const std::string& who, const char* name) {
    require<OptionError>(value >= 0 && std::isfinite(static_cast<Scalar>(value)), who, ": expected a finite ", name,
                         " of 0 or more, got ", value);
}

// What is listed is trained or refused.
void require_trainable(const NamedParameter& parameter, const std::string& who) {
    require<OptionError>(parameter.tensor.is_leaf(), who, ": '", parameter.name,
                         "' is no parameter but undefined or a result; list leaves only");
    require<OptionError>(parameter.tensor.requires_grad(), who, ": '", parameter.name,
                         "' is a constant and would never learn; make it with Tensor::parameter, or freeze it by ",
                         "leaving it out of the list or by a group with learning_rate_factor 0");
}

// What is left of a memory. A factor of 0 leaves nothing, not even of infinity, where 0 x inf would be NaN for ever.
Scalar faded(Scalar factor, Scalar memory) { return factor == 0 ? 0 : factor * memory; }

}    // namespace

Optimizer::Optimizer(std::string name, const ParameterGroups& parameters, std::vector<std::string> memory_names,
                     std::optional<double> weight_decay)
    : name_(std::move(name)), memory_names_(std::move(memory_names)) {
    require_amount(weight_decay.value_or(0), name_, "weight_decay");
    std::map<const Node*, std::string> seen;
    for (const ParameterGroup& group : parameters.groups) {
        const double decay = group.weight_decay.value_or(weight_decay.value_or(0));
        require_amount(decay, name_, "weight_decay");
        require<OptionError>(weight_decay || !group.weight_decay, name_,
                             ": only AdamW has weight_decay, also of groups");
        require_amount(group.learning_rate_factor, name_, "learning_rate_factor");
        for (const NamedParameter& parameter : group.parameters) {
            const Tensor& tensor = parameter.tensor;
            require_trainable(parameter, name_);
            const auto [other, is_new] = seen.emplace(tensor.node().get(), parameter.name);
            require<OptionError>(is_new, "Optimizer: '", other->second, "' and '", parameter.name,
                                 "' are the same tensor; list it once, or it is stepped twice");
            slots_.push_back({parameter, group.learning_rate_factor, decay, 0, {}});
            slots_.back().memory.assign(memory_names_.size(), NdArray(tensor.shape()));
        }
    }
    require<OptionError>(!slots_.empty(), name_, ": expected at least one parameter, got none; nothing would learn");
    if (detail::profiling) detail::forget_spending();
}

void Optimizer::step(double learning_rate) {
    const detail::Measured measured(name_.c_str(), false);
    for (const Slot& slot : slots_) {    // all are checked before the first moves
        const double rate = learning_rate * slot.learning_rate_factor;
        require_amount(rate, name_, "learning rate");
        require<OptionError>(rate * slot.weight_decay <= 1, name_, ": learning rate times weight_decay is ",
                             rate * slot.weight_decay, "; above 1 weights would change their signs and not decay");
    }
    for (Slot& slot : slots_) {
        const Tensor& w = slot.parameter.tensor;
        if (!w.has_grad()) continue;
        const NdArray gradient = contiguous(w.grad());
        update(slot, learning_rate * slot.learning_rate_factor, gradient.data(), w.mutable_values(), w.size());
        ++slot.steps;
    }
}

void Optimizer::clear_gradients() const {
    for (const Slot& slot : slots_) slot.parameter.tensor.clear_grad();
}

OptimizerState Optimizer::state_dict() const {
    OptimizerState state{name_, {}, {}};
    for (const auto& [parameter, factor, decay, steps, memory] : slots_) {
        require<OptionError>(state.steps.emplace(parameter.name, steps).second, name_, ": two parameters are called '",
                             parameter.name, "'; a state is kept by name, so give each its own");
        for (std::size_t i = 0; i < memory.size(); ++i)
            state.memory.emplace(parameter.name + "." + memory_names_[i], memory[i]);
    }
    return state;
}

void Optimizer::load_state_dict(const OptimizerState& state) {
    require<OptionError>(state.optimizer == name_, name_, ": the state is that of ", state.optimizer,
                         "; go on with the optimizer that it was saved from");
    const OptimizerState own = state_dict();
    const auto require_same_names = [this](const auto& theirs, const auto& ours) {
        for (const auto& [name, kept] : ours)
            require<OptionError>(theirs.contains(name), name_, ": the state has nothing for '", name, "'");
        for (const auto& [name, kept] : theirs)
            require<OptionError>(ours.contains(name), name_, ": the state has '", name, "', which is not used here");
    };
    require_same_names(state.steps, own.steps);
    for (const auto& [name, steps] : state.steps)
        require<OptionError>(steps >= 0, name_, ": the state says that '", name, "' has taken ", steps, " steps");
    require_same_names(state.memory, own.memory);
    for (const auto& [name, values] : state.memory)
        require(values.defined() && values.shape() == own.memory.at(name).shape(), name_, ": the state's '", name,
                "' has shape ", values.shape(), ", expected ", own.memory.at(name).shape());
    for (Slot& slot : slots_) {
        slot.steps = state.steps.at(slot.parameter.name);
        for (std::size_t i = 0; i < memory_names_.size(); ++i)
            slot.memory[i] = state.memory.at(slot.parameter.name + "." + memory_names_[i]);
    }
}

Sgd::Sgd(const ParameterGroups& parameters, double momentum)
    : Optimizer("Sgd", parameters,
                momentum == 0 ? std::vector<std::string>{} : std::vector<std::string>{"momentum_buffer"}),
      momentum_(static_cast<Scalar>(momentum)) {
    require_share(momentum, "Sgd", "momentum");
}

void Sgd::update(Slot& slot, double learning_rate, const Scalar* g, Scalar* w, Index n) {
    const auto rate = static_cast<Scalar>(learning_rate);
    if (!slot.memory.empty()) {
        Scalar* v = slot.memory[0].mutable_data();
        for_elements(n, [=, share = momentum_](Index i) ORDINAL_INLINE { v[i] = faded(share, v[i]) + g[i]; });
        g = v;
    }
    if (rate == 0) return;    // 0 x inf again
    for_elements(n, [=](Index i) ORDINAL_INLINE { w[i] -= rate * g[i]; });
}

Adam::Adam(const char* name, const ParameterGroups& parameters, const AdamOptions& options,
           std::optional<double> weight_decay)
    : Optimizer(name, parameters, {"exp_avg", "exp_avg_sq"}, weight_decay), options_(options) {
    require_share(options.beta1, name, "beta1");
    require_share(options.beta2, name, "beta2");
    require_amount(options.eps, name, "eps");
}

// Powers and differences are taken in double, from the options as they were given: 1 - (0.999 rounded to 24 bits) would
// make each step 7e-6 too long.
void Adam::update(Slot& slot, double learning_rate, const Scalar* g, Scalar* w, Index n) {
    const double t = static_cast<double>(slot.steps + 1);
    const auto beta1 = static_cast<Scalar>(options_.beta1), new1 = static_cast<Scalar>(1 - options_.beta1);
    const auto beta2 = static_cast<Scalar>(options_.beta2), new2 = static_cast<Scalar>(1 - options_.beta2);
    const auto eps = static_cast<Scalar>(options_.eps),
               keep = static_cast<Scalar>(1 - learning_rate * slot.weight_decay);
    const auto rate = static_cast<Scalar>(learning_rate / (1 - std::pow(options_.beta1, t)));
    const auto correction = static_cast<Scalar>(1 / std::sqrt(1 - std::pow(options_.beta2, t)));
    Scalar *m = slot.memory[0].mutable_data(), *v = slot.memory[1].mutable_data();
    for_elements(n, [=](Index i) ORDINAL_INLINE {
        m[i] = faded(beta1, m[i]) + new1 * g[i];
        v[i] = faded(beta2, v[i]) + new2 * g[i] * g[i];
        const Scalar size = std::sqrt(v[i]) * correction + eps;    // 0 where eps is and v too small to be told from 0
        w[i] = faded(keep, w[i]) - (size == 0 || rate == 0 ? 0 : rate * m[i] / size);
    });
}

double clip_gradients(const ParameterGroups& parameters, double max_norm) {
    const detail::Measured measured("clip_gradients", false);
    require<OptionError>(max_norm > 0, "clip_gradients: expected max_norm > 0, got ", max_norm);
    std::map<const Node*, Tensor> with_gradient;
    double squares = 0;
    for (const ParameterGroup& group : parameters.groups)
        for (const auto& [name, tensor] : group.parameters) {
            require_trainable({name, tensor}, "clip_gradients");
            if (!tensor.has_grad() || !with_gradient.emplace(tensor.node().get(), tensor).second) continue;
            const NdArray gradient = contiguous(tensor.grad());
            squares = kernels::add_squares(squares, gradient.data(), gradient.size());
            require<GraphError>(std::isfinite(squares), "clip_gradients: the gradient of '", name,
                                "' is infinite or NaN, or too large to be squared; TraceNan finds where a NaN is made");
        }
    const double norm = std::sqrt(squares);
    if (norm > max_norm)
        for (const auto& [node, tensor] : with_gradient)
            tensor.set_grad(tensor.grad() * static_cast<Scalar>(max_norm / (norm + 1e-6)));    // 1e-6 as in PyTorch
    return norm;
}

double warmup_cosine(Index t, Index total, double peak, Index warmup, double floor) {
    require<OptionError>(total > 0 && warmup > 0, "warmup_cosine: expected total and warmup of at least 1, got ", total,
                         " and ", warmup);
    require<OptionError>(warmup <= total, "warmup_cosine: a warm-up of ", warmup, " steps does not fit into ", total,
                         " steps");
    require<OptionError>(t >= 0, "warmup_cosine: expected a step of 0 or more, got ", t);
    require_amount(peak, "warmup_cosine", "peak");
    require<OptionError>(0 <= floor && floor <= 1, "warmup_cosine: expected 0 <= floor <= 1, got ", floor);
    const double progress = std::min(1.0, static_cast<double>(t) / static_cast<double>(total));
    const double rise = std::min(1.0, (static_cast<double>(t) + 1) / static_cast<double>(warmup));
    return peak * rise * std::max(floor, 0.5 * (1 + std::cos(std::numbers::pi * progress)));
}

}    // namespace ordinal
