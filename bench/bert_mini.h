// W1 and W2: a BERT small enough for a processor, trained on random tokens.
#pragma once

#include <ordinal/nn/model.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/tables/learned_table.h>

namespace ordinal::bench {

constexpr Index bert_mini_tokens = 2600, bert_mini_length = 128;

// x = LN(token[ids] + position[0 .. T - 1]);  4 post-LN encoder layers;  logits = W x + b, W not shared with the table
inline Transformer bert_mini(Rng& rng) {
    constexpr Index d_model = 256;
    Transformer model(
        {.vocab_size = bert_mini_tokens,
         .encoder = {.d_model = d_model, .num_heads = 4, .d_ff = 1024, .num_layers = 4, .input_norm = true}},
        rng, std::make_shared<LearnedTable>(bert_mini_length, d_model, rng));
    for (const auto& [name, tensor] : model.parameters()) {
        if (name.find("norm") != std::string::npos) continue;                          // 1 and 0
        const double deviation = name.find("bias") != std::string::npos ? 0 : 0.02;    // as BERT starts
        tensor.set_values(random_normal(tensor.shape(), deviation, rng));
    }
    return model;
}

// The same 16 sequences of 128 tokens and their targets in every step.
struct BertMiniTraining {
    static constexpr Index batch = 16;

    Rng rng{0};
    Transformer model = bert_mini(rng);
    IndexArray ids = random_tokens(), targets = random_tokens();
    AdamW optimizer{model.parameters(), 0.01};

    Tensor loss() const { return cross_entropy(model.forward(ids, Mode::evaluation()), targets); }
    void step() {
        optimizer.clear_gradients();
        loss().backward();
        optimizer.step(1e-4);
    }

private:
    IndexArray random_tokens() {
        std::vector<Index> tokens;
        for (Index i = 0; i < batch * bert_mini_length; ++i) tokens.push_back(rng.below(bert_mini_tokens));
        return {{batch, bert_mini_length}, tokens};
    }
};

}    // namespace ordinal::bench
