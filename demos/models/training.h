// How the demos train their models.
#pragma once

#include <functional>

#include <ordinal/nn/optimizer.h>

namespace ordinal::demos {

struct Training {
    Index steps = 500;
    double peak_learning_rate = 3e-3;
    double weight_decay = 0;
    std::function<void(double loss)> on_step = {};
};

// AdamW (beta2 0.98), gradients clipped to norm 1, warm-up and cosine: one step after the other, for those who want to
// look in between. next_loss: of a new batch.
class Trainer {
public:
    Trainer(const Parameters& parameters, const Training& training, std::function<Tensor()> next_loss);

    bool is_done() const { return step_ == training_.steps; }
    double step();    // returns the loss before it

private:
    Parameters parameters_;
    Training training_;
    std::function<Tensor()> next_loss_;
    AdamW optimizer_;
    Index step_ = 0;
};

// All steps.
void train(const Parameters& parameters, const Training& training, const std::function<Tensor()>& next_loss);

// One step of the optimizer. Returns the loss before it.
double train_step(Optimizer& optimizer, double learning_rate, const Parameters& parameters, const Tensor& loss);

}    // namespace ordinal::demos
