#include <iostream>
#include <ordinal/positional/registry.h>
using namespace ordinal;

int main() {
    Rng rng(1);
    const Tensor x(NdArray({1, 3, 2}, 1));    // three tokens, all alike: [batch, time, width]
    for (const char* name : {"table", "rnn(init=rotation)"}) try {
            const auto encoding = make_encoding(name, {.d_model = 2}, rng);
            const Tensor y = encoding->apply_to_input(x, Positions::arange(3), Mode::evaluation());
            sum(y * y).backward();
            std::cout << name << " at positions 0, 1, 2:\n" << y << "\n";
            std::cout << "its gradient:\n"
                      << encoding->parameters()[0].tensor.grad() << "\nat positions 510, 511, 512:\n";
            std::cout << encoding->apply_to_input(x, Positions::arange(3, 510), Mode::evaluation()) << "\n";
        } catch (const PositionOutOfRange& error) {
            std::cout << error.what() << "\n\n";
        }
}
