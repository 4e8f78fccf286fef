#include "demos/experiments/sequences/sequence_model.h"

#include <algorithm>

#include <ordinal/nn/loss.h>
#include "demos/experiments/parameter_groups.h"

namespace ordinal {
namespace {

constexpr TransformerOptions one_layer{.d_model = sequence_request.d_model,
                                       .num_heads = sequence_request.num_heads,
                                       .d_ff = 2 * sequence_request.d_model,
                                       .num_layers = 1,
                                       .norm = NormPlacement::pre};

}    // namespace

// Small token vectors (0.1), so that they do not drown the positions.
SequenceModel::SequenceModel(std::shared_ptr<const Encoding> encoding, Rng& rng)
    : encoding_(encoding),
      tokens_(sequence_vocabulary, one_layer.d_model, rng, 0.1),
      norm_(one_layer.d_model),
      encoder_(one_layer, rng, encoding),
      head_(one_layer.d_model, sequence_vocabulary, rng) {}

Tensor SequenceModel::logits(const IndexArray& inputs, const Mode& mode, Index start) const {
    const Positions positions = encoding_->assign(Positions::arange(inputs.shape[1], start), mode);
    const Tensor x = norm_.forward(encoding_->apply_to_input(tokens_.forward(inputs), positions, mode));
    const NdArray mask = encoding_->traits().causal_only ? causal_mask(inputs.shape[1]) : NdArray();
    return head_.forward(encoder_.forward(x, positions, mask, mode));
}

Parameters SequenceModel::parameters() const {
    Parameters all;
    append(all, "encoding", *encoding_);
    append(all, "tokens", tokens_);
    append(all, "norm", norm_);
    append(all, "encoder", encoder_);
    append(all, "head", head_);
    return all;
}

double train_step(const SequenceModel& model, Optimizer& optimizer, double learning_rate, const SequenceBatch& batch,
                  const Parameters& parameters, Rng& rng) {
    const Tensor loss = cross_entropy(model.logits(batch.inputs, Mode::training(rng)), batch.targets);
    optimizer.clear_gradients();
    loss.backward();
    clip_gradients(parameters, 1.0);
    optimizer.step(learning_rate);
    return static_cast<double>(loss.item());
}

void train(const SequenceModel& model, const SequenceTask& task, const SequenceTraining& training, Rng& rng) {
    constexpr Index batch_size = 32;
    const Parameters parameters = model.parameters();
    Adam optimizer(parameter_groups(parameters), {.beta2 = 0.98});
    const Index warmup = std::min<Index>(50, training.steps);
    for (Index step = 0; step < training.steps; ++step) {
        const Index any = shortest_sequence + rng.below(trained_sequence - shortest_sequence + 1);
        const Index length = rng.chance(0.5) ? trained_sequence : any;
        const double rate = warmup_cosine(step, training.steps, training.peak_learning_rate, warmup);
        const double loss = train_step(model, optimizer, rate, task.draw(batch_size, length, rng), parameters, rng);
        if (training.on_step) training.on_step(loss);
    }
}

Question about_unseen(Index length) { return {.length = length, .first = length > trained_sequence ? length / 2 : 0}; }

double accuracy(const SequenceModel& model, const SequenceTask& task, const Question& question) {
    NoGrad guard;
    constexpr Index tokens = 2048;
    Rng rng(999);    // the same sequences for every model
    SequenceBatch batch = task.draw(std::max<Index>(8, tokens / question.length), question.length, rng);
    for (Index i = 0; i < batch.targets.size(); ++i)
        if (i % question.length < question.first) batch.targets.values[static_cast<std::size_t>(i)] = -1;
    const Tensor logits = model.logits(batch.inputs, Mode::evaluation(), question.start);
    return accuracy(logits.values(), batch.targets);
}

}    // namespace ordinal
