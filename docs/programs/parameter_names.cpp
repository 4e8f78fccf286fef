// What a module learns, by name and shape: the names are those of a checkpoint.
#include <iostream>

#include <ordinal/nn/transformer.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    const TransformerEncoderLayer layer({.d_model = 8, .num_heads = 2, .d_ff = 16}, rng);
    for (const auto& [name, tensor] : layer.parameters()) std::cout << name << " " << tensor.shape() << "\n";
}
