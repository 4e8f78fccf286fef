// Five sentences instead of five crashes.
#include <iostream>

#include <ordinal/nn/transformer.h>
#include <ordinal/positional/registry.h>

int main() {
    using namespace ordinal;
    const auto tell = [](auto mistake) {
        try {
            mistake();
        } catch (const Error& error) {
            std::cout << error.what() << "\n";
        }
    };
    Rng rng(1);
    const Linear layer(4, 2, rng);
    const MultiHeadAttention attention(8, 2, rng);
    const Tensor x(zeros({1, 3, 8}));
    tell([&] { layer.forward(x); });
    tell([&] { MultiHeadAttention(8, 3, rng); });
    tell([&] { attention.forward(x, Mode::evaluation(), {.positions = Positions::arange(4)}); });
    tell([&] { MultiHeadAttention(8, 2, rng, 0, make_encoding("table", {.d_model = 8}, rng)); });
    tell([&] { cross_entropy(Tensor(zeros({2, 5})), IndexArray({2}, {-1, -1})); });
}
