// A number that is used twice gets two gradients: d c / d a = 4, not 2 and not 1.
#include <iostream>

#include <ordinal/core/ops.h>

int main() {
    using namespace ordinal;
    const Tensor a = Tensor::parameter(NdArray({}, 3));
    const Tensor b = a + a;
    const Tensor c = b + b;
    c.backward();
    std::cout << "c = " << c << ", d c / d a = " << a.grad() << "\n";
    try {
        c.backward();
    } catch (const GraphError& error) {
        std::cout << error.what() << "\n";
    }
}
