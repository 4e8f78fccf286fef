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
SequenceTask marker(Index) {
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
SequenceTask after(Index) {
    const auto draw = [](Index B, Index T, Rng& rng) {
        SequenceBatch batch = marker(0).draw(B, T, rng);
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

struct Kind {
    std::string name;
    Index least, most;    // of the number after the name; 0: there is none
    SequenceTask (*make)(Index number);
    std::string because;    // why there are no others
};
const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{{"off", 1, shortest_sequence - 1, off, "the shortest sequence has 8 tokens"},
                                       {"mod", 2, sequence_vocabulary, mod, "there are 16 answers to choose from"},
                                       {"marker", 0, 0, marker, ""},
                                       {"after", 0, 0, after, ""}};
    return all;
}

bool is_whole_number(const std::string& text) {
    return !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
}

}    // namespace

std::vector<std::string> sequence_task_names() {
    std::vector<std::string> names;
    for (const Kind& kind : kinds())
        for (Index number = kind.least; number <= kind.most; ++number)
            names.push_back(kind.most == 0 ? kind.name : text_of(kind.name, number));
    return names;
}

SequenceTask sequence_task(const std::string& name) {
    if (const auto plus = name.find('+'); plus != std::string::npos)
        return both(sequence_task(name.substr(0, plus)), sequence_task(name.substr(plus + 1)));
    for (const Kind& kind : kinds()) {
        if (kind.most == 0 && name == kind.name) return kind.make(0);
        if (kind.most == 0 || !name.starts_with(kind.name) || !is_whole_number(name.substr(kind.name.size()))) continue;
        const Index number = std::stoi(name.substr(kind.name.size()));
        require<OptionError>(kind.least <= number && number <= kind.most, "sequence_task: expected ", kind.name,
                             kind.least, " .. ", kind.name, kind.most, ", got '", name, "'; ", kind.because);
        return kind.make(number);
    }
    const std::string nearest = nearest_name(name, sequence_task_names());
    throw OptionError(text_of(
        "sequence_task: unknown task '", name, "'; ",
        nearest.empty() ? "there are off1 .. off7, mod2 .. mod16, marker and after" : "did you mean " + nearest + "?"));
}

}    // namespace ordinal::demos
