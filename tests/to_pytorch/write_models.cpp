// Models, and what they compute: compare.py holds PyTorch against it.     write_models FOLDER
#include <ordinal/nn/files/checkpoint.h>
#include <ordinal/nn/model.h>
#include <ordinal/positional/registry.h>

using namespace ordinal;

namespace {

// Where all of them begin, LayerNorm as well, nothing would show a matrix in the place of another.
void randomize(const Module& module, Rng& rng) {
    for (const auto& [name, tensor] : module.parameters())
        tensor.set_values(random_normal(tensor.shape(), 0.5, rng) + (name.ends_with("norm.weight") ? 1 : 0));
}

void save_output(const std::string& path, const IndexArray& ids, const NdArray& padding, const IndexArray& segments,
                 const Tensor& output) {
    save_safetensors(path, {{"padding", padding}, {"output", output.values()}}, {},
                     {{"ids", ids}, {"segments", segments}});
}

}    // namespace

int main(int, char** arguments) {
    const std::string folder = std::string(arguments[1]) + "/";
    Rng rng(1);
    const Mode evaluation = Mode::evaluation();
    const IndexArray ids{{1, 5, 3, 2, 8}, {6, 6, 0, 9, 4}}, segments{{0, 0, 1, 1, 1}, {0, 1, 1, 0, 0}};
    const NdArray padding{{0, 0, 0, 0, 0}, {0, 0, 0, 1, 1}}, none = zeros({2, 5});
    const TransformerOptions layers{.d_model = 12, .num_heads = 3, .d_ff = 20};

    TransformerOptions bert_layers = layers;
    bert_layers.layer_norm_eps = 1e-12;
    bert_layers.input_norm = true;
    const Transformer bert({.vocab_size = 10, .num_segments = 2, .head = Head::masked_lm, .encoder = bert_layers}, rng,
                           make_encoding("table", {.d_model = 12, .max_length = 7}, rng));
    randomize(bert, rng);
    save_parameters(folder + "bert.safetensors", bert);
    save_output(folder + "bert_output.safetensors", ids, padding, segments,
                bert.forward(ids, evaluation, {.padding = padding}, segments));

    TransformerOptions gpt_layers = layers;
    gpt_layers.norm = NormPlacement::pre;
    gpt_layers.causal = true;
    const Transformer gpt({.vocab_size = 10, .encoder = gpt_layers}, rng,
                          make_encoding("table", {.d_model = 12, .max_length = 7}, rng));
    randomize(gpt, rng);
    AdamW optimizer(gpt);
    cross_entropy(gpt.forward(ids, evaluation), ids).backward();
    optimizer.step(1e-3);
    save_checkpoint(folder + "gpt.safetensors", gpt, optimizer, rng, 1);
    save_output(folder + "gpt_output.safetensors", ids, none, segments, gpt.forward(ids, evaluation));

    const auto rnn = make_encoding("rnn(init=orthogonal)", {.d_model = 12}, rng);
    const Transformer headless({.vocab_size = 10, .head = Head::none, .encoder = layers}, rng, rnn);
    randomize(headless, rng);
    save_parameters(folder + "rnn.safetensors", headless);
    save_safetensors(folder + "rnn_codes.safetensors", {{"codes", rnn->vectors(Positions::arange(5)).values()}});
    save_output(folder + "rnn_output.safetensors", ids, none, segments, headless.forward(ids, evaluation));

    // Every scheme, and what is made of several: added to the input once, or of another kind?
    std::vector<std::string> schemes{"rnn + t5", "by_layer(t5, none)", "by_layer(table, none)", "rope(ssmax=32)"};
    for (const NamedEncoding& known : builtin_encodings()) schemes.push_back(known.name);
    for (const std::string& name : schemes) {
        const auto scheme = make_encoding(name, {.d_model = 12, .max_length = 7, .num_heads = 3}, rng);
        const bool added = scheme->is_additive() && scheme->of_layers().empty() &&
                           !includes(scheme->acts_at(), Place::queries_and_keys | Place::scores);
        save_parameters(folder + (added ? "added " : "other ") + name + ".safetensors",
                        Transformer({.vocab_size = 10, .encoder = layers}, rng, scheme));
    }
}
