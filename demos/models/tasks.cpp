#include "demos/models/tasks.h"

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>
#include <ordinal/nn/nearest_name.h>

namespace ordinal::demos {
namespace {

constexpr Index ignored = -1;

SequenceBatch random_tokens(Index B, Index T, Rng& rng) {
    require(B > 0 && T > 0, "SequenceTask: expected a batch and a length of 1 or more, got ", B, " and ", T);
    SequenceBatch batch;
    batch.inputs = {{B, T}, std::vector<Index>(static_cast<std::size_t>(B * T))};
    for (Index& token : batch.inputs.values) token = rng.below(sequence_vocabulary);
    batch.targets = batch.inputs;
    return batch;
}

// y_i = x_{i-k}
SequenceTask off(Index k) {
    const char* const places[] = {
        "", "one place", "two places", "three places", "four places", "five places", "six places", "seven places"};
    const auto draw = [k](Index B, Index T, Rng& rng) {
        SequenceBatch batch = random_tokens(B, T, rng);
        for (Index i = 0; i < B * T; ++i)
            batch.targets.values[static_cast<std::size_t>(i)] = i % T < k ? ignored : batch.inputs[i - k];
        return batch;
    };
    return {text_of("off", k), text_of("Which token was ", places[k], " back?"), 1.0 / sequence_vocabulary, draw};
}

// y_i = i mod m, whatever the tokens are
SequenceTask mod(Index m) {
    const auto draw = [m](Index B, Index T, Rng& rng) {
        SequenceBatch batch = random_tokens(B, T, rng);
        for (Index i = 0; i < B * T; ++i) batch.targets.values[static_cast<std::size_t>(i)] = i % T % m;
        return batch;
    };
    return {text_of("mod", m), text_of("What is the position modulo ", m, "?"), 1.0 / static_cast<double>(m), draw};
}

// y_i = min(i - m, 9), m the last place up to i that holds the marker. Every sequence starts with one.
SequenceTask marker() {
    static constexpr Index farthest = 9;
    static constexpr double probability = 0.12;
    const auto draw = [](Index B, Index T, Rng& rng) {
        SequenceBatch batch = random_tokens(B, T, rng);
        Index distance = 0;
        for (Index i = 0; i < B * T; ++i) {
            const bool marked = i % T == 0 || rng.chance(probability);
            distance = marked ? 0 : std::min(distance + 1, farthest);
            const auto place = static_cast<std::size_t>(i);
            batch.inputs.values[place] = marked ? marker_token : 1 + rng.below(sequence_vocabulary - 1);
            batch.targets.values[place] = distance;
        }
        return batch;
    };
    // Nine places without a marker: the most frequent answer is "9 or more".
    return {"marker", "How far back is the last marker?", std::pow(1 - probability, farthest), draw};
}

// y_i = x_{m+1}, m the last marker before i; right at a marker nothing is asked. Content, and one step of distance.
SequenceTask after() {
    const auto draw = [](Index B, Index T, Rng& rng) {
        SequenceBatch batch = marker().draw(B, T, rng);
        Index answer = ignored;
        for (Index i = 0; i < B * T; ++i) {
            const auto place = static_cast<std::size_t>(i);
            const Index distance = batch.targets.values[place];    // to the last marker
            answer = distance == 0 ? ignored : distance == 1 ? batch.inputs[i] : answer;
            batch.targets.values[place] = answer;
        }
        return batch;
    };
    return {"after", "Which token stood right after the last marker?", 1.0 / (sequence_vocabulary - 1), draw};
}

// The token says which of the two it asks: an even one the first, an odd one the second.
SequenceTask both(const SequenceTask& even, const SequenceTask& odd) {
    const auto draw = [even, odd](Index B, Index T, Rng& rng) {
        Rng again = rng;
        SequenceBatch batch = even.draw(B, T, rng);
        const SequenceBatch other = odd.draw(B, T, again);
        require<OptionError>(batch.inputs.values == other.inputs.values, "sequence_task: expected two of off and mod, ",
                             "got ", even.name, "+", odd.name, "; marker and after put markers into the tokens");
        for (std::size_t i = 0; i < batch.inputs.values.size(); ++i)
            if (batch.inputs.values[i] % 2 == 1) batch.targets.values[i] = other.targets.values[i];
        return batch;
    };
    return {even.name + "+" + odd.name, "Even tokens: " + even.question + " Odd ones: " + odd.question,
            (even.chance + odd.chance) / 2, draw};
}

}    // namespace

const std::vector<SequenceTask>& sequence_tasks() {
    static const std::vector<SequenceTask> tasks = [] {
        std::vector<SequenceTask> all;
        for (Index k = 1; k < shortest_sequence; ++k) all.push_back(off(k));
        for (Index m = 2; m <= sequence_vocabulary; ++m) all.push_back(mod(m));
        all.push_back(marker());
        all.push_back(after());
        return all;
    }();
    return tasks;
}

SequenceTask sequence_task(const std::string& name) {
    if (const auto plus = name.find('+'); plus != std::string::npos)
        return both(sequence_task(name.substr(0, plus)), sequence_task(name.substr(plus + 1)));
    std::vector<std::string> names;
    for (const SequenceTask& task : sequence_tasks()) {
        if (task.name == name) return task;
        names.push_back(task.name);
    }
    const std::string nearest = nearest_name(name, names);
    throw OptionError(
        text_of("sequence_task: unknown task '", name,
                "'; there are off1 .. off7 (the shortest sequence has 8 tokens), mod2 .. mod16 (16 answers "
                "to choose from), marker and after",
                nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

}    // namespace ordinal::demos
