#include <algorithm>
#include <numeric>

#include "demos/models/longer_tables.h"
#include "demos/swap/guesses.h"
#include "demos/swap/swap.h"

namespace ordinal::demos {
namespace {

// For each hidden token of the first window: [N, 3].
NdArray top_three(const Transformer& model, const MaskedBatch& batch) {
    const MaskedBatch window{slice(batch.inputs, 0, {0, 1}), slice(batch.targets, 0, {0, 1})};
    const NdArray logits = masked_logits(model, window, Mode::evaluation()).values();    // [N, V]
    NdArray best = zeros({logits.dim(0), 3});
    std::vector<Index> tokens(static_cast<std::size_t>(logits.dim(1)));
    for (Index i = 0; i < logits.dim(0); ++i) {
        std::iota(tokens.begin(), tokens.end(), Index(0));
        std::partial_sort(tokens.begin(), tokens.begin() + 3, tokens.end(), [&](Index a, Index b) {
            return logits.at({i, a}) > logits.at({i, b});
        });
        for (Index j = 0; j < 3; ++j)
            best.mutable_data()[3 * i + j] = static_cast<Scalar>(tokens[static_cast<std::size_t>(j)]);
    }
    return best;
}

void evaluate(Run& run, const std::string& name, const Transformer& model, const PoemTask& task) {
    const NoGrad guard;
    const auto record = [&](const std::string& measure, double value) {
        run.record({{"encoding", name}, {"measure", measure}}, value);
    };
    const auto answer = [&](const std::string& place, const std::vector<MaskedBatch>& questions) {
        Guesses guesses;
        for (const MaskedBatch& batch : questions)
            guesses.add(masked_logits(model, batch, Mode::evaluation()).values(), masked_targets(batch), task.marks);
        record("loss at " + place, guesses.loss());
        record("where at " + place, guesses.where());
        run.keep({{"encoding", name}, {"window", place}}, top_three(model, questions.front()));
        return guesses;
    };
    const Guesses inside = answer(task.inside_text(), task.inside), beyond = answer(task.beyond_text(), task.beyond);
    record("marks found", beyond.recall());
    record("and right to say so", beyond.precision());
    record("F1", beyond.f1());
    record("loss of characters", inside.character_loss());
}

void train_and_evaluate(Run& run, const PoemTask& task) {
    const std::string& name = run["model"];
    Rng rng(run.seed);
    const auto encoding = make_encoding(name, task.request(), rng);
    const Transformer model = trained_poem_model(task, encoding, run.steps, run.step_done, rng);
    each_reading(name, *encoding, task.trained_length(),
                 {{"repeated", Extend::copy}, {"hierarchical", Extend::hierarchical}}, rng,
                 [&](const std::string& reading) { evaluate(run, reading, model, task); });
}

}    // namespace

std::vector<std::string> all_swap_encodings() {
    const std::vector<std::string> listed{"none",
                                          "table",
                                          "linear(state=8, gain=0.15) + table(rows=24, beyond=zero, drop=0.5)",
                                          sinusoid,
                                          default_rnn,
                                          orthogonal_rnn,
                                          rotation_rnn,
                                          rnn_reads_tokens,
                                          "gru_over_inputs",
                                          small_closed_form,
                                          "linear(state=16, noise=0.8, gain=0.15)",
                                          rotary,
                                          "alibi",
                                          "t5(max_distance=64)"};
    return and_others(listed, {.d_model = 64, .max_length = 48, .num_heads = 4},
                      [](const std::string& name, const Traits& traits) {
                          return !traits.causal_only && name != "extended_table";    // its rows are no news
                      });
}

Measurements swap_runs(const PoemTask& task, const std::vector<std::string>& encodings,
                       const std::vector<std::uint64_t>& seeds, Index steps) {
    return measure("swap", cases({{"model", encodings}}, steps), seeds,
                   [&](Run& run) { train_and_evaluate(run, task); });
}

}    // namespace ordinal::demos
