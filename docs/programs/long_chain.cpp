// A million operations in a row: differentiated and freed without recursion.
#include <iostream>

#include <ordinal/core/ops.h>

int main() {
    using namespace ordinal;
    const Tensor start = Tensor::parameter(NdArray({}, 1));
    Tensor x = start;
    for (int i = 0; i < 1000000; ++i) x = x + 1;
    std::cout << "nodes alive: " << Node::live_count() << "\n";
    x.backward();
    std::cout << "d x / d start = " << start.grad() << ", nodes alive: " << Node::live_count() << "\n";
}
