#include "demos/experiments/poems/masked_language_model.h"

#include <algorithm>

#include <ordinal/nn/optimizer.h>
#include "demos/experiments/parameter_groups.h"

namespace ordinal {

// Small token vectors (0.1), so that they do not drown the positions. No dropout: the runs are short.
static BertEmbeddingOptions embedding_options(Index vocab_size, Index d_model) {
    return {.vocab_size = vocab_size,
            .num_segments = 1,
            .d_model = d_model,
            .standard_deviation = 0.1,
            .truncated = false,
            .dropout = 0};
}

MaskedLanguageModel::MaskedLanguageModel(Index vocab_size, const TransformerOptions& options,
                                         std::shared_ptr<const Encoding> encoding, Rng& rng)
    : encoding_(encoding),
      embeddings_(embedding_options(vocab_size, options.d_model), encoding, rng),
      encoder_(options, rng, encoding),
      transform_(options.d_model, options.d_model, rng),
      transform_norm_(options.d_model),
      bias_(constant_parameter({vocab_size}, 0)) {}

Tensor MaskedLanguageModel::logits(const MaskedBatch& batch, const Mode& mode) const {
    const Positions positions = encoding_->assign(Positions::arange(batch.inputs.shape[1]), mode);
    const Tensor h = encoder_.forward(embeddings_.forward(batch.inputs, positions, mode), positions, NdArray(), mode);
    std::vector<Index> asked;
    for (Index i = 0; i < batch.targets.size(); ++i)
        if (batch.targets[i] != MaskedBatch::ignore_index) asked.push_back(i);
    const auto count = static_cast<Index>(asked.size());
    const Tensor rows = gather_rows(reshape(h, {-1, h.dim(-1)}), IndexArray({count}, asked));    // [B, T, D] -> [N, D]
    const Tensor guess = transform_norm_.forward(gelu(transform_.forward(rows)));
    return matmul(guess, transpose(embeddings_.word_table())) + bias_;    // [N, D] -> [N, V]
}

Parameters MaskedLanguageModel::parameters() const {
    Parameters all;
    append(all, "embeddings", embeddings_);
    append(all, "encoder", encoder_);
    append(all, "transform", transform_);
    append(all, "transform_norm", transform_norm_);
    all.push_back({"bias", bias_});
    return all;
}

IndexArray asked_targets(const MaskedBatch& batch) {
    std::vector<Index> asked;
    for (Index target : batch.targets.values)
        if (target != MaskedBatch::ignore_index) asked.push_back(target);
    const auto count = static_cast<Index>(asked.size());
    return {{count}, std::move(asked)};
}

void train(const MaskedLanguageModel& model, const std::function<MaskedBatch(Rng&)>& next_batch,
           const MlmTraining& training, Rng& rng) {
    const Parameters parameters = model.parameters();
    AdamW optimizer(parameter_groups(parameters), training.weight_decay, {.beta2 = 0.98});
    const Index warmup = std::min<Index>(50, training.steps);
    for (Index step = 0; step < training.steps; ++step) {
        const MaskedBatch batch = next_batch(rng);
        const Tensor loss = cross_entropy(model.logits(batch, Mode::training(rng)), asked_targets(batch));
        optimizer.clear_gradients();
        loss.backward();
        clip_gradients(parameters, 1.0);
        optimizer.step(warmup_cosine(step, training.steps, training.peak_learning_rate, warmup));
        if (training.on_step) training.on_step(step + 1, static_cast<double>(loss.item()));
    }
}

}    // namespace ordinal
