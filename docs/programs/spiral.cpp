// A network learns on which of three arms of a spiral a point lies: data, loop, loss, checkpoint, result.
#include <cmath>
#include <filesystem>
#include <iostream>

#include <ordinal/nn.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    std::vector<Scalar> coordinates;
    std::vector<Index> arms;
    for (int arm = 0; arm < 3; ++arm)
        for (int i = 0; i < 100; ++i) {
            const double radius = i / 100.0, angle = 4 * (arm + radius) + 0.2 * rng.normal();
            coordinates.insert(coordinates.end(), {Scalar(radius * std::sin(angle)), Scalar(radius * std::cos(angle))});
            arms.push_back(arm);
        }
    const Tensor points(NdArray({300, 2}, coordinates));
    const IndexArray labels({300}, arms);

    const Sequential net{Linear(2, 64, rng), relu, Linear(64, 3, rng)};
    Adam optimizer(net);
    std::cout.precision(2);
    for (int step = 0; step < 500; ++step) {
        const Tensor loss = cross_entropy(net.forward(points), labels);
        optimizer.clear_gradients();
        loss.backward();
        optimizer.step(0.02);
        if (step % 100 == 0) std::cout << "step " << step << ": loss " << loss.item() << "\n";
    }
    const std::string file = std::filesystem::temp_directory_path() / "spiral.safetensors";
    save_checkpoint(file, net, optimizer, rng, 500);

    const Sequential again{Linear(2, 64, rng), relu, Linear(64, 3, rng)};    // a new network, not yet trained
    load_parameters(file, again, {.prefix = "model."});
    std::cout << 100 * accuracy(again.forward(points).values(), labels) << " % of the points are on the right arm\n";
}
