// Numbers on either side of an operator, parts, and a cut: what each of them does to the gradient.
#include <iostream>

#include <ordinal/core.h>

int main() {
    using namespace ordinal;
    const Tensor x = Tensor::parameter({1, 2, 4});
    const auto show = [&](const char* what, const Tensor& y) {
        x.clear_grad();
        sum(y).backward();
        std::cout << what << "  " << y << "  gradient " << x.grad() << "\n";
    };
    show("1 - x          ", 1 - x);
    show("1 / x          ", 1 / x);
    show("x[-1] * x[0]   ", x[-1] * x[0]);
    show("x[Slice{1}]    ", x[Slice{1}]);
    show("clamp(x, 0, 2) ", clamp(x, 0, 2));
    show("where          ", where(x > 1, x * x, 0));
    show("x * x.detach() ", x * x.detach());
    try {
        Tensor y = x;
        y += 1;
    } catch (const GraphError& error) {
        std::cout << error.what() << "\n";
    }
}
