// A diamond: h is used by a and by b. In which order does backward() come by, and is each gradient complete by then?
#include <iostream>

#include <ordinal/core/ops.h>

using namespace ordinal;

// y = x. An operation of our own, which tells what has arrived when its turn comes on the way back.
Tensor watched(const std::string& name, const Tensor& x) {
    return Tensor::from_op("watched", x.values(), {x}, [name, x](const NdArray& dY) {
        std::cout << "d L / d " << name << " = " << dY << "\n";
        x.accumulate_grad(dY);
    });
}

int main() {
    const Tensor w = Tensor::parameter(1);
    const Tensor h = watched("h", 2 * w);
    const Tensor a = watched("a", h * h), b = watched("b", 3 * h);
    const Tensor L = watched("L", a * b);
    std::cout << "h = " << h << ", a = " << a << ", b = " << b << ", L = " << L << "\n";
    L.backward();
    std::cout << "d L / d w = " << w.grad() << "\n";
}
