// The whole loop of training: forward, clear, backward, step. Data: y = 2 x + 1.
#include <iostream>
#include <ordinal/nn/linear.h>
#include <ordinal/nn/loss.h>
#include <ordinal/nn/optimizer.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    const Linear line(1, 1, rng);
    const Tensor x(NdArray({4, 1}, {-1, 0, 1, 2})), y(NdArray({4, 1}, {-1, 1, 3, 5}));
    Sgd optimizer(line.parameters());    // or Adam, AdamW
    for (int step = 0; step < 500; ++step) {
        const Tensor loss = mse_loss(line.forward(x), y);
        optimizer.clear_gradients();
        loss.backward();
        optimizer.step(0.1);
    }
    std::cout << "weight " << line.weight() << ", bias " << line.bias() << "\n";
}
