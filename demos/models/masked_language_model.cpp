#include "demos/models/masked_language_model.h"

#include <algorithm>

#include <ordinal/nn/optimizer.h>
#include "demos/models/parameter_groups.h"

namespace ordinal::demos {

// Small token vectors (0.1), so that they do not drown the positions. No dropout: the runs are short.
Transformer masked_language_model(Index vocab_size, TransformerOptions options,
                                  const std::shared_ptr<const Encoding>& encoding, Rng& rng) {
    options.input_norm = true;
    return Transformer({.vocab_size = vocab_size, .token_std = 0.1, .head = Head::masked_lm, .encoder = options}, rng,
                       encoding);
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
    std::vector<Index> tokens;
    for (const Index target : batch.targets.values)
        if (target != MaskedBatch::ignore_index) tokens.push_back(target);
    const auto N = static_cast<Index>(tokens.size());
    return {{N}, std::move(tokens)};
}

void train(const Transformer& model, const std::function<MaskedBatch(Rng&)>& next_batch, const MlmTraining& training,
           Rng& rng) {
    const Parameters parameters = model.parameters();
    AdamW optimizer(parameter_groups(parameters), training.weight_decay, {.beta2 = 0.98});
    const Index warmup = std::min<Index>(50, training.steps);
    for (Index step = 0; step < training.steps; ++step) {
        const MaskedBatch batch = next_batch(rng);
        const Tensor loss = cross_entropy(masked_logits(model, batch, Mode::training(rng)), masked_targets(batch));
        optimizer.clear_gradients();
        loss.backward();
        clip_gradients(parameters, 1.0);
        optimizer.step(warmup_cosine(step, training.steps, training.peak_learning_rate, warmup));
        if (training.on_step) training.on_step(static_cast<double>(loss.item()));
    }
}

}    // namespace ordinal::demos
