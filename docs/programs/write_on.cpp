// A small causal Transformer learns a text character by character, and then writes on.
//     write_on [FILE]          any text in UTF-8; without one, a nursery rhyme
#include <filesystem>
#include <iostream>

#include <ordinal/nn.h>
#include <ordinal/positional.h>

int main(int argc, char** argv) {
    using namespace ordinal;
    const std::string text = read_file(argc > 1 ? argv[1] : "docs/programs/jack.txt");
    const CharacterVocabulary characters(text);
    const auto [training, validation] = split_text(characters.encode(text));

    Rng rng(1);
    const auto scheme = make_encoding("alibi", {.d_model = 32, .num_heads = 2}, rng);
    const Transformer model(
        {.vocab_size = characters.size(),
         .encoder =
             {.d_model = 32, .num_heads = 2, .d_ff = 64, .num_layers = 2, .norm = NormPlacement::pre, .causal = true}},
        rng, scheme);
    AdamW optimizer(model);
    std::cout << std::fixed;
    std::cout.precision(1);
    const auto loss_on = [&](const TextBatch& batch, const Mode& mode) {
        return cross_entropy(model.forward(batch.inputs, mode), batch.targets);
    };
    for (Index step = 0; step < 300; ++step) {
        const Tensor loss = loss_on(random_batch(training, 16, 64, rng), Mode::training(rng));
        optimizer.clear_gradients();
        loss.backward();
        clip_gradients(model, 1);
        optimizer.step(warmup_cosine(step, 300, 1e-2));
        if (step % 75 == 0) std::cout << "step " << step << ": loss " << loss.item() << "\n";
    }
    const TextBatch unseen = random_batch(validation, 16, 64, rng);
    std::cout << "loss on what it has not seen: " << loss_on(unseen, Mode::evaluation()).item() << "\n";

    const std::string file = std::filesystem::temp_directory_path() / "write_on.safetensors";
    save_checkpoint(file, model, optimizer, rng, 300);    // so that training could go on

    const std::string beginning = "This is the ";
    const IndexArray more = generate(model, characters.encode(beginning), 150, {.temperature = 0.3, .top_k = 5}, rng);
    std::cout << beginning << characters.decode(more) << "\n";
}
