#include "demos/models/tasks.h"

#include <algorithm>
#include <cmath>

namespace ordinal {
namespace {

constexpr Index ignored = -1, marker_token = 0, farthest = 9;
constexpr double marker_probability = 0.12;

SequenceBatch random_tokens(Index B, Index T, Rng& rng) {
    require(B > 0 && T > 0, "SequenceTask: expected a batch and a length of 1 or more, got ", B, " and ", T);
    SequenceBatch batch;
    batch.inputs = {{B, T}, std::vector<Index>(static_cast<std::size_t>(B * T))};
    for (Index& token : batch.inputs.values) token = rng.below(sequence_vocabulary);
    batch.targets = batch.inputs;
    return batch;
}

// y_i = x_{i-3}
SequenceBatch draw_off3(Index B, Index T, Rng& rng) {
    SequenceBatch batch = random_tokens(B, T, rng);
    for (Index b = 0; b < B; ++b)
        for (Index i = 0; i < T; ++i)
            batch.targets.values[static_cast<std::size_t>(b * T + i)] = i < 3 ? ignored : batch.inputs[b * T + i - 3];
    return batch;
}

// y_i = i mod 5, whatever the tokens are
SequenceBatch draw_mod5(Index B, Index T, Rng& rng) {
    SequenceBatch batch = random_tokens(B, T, rng);
    for (Index i = 0; i < B * T; ++i) batch.targets.values[static_cast<std::size_t>(i)] = i % T % 5;
    return batch;
}

// y_i = min(i - m, 9), m the last place up to i that holds the marker. Every sequence starts with one.
SequenceBatch draw_marker(Index B, Index T, Rng& rng) {
    SequenceBatch batch = random_tokens(B, T, rng);
    Index distance = 0;
    for (Index i = 0; i < B * T; ++i) {
        const bool marked = i % T == 0 || rng.chance(marker_probability);
        distance = marked ? 0 : std::min(distance + 1, farthest);
        const auto place = static_cast<std::size_t>(i);
        batch.inputs.values[place] = marked ? marker_token : 1 + rng.below(sequence_vocabulary - 1);
        batch.targets.values[place] = distance;
    }
    return batch;
}

}    // namespace

const std::vector<SequenceTask>& sequence_tasks() {
    static const std::vector<SequenceTask> tasks{
        {"off3", "Which token was three places back?", 1.0 / sequence_vocabulary, draw_off3},
        {"mod5", "What is the position modulo 5?", 1.0 / 5, draw_mod5},
        // Nine places without a marker: the most frequent answer is "9 or more".
        {"marker", "How far back is the last marker?", std::pow(1 - marker_probability, farthest), draw_marker}};
    return tasks;
}

const SequenceTask& sequence_task(const std::string& name) {
    for (const SequenceTask& task : sequence_tasks())
        if (task.name == name) return task;
    throw OptionError(text_of("sequence_task: unknown task '", name, "'; there are off3, mod5 and marker"));
}

}    // namespace ordinal
