#include "demos/models/training.h"

#include <algorithm>

namespace ordinal::demos {
namespace {

// T5's bias learns at ten times the rate: with Adam a step is about as long as the rate, and a bias has further to go
// (3, say) than a weight (0.1).
std::vector<ParameterGroup> parameter_groups(const Parameters& parameters) {
    std::vector<ParameterGroup> groups{{.learning_rate_factor = 1}, {.learning_rate_factor = 10}};
    for (const NamedParameter& parameter : parameters)
        groups[parameter.name.ends_with("relative_attention_bias.weight")].parameters.push_back(parameter);
    return groups;
}

}    // namespace

double train_step(Optimizer& optimizer, double learning_rate, const Parameters& parameters, const Tensor& loss) {
    optimizer.clear_gradients();
    loss.backward();
    clip_gradients(parameters, 1.0);
    optimizer.step(learning_rate);
    return static_cast<double>(loss.item());
}

Trainer::Trainer(const Parameters& parameters, const Training& training, std::function<Tensor()> next_loss)
    : parameters_(parameters),
      training_(training),
      next_loss_(std::move(next_loss)),
      optimizer_(parameter_groups(parameters), training.weight_decay, {.beta2 = 0.98}) {}

double Trainer::step() {
    const Index warmup = std::min<Index>(50, training_.steps);
    const double rate = warmup_cosine(step_++, training_.steps, training_.peak_learning_rate, warmup);
    const double loss = train_step(optimizer_, rate, parameters_, next_loss_());
    if (training_.on_step) training_.on_step(loss);
    return loss;
}

void train(const Parameters& parameters, const Training& training, const std::function<Tensor()>& next_loss) {
    Trainer trainer(parameters, training, next_loss);
    while (!trainer.is_done()) trainer.step();
}

}    // namespace ordinal::demos
