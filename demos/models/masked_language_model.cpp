#include "demos/models/masked_language_model.h"

namespace ordinal::demos {

// Small token vectors (0.1), so that they do not drown the positions. No dropout: the runs are short.
Transformer untrained_bert(const TinyBert& bert, const std::shared_ptr<const Encoding>& encoding, Rng& rng,
                           bool causal) {
    return Transformer({.vocab_size = bert.vocab_size,
                        .token_std = 0.1,
                        .head = Head::masked_lm,
                        .encoder = {.d_model = bert.width,
                                    .num_heads = bert_heads,
                                    .d_ff = 2 * bert.width,
                                    .num_layers = bert.layers,
                                    .norm = NormPlacement::pre,
                                    .causal = causal,
                                    .input_norm = true}},
                       rng, encoding);
}

Transformer trained_bert(const TinyBert& bert, const std::shared_ptr<const Encoding>& encoding,
                         const Training& training, Rng& rng) {
    const Transformer model = untrained_bert(bert, encoding, rng);
    train(model.parameters(), training, [&] {
        const MaskedBatch batch = bert.next_batch(rng);
        return cross_entropy(masked_logits(model, batch, Mode::training(rng)), masked_targets(batch));
    });
    return model;
}

Tensor masked_logits(const Transformer& model, const MaskedBatch& batch, const Mode& mode) {
    const Tensor h = model.hidden(batch.inputs, mode);
    std::vector<Index> places;
    for (Index i = 0; i < batch.targets.size(); ++i)
        if (batch.targets[i] != MaskedBatch::ignore_index) places.push_back(i);
    const auto N = static_cast<Index>(places.size());
    return model.head(gather_rows(reshape(h, {-1, h.dim(-1)}), IndexArray({N}, places)));    // [N, D] -> [N, V]
}

IndexArray masked_targets(const MaskedBatch& batch) {
    std::vector<Index> tokens = batch.targets.values;
    std::erase(tokens, MaskedBatch::ignore_index);
    return {{std::ssize(tokens)}, tokens};
}

}    // namespace ordinal::demos
