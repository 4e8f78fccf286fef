// A program outside Ordinal's tree: it sees the headers of each layer and links.
#include <iostream>

#include <ordinal/core/ops.h>
#include <ordinal/nn/linear.h>

int main() {
    using namespace ordinal;
    const Tensor w = Tensor::parameter(NdArray({2}, {1, 2}));
    sum(w * w).backward();
    std::cout << "gradient " << w.grad() << '\n';

    Rng rng(1);
    const Linear layer(2, 3, rng);
    std::cout << "output " << layer.forward(w).shape() << '\n';
}
