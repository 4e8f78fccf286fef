#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/generate.h>
#include <ordinal/nn/loss.h>
#include "demos/models/encodings.h"
#include "demos/models/longer_tables.h"
#include "demos/models/masked_language_model.h"
#include "demos/write_verse/writing.h"

namespace ordinal::demos {
namespace {

constexpr Index width = 32;
constexpr DrawOptions how_to_draw{.temperature = writing_temperature};

EncodingRequest request(const LongPoems& task) {
    return {.d_model = width, .max_length = task.evaluated(), .num_heads = bert_heads};
}

bool is_no_character(Index token) { return token < Vocabulary::first_character; }

// The model of the demo `verse`, looking back only. It reads up to 32 characters from a couplet on, and guesses at each
// the next one.
Transformer trained_writer(const LongPoems& task, const std::shared_ptr<const Encoding>& encoding,
                           const Training& training, Rng& rng) {
    const Transformer model = untrained_bert({task.vocabulary.size(), width, 1, {}}, encoding, rng, true);
    train(model.parameters(), training, [&] {
        const Index read = task.trained();
        const IndexArray windows = couplet_windows(task.training, 32, read + 1, task.couplet(), rng);
        IndexArray targets = slice(windows, 1, {1, read + 1});
        std::ranges::replace_if(targets.values, is_no_character, MaskedBatch::ignore_index);
        return cross_entropy(model.forward(slice(windows, 1, {0, read}), Mode::training(rng)), targets);
    });
    return model;
}

NdArray numbers_of(const IndexArray& ids) {
    return {ids.shape, std::vector<Scalar>(ids.values.begin(), ids.values.end())};
}

// All openings with what the model writes behind them: [N, 96].
NdArray written_poems(const Transformer& model, const LongPoems& task) {
    Rng rng(5);    // the same draws for every encoding and every seed of the training
    const IndexArray openings = slice(task.windows, 1, {0, task.couplet()});
    const IndexArray more = generate(model, openings, task.evaluated() - task.couplet(), how_to_draw, rng);
    return concat({numbers_of(openings), numbers_of(more)}, 1);
}

// The poets' poems with each token drawn anew behind what the poet wrote, not behind what was drawn: [N, 96].
NdArray read_poems(const Transformer& model, const LongPoems& task) {
    const NoGrad guard;
    Rng rng(5);
    const NdArray logits = model.forward(task.windows, Mode::evaluation()).values();    // [N, 96, V]
    NdArray poems = numbers_of(task.windows);
    for (Index n = 0; n < poems.dim(0); ++n)
        for (Index k = task.couplet(); k < poems.dim(1); ++k)
            poems.set({n, k}, static_cast<Scalar>(draw(select(select(logits, 0, n), 0, k - 1), how_to_draw, rng)));
    return poems;
}

// 12..31, 32..63, 64..95: what a model writes behind the couplet that it is given.
std::vector<Places> places_of(const LongPoems& task) {
    const Index trained = task.trained();
    return {{task.couplet(), trained}, {trained, 2 * trained}, {2 * trained, task.evaluated()}};
}

void record(Run& run, const std::string& name, const Places& places, const Kept& writing, const Kept& reading) {
    for (const auto& [measure, share] : {std::pair{"right", writing.right},
                                         {"found", writing.found},
                                         {"lines", writing.lines},
                                         {"reading", reading.right}})
        run.record({{"encoding", name}, {"measure", measure}, {"places", places.text()}}, share);
}

void write_and_count(Run& run, const std::string& name, const Transformer& model, const LongPoems& task) {
    const NdArray poems = written_poems(model, task), marks = marks_in(poems, task.is_mark),
                  reading = marks_in(read_poems(model, task), task.is_mark);
    const Index period = task.verse.period();
    for (const Places& places : places_of(task))
        record(run, name, places, kept(marks, period, places), kept(reading, period, places));
    const NdArray counts = sum(marks, 0);    // [N, 96] -> [1, 96]
    for (Index k = task.couplet(); k < task.evaluated(); ++k)
        run.record({{"encoding", name}, {"measure", "a mark is here"}, {"position", k}},
                   static_cast<double>(counts.at({0, k})) / static_cast<double>(marks.dim(0)));
    run.keep({{"encoding", name}}, poems);
}

void train_and_write(Run& run, const LongPoems& task) {
    const std::string& name = run["model"];
    Rng rng(run.seed);
    const auto encoding = make_encoding(name, request(task), rng);
    const Transformer model = trained_writer(task, encoding, {run.steps, 2e-3, 0, run.step_done}, rng);
    each_reading(name, *encoding, task.trained(), {{"repeated", Extend::copy}}, rng,
                 [&](const std::string& reading) { write_and_count(run, reading, model, task); });
}

}    // namespace

NdArray marks_in(const NdArray& tokens, const std::vector<bool>& is_mark) {
    std::vector<Scalar> marks = tokens.to_vector();
    for (Scalar& token : marks) token = is_mark[static_cast<std::size_t>(token)] ? 1 : 0;
    return {tokens.shape(), marks};
}

Kept kept(const NdArray& marks, Index period, const Places& places) {
    double all = 0, belong = 0, right = 0, whole = 0;
    for (Index n = 0; n < marks.dim(0); ++n) {
        Index line = 0;    // where the line begins
        for (Index k = 0; k < marks.dim(1); ++k) {
            const bool mark = marks.at({n, k}) == 1, belongs = k % period == period - 1;
            if (places.begin <= k && k < places.end) {
                all += mark;
                belong += belongs;
                right += mark && belongs;
                whole += mark && k + 1 - line == period;
            }
            if (mark) line = k + 1;
        }
    }
    return {right / all, right / belong, whole / all};
}

Kept kept_by_chance(double share_of_marks, Index period, const Places& places) {
    double belong = 0;
    for (Index k = places.begin; k < places.end; ++k) belong += k % period == period - 1;
    const double no_mark = 1 - share_of_marks, characters = static_cast<double>(period - 1);
    return {belong / static_cast<double>(places.end - places.begin), share_of_marks,
            share_of_marks * std::pow(no_mark, characters)};    // the mark before this one stands a period back
}

Measurements writing_runs(const LongPoems& task, const std::vector<std::string>& encodings,
                          const std::vector<std::uint64_t>& seeds, Index steps) {
    std::vector<Case> runs = cases({{"model", encodings}}, steps);
    for (const std::string& encoding : encodings)
        sample_of(encoding, request(task), task.evaluated())->stream();    // or it says why not
    runs.push_back({{{"model", random_places}}});
    const double share_of_marks = 1 - share_without_mark(task.windows.values, task.is_mark);
    return measure("write_verse", runs, seeds, [&](Run& run) {
        if (run["model"] != random_places) return train_and_write(run, task);
        for (const Places& places : places_of(task)) {
            const Kept chance = kept_by_chance(share_of_marks, task.verse.period(), places);
            record(run, random_places, places, chance, chance);
        }
    });
}

}    // namespace ordinal::demos
