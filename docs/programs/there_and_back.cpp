// A model goes to PyTorch and comes back: run this, then there_and_back.py in the same folder, then this once more.
#include <filesystem>
#include <iostream>

#include <ordinal/nn.h>
#include <ordinal/positional.h>

using namespace ordinal;

int main() {
    Rng rng(1);
    const TransformerOptions layers{.d_model = 16, .num_heads = 4, .d_ff = 32, .causal = true};
    const auto scheme = make_encoding("sinusoidal", {.d_model = 16}, rng);
    const Transformer model({.vocab_size = 10, .encoder = layers}, rng, scheme);
    const IndexArray ids{{3, 1, 4, 1, 5}};
    const auto logits = [&] { return model.forward(ids, Mode::evaluation()).values(); };

    if (!std::filesystem::exists("from_pytorch.safetensors")) {
        const NdArray codes = scheme->vectors(Positions::arange(ids.size())).values();
        save_parameters("model.safetensors", model);
        save_safetensors("example.safetensors", {{"codes", codes}, {"logits", logits()}}, {}, {{"ids", ids}});
    } else {
        load_parameters("from_pytorch.safetensors", model, {.prefix = "model."});
        const NdArray known = SafetensorsFile("from_pytorch.safetensors").read("logits");
        std::cout << "back again the largest difference is " << max_abs_difference(logits(), known) << "\n";
    }
}
