// A small GPT: what it computed on its way, by name, and what the first head looks at.
#include <iostream>

#include <ordinal/nn.h>
#include <ordinal/positional.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    const TransformerOptions layers{.d_model = 8, .num_heads = 2, .d_ff = 16, .num_layers = 1, .causal = true};
    const auto table = make_encoding("table", {.d_model = 8, .max_length = 16}, rng);
    const Transformer model({.vocab_size = 10, .token_std = 1, .encoder = layers}, rng, table);
    for (const auto& [name, tensor] : model.parameters())
        if (name.find("position") != std::string::npos)
            std::cout << "learned: " << name << " " << tensor.shape() << "\n";

    Activations seen;
    model.forward(IndexArray({1, 3}, {4, 2, 4}), Mode::evaluation(), {.watch = {&seen}});
    for (const std::string& name : seen.names()) std::cout << name << " " << seen[name].shape() << "\n";
    std::cout << "head 0 of sequence 0:\n" << seen["encoder.layers.0.self_attn.weights"][0][0] << "\n";
}
