#include "demos/experiments/speed/parallelism_runs.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <ordinal/nn/transformer.h>
#include <ordinal/positional/measures/graph_depth.h>
#include <ordinal/positional/registry.h>
#include <ordinal/positional/tables/learned_table.h>
#include "demos/lab/expectation.h"

namespace ordinal {
namespace {

using Work = std::function<void()>;

// The least of as many calls as 5 milliseconds take: whatever disturbs a call makes it longer.
double least_call(const Work& work) {
    using Clock = std::chrono::steady_clock;
    const auto milliseconds_since = [](Clock::time_point start) {
        return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    };
    const auto first = Clock::now();
    double least = infinity;
    do {
        const auto start = Clock::now();
        work();
        least = std::min(least, milliseconds_since(start));
    } while (milliseconds_since(first) < 5);
    return least;
}

// Rounds take turns, so that a slow moment of the machine meets all. Slow works sit out the later rounds.
std::vector<double> least_milliseconds(const std::vector<Work>& works, Index rounds,
                                       const std::function<void(double)>& progress) {
    constexpr double slow = 150;
    std::vector<double> least(works.size(), infinity);
    for (Index round = 0; round < rounds; ++round)
        for (std::size_t w = 0; w < works.size(); ++w) {
            if (round < 2 || least[w] < slow) least[w] = std::min(least[w], least_call(works[w]));
            progress(least[w]);
        }
    return least;
}

std::shared_ptr<Encoding> made(const std::string& name, Index length) {
    Rng rng(1);
    return make_encoding(name, {.d_model = parallelism_width, .max_length = length, .num_heads = 4}, rng);
}

NdArray tokens(Index batch, Index length) {
    Rng rng(2);
    return random_normal({batch, length, parallelism_width}, 0.1, rng);
}

Tensor encode(const Encoding& encoding, const NdArray& x) {
    return encoding.apply_to_input(Tensor(x), Positions::arange(x.dim(1)), Mode::evaluation());
}

}    // namespace

std::shared_ptr<Encoding> as_table(const Encoding& encoding, Index length) {
    NoGrad guard;
    const NdArray codes = encode(encoding, zeros({1, length, parallelism_width})).values();
    return std::make_shared<LearnedTable>(reshape(codes, {length, parallelism_width}));
}

std::vector<std::string> parallelism_encodings() {
    const std::vector<std::string> wanted{"table",           "linear(state=8)",      "linear_dense",
                                          "gated",           "rnn(init=orthogonal)", "rnn_over_inputs",
                                          "gru_over_inputs", "ode(state=8)"};
    const std::vector<std::string> known = encoding_names();
    std::vector<std::string> here;
    for (const std::string& encoding : wanted)
        if (std::find(known.begin(), known.end(), encoding.substr(0, encoding.find('('))) != known.end())
            here.push_back(encoding);
    return here;
}

std::vector<EncodingTimes> measure_lengths(const std::vector<std::string>& encodings, const std::vector<Index>& lengths,
                                           Index rounds, const std::function<void(double)>& progress) {
    Rng rng(3);
    const TransformerEncoder encoder({.d_model = parallelism_width, .norm = NormPlacement::pre}, rng);
    std::vector<Work> works;
    std::vector<EncodingTimes> all;
    const auto add = [&](const std::string& name, const std::function<Tensor(const NdArray& x)>& run) {
        EncodingTimes& times = all.emplace_back(EncodingTimes{name, {}, {}});
        for (const Index length : lengths) {
            const NdArray x = tokens(1, length);
            times.dependent_steps.push_back(graph_depth(run(x)));
            works.push_back([run, x] {
                NoGrad guard;
                run(x);
            });
        }
    };
    for (const std::string& name : encodings) {
        const auto encoding = made(name, lengths.back());
        add(name, [encoding](const NdArray& x) { return encode(*encoding, x); });
    }
    add(the_encoder, [&](const NdArray& x) { return encoder.forward(Tensor(x), Mode::evaluation()); });

    const std::vector<double> least = least_milliseconds(works, rounds, progress);
    auto next = least.begin();
    for (EncodingTimes& times : all) {
        times.milliseconds.assign(next, next + std::ssize(lengths));
        next += std::ssize(lengths);
    }
    return all;
}

std::vector<BatchTimes> measure_batches(const std::vector<std::string>& encodings, Index length, Index rounds,
                                        const std::function<void(double)>& progress) {
    constexpr Index batch = 8;
    const NdArray x = tokens(batch, length);
    Rng rng(4);
    const NdArray d_output = random_normal(x.shape(), 1, rng);
    std::vector<Work> works;
    for (const std::string& name : encodings) {
        const auto encoding = made(name, length);
        const auto forward = [x](const std::shared_ptr<Encoding>& scheme) {
            return [x, scheme] {
                NoGrad guard;
                encode(*scheme, x);
            };
        };
        works.push_back(forward(encoding));
        works.push_back([x, d_output, encoding] {
            encode(*encoding, x).backward(d_output);
            for (const auto& parameter : encoding->parameters()) parameter.tensor.clear_grad();
        });
        if (encoding->traits().cacheable) works.push_back(forward(as_table(*encoding, length)));
    }
    const std::vector<double> least = least_milliseconds(works, rounds, progress);
    std::vector<BatchTimes> all;
    auto next = least.begin();
    for (const std::string& name : encodings) {
        BatchTimes& times = all.emplace_back(BatchTimes{.encoding = name});
        times.forward = *next++;
        times.training = *next++;
        const bool cacheable = made(name, length)->traits().cacheable;
        times.cached = cacheable ? *next++ : std::nan("");
    }
    return all;
}

}    // namespace ordinal
