// W1 and W2: a BERT small enough for a processor, trained on random tokens; or, causal, one that writes.
#pragma once

#include <ordinal/nn/model.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/tables/learned_table.h>

namespace ordinal::bench {

constexpr Index bert_mini_tokens = 2600, bert_mini_length = 128;

// x = LN(token[ids] + position[0 .. T - 1]);  4 post-LN encoder layers;  logits = W x + b, W not shared with the table
inline Transformer bert_mini(Rng& rng, bool causal = false) {
    constexpr Index d_model = 256;
    Transformer model(
        {.vocab_size = bert_mini_tokens,
         .encoder =
             {.d_model = d_model, .num_heads = 4, .d_ff = 1024, .num_layers = 4, .causal = causal, .input_norm = true}},
        rng, std::make_shared<LearnedTable>(bert_mini_length, d_model, rng));
    for (const auto& [name, tensor] : model.parameters()) {
        if (name.find("norm") != std::string::npos) continue;                          // 1 and 0
        const double deviation = name.find("bias") != std::string::npos ? 0 : 0.02;    // as BERT starts
        tensor.set_values(random_normal(tensor.shape(), deviation, rng));
    }
    return model;
}

// [texts, length], each below `vocabulary`
inline IndexArray random_tokens(Index texts, Index length, Index vocabulary, Rng& rng) {
    std::vector<Index> tokens;
    for (Index i = 0; i < texts * length; ++i) tokens.push_back(rng.below(vocabulary));
    return {{texts, length}, tokens};
}

// The same 16 sequences of 128 tokens and their targets in every step.
struct BertMiniTraining {
    Rng rng{0};
    Transformer model = bert_mini(rng);
    IndexArray ids = random_tokens(16, bert_mini_length, bert_mini_tokens, rng);
    IndexArray targets = random_tokens(16, bert_mini_length, bert_mini_tokens, rng);
    AdamW optimizer{model.parameters(), 0.01};

    Tensor loss() const { return cross_entropy(model.forward(ids, Mode::evaluation()), targets); }
    void step() {
        optimizer.clear_gradients();
        loss().backward();
        optimizer.step(1e-4);
    }
};

}    // namespace ordinal::bench
