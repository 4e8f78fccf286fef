// W1 and W2: a BERT small enough for a processor, trained on random tokens.
#pragma once

#include <ordinal/nn/embedding.h>
#include <ordinal/nn/layer_norm.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/nn/transformer.h>
#include <ordinal/positional/learned_table.h>

namespace ordinal::bench {

// x = LN(token[ids] + position[0 .. T - 1]);  4 post-LN encoder layers;  logits = W x + b, W not shared with the table
class BertMini : public Module {
public:
    static constexpr Index vocab_size = 2600, d_model = 256, max_len = 128;

    explicit BertMini(Rng& rng)
        : tokens_(vocab_size, d_model, rng),
          positions_(max_len, d_model, rng),
          norm_(d_model),
          encoder_({.d_model = d_model, .num_heads = 4, .d_ff = 1024, .num_layers = 4}, rng),
          decoder_(d_model, vocab_size, rng) {
        for (const auto& [name, tensor] : parameters()) {
            if (name.find("norm") != std::string::npos) continue;                          // 1 and 0
            const double deviation = name.find("bias") != std::string::npos ? 0 : 0.02;    // as BERT starts
            tensor.set_values(random_normal(tensor.shape(), deviation, rng));
        }
    }

    // ids: [B, T] -> logits [B, T, V]
    Tensor forward(const IndexArray& ids) const {
        const Positions k = Positions::arange(ids.shape[1]);
        const Tensor x = norm_.forward(positions_.apply_to_input(tokens_.forward(ids), k, Mode::evaluation()));
        return decoder_.forward(encoder_.forward(x, k, {}, Mode::evaluation()));    // there is no dropout
    }

    Parameters parameters() const override {
        Parameters all;
        append(all, "tokens", tokens_);
        append(all, "positions", positions_);
        append(all, "norm", norm_);
        append(all, "encoder", encoder_);
        append(all, "decoder", decoder_);
        return all;
    }

private:
    Embedding tokens_;
    LearnedTable positions_;
    LayerNorm norm_;
    TransformerEncoder encoder_;
    Linear decoder_;
};

// The same 16 sequences of 128 tokens and their targets in every step.
struct BertMiniTraining {
    static constexpr Index batch = 16;

    Rng rng{0};
    BertMini model{rng};
    IndexArray ids = random_tokens(), targets = random_tokens();
    AdamW optimizer{model.parameters(), 0.01};

    Tensor loss() const { return cross_entropy(model.forward(ids), targets); }
    void step() {
        optimizer.clear_gradients();
        loss().backward();
        optimizer.step(1e-4);
    }

private:
    IndexArray random_tokens() {
        std::vector<Index> tokens;
        for (Index i = 0; i < batch * BertMini::max_len; ++i) tokens.push_back(rng.below(BertMini::vocab_size));
        return {{batch, BertMini::max_len}, tokens};
    }
};

}    // namespace ordinal::bench
