// Optimizers: how a gradient becomes a step. Also gradient clipping and the learning-rate schedule.
//     Adam optimizer(model);                            // or model.parameters(), or groups with rates of their own
//     optimizer.step(warmup_cosine(step, steps, 3e-3));
// step() is told its learning rate each time, where PyTorch keeps it in the optimizer: a schedule is then a plain
// function of the step, and a continued run cannot have forgotten where on it it was.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <ordinal/nn/module.h>

namespace ordinal {

// Parameters that share settings of their own. Published T5 models, for example, learn their position bias faster.
struct ParameterGroup {
    Parameters parameters = {};
    double learning_rate_factor = 1;            // times the rate that step() is given; 0: frozen
    std::optional<double> weight_decay = {};    // in the place of the optimizer's own
};

// What an optimizer is given: a module, a list of parameters, or groups. Constants are refused: they would never learn.
struct ParameterGroups {
    ParameterGroups(const Module& module) : groups{{module.parameters()}} {}
    ParameterGroups(Parameters parameters) : groups{{std::move(parameters)}} {}
    ParameterGroups(std::initializer_list<NamedParameter> parameters) : groups{{parameters}} {}
    ParameterGroups(std::vector<ParameterGroup> all) : groups(std::move(all)) {}
    ParameterGroups(std::initializer_list<ParameterGroup> all) : groups(all) {}
    std::vector<ParameterGroup> groups;
};

// What an optimizer has gathered about each parameter, by the parameter's name.
struct OptimizerState {
    std::string optimizer;                    // "Sgd", "Adam", "AdamW"
    std::map<std::string, NdArray> memory;    // PyTorch's "NAME.momentum_buffer", "NAME.exp_avg", "NAME.exp_avg_sq"
    std::map<std::string, Index> steps;       // how many it has taken: "NAME"
};

class Optimizer {
public:
    virtual ~Optimizer() = default;

    // One step for every parameter that has a gradient; one without is left as it is.
    void step(double learning_rate);

    // Gradients add up until they are cleared: call this before every backward().
    void clear_gradients() const;

    // The state is matched by name, not by order. One that does not fit is refused, and changes nothing.
    OptimizerState state_dict() const;
    void load_state_dict(const OptimizerState& state);

protected:
    struct Slot {    // one parameter and what is known about it
        NamedParameter parameter;
        double learning_rate_factor;
        double weight_decay;
        Index steps = 0;                // of this parameter: it may have been without a gradient at first
        std::vector<NdArray> memory;    // of its shape, all 0 at first: one for each of memory_names
    };

    // Without a weight_decay, groups may not have one either.
    Optimizer(std::string name, const ParameterGroups& parameters, std::vector<std::string> memory_names,
              std::optional<double> weight_decay = {});

    // w <- w - (a step from the gradient g), n numbers of one parameter, its step number slot.steps + 1
    virtual void update(Slot& slot, double learning_rate, const Scalar* g, Scalar* w, Index n) = 0;

private:
    std::string name_;
    std::vector<std::string> memory_names_;
    std::vector<Slot> slots_;
};

// v <- momentum v + g,  w <- w - lr v          momentum 0: plain gradient descent, without a v
class Sgd : public Optimizer {
public:
    explicit Sgd(const ParameterGroups& parameters, double momentum = 0);

protected:
    void update(Slot& slot, double learning_rate, const Scalar* g, Scalar* w, Index n) override;

private:
    Scalar momentum_;
};

struct AdamOptions {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double eps = 1e-8;
};

// m <- beta1 m + (1 - beta1) g          v <- beta2 v + (1 - beta2) g^2          t counts the parameter's steps from 1
// w <- w - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
// Where g^2 is no Scalar (g above 1e19 in float) v is infinite and w stays where it is, as in PyTorch.
// Kingma and Ba 2015, arXiv 1412.6980
class Adam : public Optimizer {
public:
    explicit Adam(const ParameterGroups& parameters, const AdamOptions& options = {})
        : Adam("Adam", parameters, options, std::nullopt) {}

protected:
    Adam(const char* name, const ParameterGroups& parameters, const AdamOptions& options,
         std::optional<double> weight_decay);

    void update(Slot& slot, double learning_rate, const Scalar* g, Scalar* w, Index n) override;

private:
    AdamOptions options_;
};

// Adam after w <- w - lr weight_decay w: the decay acts on the weights themselves, not through the gradient: Loshchilov
// and Hutter 2019, arXiv 1711.05101. A table row that no batch visits has gradient 0 and shrinks towards 0.
class AdamW : public Adam {
public:
    explicit AdamW(const ParameterGroups& parameters, double weight_decay = 0.01,
                   const AdamOptions& options = {})    // as in PyTorch
        : Adam("AdamW", parameters, options, weight_decay) {}
};

// Scales all gradients down together so that their common norm is at most max_norm. Returns the norm before. A tensor
// that is listed twice counts once. Infinite and NaN gradients are refused: scaling would spread them over the rest.
// Pascanu et al. 2013, arXiv 1211.5063
double clip_gradients(const ParameterGroups& parameters, double max_norm);

// lr_t = peak min(1, (t + 1) / warmup) max(floor, (1 + cos(pi t / total)) / 2),   t = 0, 1, ..., total - 1
// A linear rise, under half a cosine that comes down to floor * peak and stays there. Loshchilov and Hutter 2017,
// arXiv 1608.03983
double warmup_cosine(Index t, Index total, double peak, Index warmup = 50, double floor = 0.02);

}    // namespace ordinal
