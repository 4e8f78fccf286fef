#include "demos/models/sequence_model.h"

#include <algorithm>
#include <limits>

#include <ordinal/nn/loss.h>
#include <ordinal/positional/combined/segmented.h>

namespace ordinal::demos {

EncodingRequest Setup::request() const {
    EncodingRequest request = sequence_request;
    request.max_length = 8 * trained_length;
    return request;
}

// Small token vectors (0.1), so that they do not drown the positions.
Transformer sequence_model(const std::shared_ptr<const Encoding>& encoding, Rng& rng, Index layers) {
    const Index width = sequence_request.d_model;
    return Transformer({.vocab_size = sequence_vocabulary,
                        .token_std = 0.1,
                        .encoder = {.d_model = width,
                                    .num_heads = sequence_request.num_heads,
                                    .d_ff = 2 * width,
                                    .num_layers = std::max<Index>(layers, std::ssize(encoding->of_layers())),
                                    .norm = NormPlacement::pre,
                                    .causal = encoding->traits().causal_only,
                                    .input_norm = true}},
                       rng, encoding);
}

// Encodings that count in segments (positional/combined/segmented.h) count from marker to marker.
static Positions positions_of(const IndexArray& inputs, Index start = 0) {
    return Positions::arange(inputs.shape[1], start).with_segments(segments_of(inputs, {marker_token}));
}

const Encoding& encoding_of(const Transformer& model) {
    return dynamic_cast<const Encoding&>(*model.encoder().position());
}

Tensor loss_on(const Transformer& model, const SequenceBatch& batch, Rng& rng) {
    const Tensor logits = model.forward(batch.inputs, Mode::training(rng), {.positions = positions_of(batch.inputs)});
    return cross_entropy(logits, batch.targets);
}

SequenceBatch training_batch(const SequenceTask& task, Index longest, Rng& rng) {
    constexpr Index batch_size = 32;
    const Index any = shortest_sequence + rng.below(longest - shortest_sequence + 1);
    const Index length = rng.chance(0.5) ? longest : any;
    return task.draw(batch_size, length, rng);
}

// Noise blurs the gradient: this one learns better in larger steps. Its quiet twin takes the same ones, so that beside
// each other the two differ in the noise alone.
double peak_learning_rate(const std::string& encoding) {
    return encoding == closed_form || encoding == quiet_closed_form ? 6e-3 : 3e-3;
}

SequenceTraining sequence_training(const SequenceTask& task, const std::string& encoding, std::uint64_t seed,
                                   Index steps, const std::function<void(double loss)>& on_step, const Setup& setup) {
    Rng rng(seed);
    const Transformer model = sequence_model(make_encoding(encoding, setup.request(), rng), rng, setup.layers);
    const double peak = setup.learning_rate > 0 ? setup.learning_rate : peak_learning_rate(encoding);
    const auto next_loss = [=, longest = setup.trained_length]() mutable {
        return loss_on(model, training_batch(task, longest, rng), rng);
    };
    return {model, Trainer(model.parameters(), {steps, peak, 0, on_step}, next_loss)};
}

Transformer trained_model(const SequenceTask& task, const std::string& encoding, std::uint64_t seed, Index steps,
                          const std::function<void(double loss)>& on_step, const Setup& setup) {
    SequenceTraining training = sequence_training(task, encoding, seed, steps, on_step, setup);
    while (!training.trainer.is_done()) training.trainer.step();
    return training.model;
}

Question about_unseen(Index length, Index trained_length) {
    return {.length = length, .first = length > trained_length ? length / 2 : 0};
}

double accuracy(const Transformer& model, const SequenceTask& task, const Question& question) {
    const Index positions_needed = question.start + question.length;
    if (encoding_of(model).traits().max_length.value_or(positions_needed) < positions_needed)
        return std::numeric_limits<double>::quiet_NaN();
    NoGrad guard;
    constexpr Index tokens = 2048;
    Rng rng(999);    // the same sequences for every model
    SequenceBatch batch = task.draw(std::max<Index>(8, tokens / question.length), question.length, rng);
    for (Index i = 0; i < batch.targets.size(); ++i)
        if (i % question.length < question.first) batch.targets.values[static_cast<std::size_t>(i)] = -1;
    const Positions positions = positions_of(batch.inputs, question.start);
    const Tensor logits = model.forward(batch.inputs, Mode::evaluation(), {.positions = positions});
    return accuracy(logits.values(), batch.targets);
}

}    // namespace ordinal::demos
