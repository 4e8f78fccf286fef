// Steps of an optimizer, whose code stands in a header, printed to the last bit.
#include <iostream>

#include <ordinal/nn.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    const Tensor w = Tensor::parameter(random_normal({50}, 1, rng));
    Adam adam({{"w", w}});
    for (int step = 0; step < 10; ++step) {
        adam.clear_gradients();
        sum(w * w * w).backward();
        adam.step(0.01);
    }
    std::cout << std::hexfloat;
    for (const Scalar x : w.values().to_vector()) std::cout << x << '\n';
}
