#include "demos/experiments/poems/swap_runs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <ordinal/positional/tables/extend_table.h>
#include <ordinal/positional/tables/learned_table.h>

namespace ordinal {
namespace {

GuessScore score(const Transformer& model, const SwapCorpus& corpus, const std::vector<MaskedBatch>& questions) {
    GuessTally tally(corpus.marks);
    for (const MaskedBatch& batch : questions)
        tally.add(asked_logits(model, batch, Mode::evaluation()).values(), asked_targets(batch));
    return tally.score();
}

std::vector<TopThree> top_three(const Transformer& model, const MaskedBatch& example) {
    const NdArray logits = asked_logits(model, example, Mode::evaluation()).values();    // [N, V]
    std::vector<TopThree> best;
    for (Index i = 0; i < logits.dim(0); ++i) {
        std::vector<Index> tokens(static_cast<std::size_t>(logits.dim(1)));
        std::iota(tokens.begin(), tokens.end(), Index(0));
        TopThree& top = best.emplace_back();
        std::partial_sort_copy(tokens.begin(), tokens.end(), top.begin(), top.end(), [&](Index a, Index b) {
            return logits.at({i, a}) > logits.at({i, b});
        });
    }
    return best;
}

SwapRun ask(std::string name, const Transformer& model, const Encoding& encoding, const SwapCorpus& corpus) {
    NoGrad guard;
    SwapRun run;
    run.name = std::move(name);
    run.inside = score(model, corpus, corpus.inside);
    run.example_inside = top_three(model, corpus.example_inside);
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    run.beyond = {none, none, none, none, none};
    if (encoding.traits().max_length.value_or(swap_asked_length) < swap_asked_length) return run;
    run.beyond = score(model, corpus, corpus.beyond);
    run.example_beyond = top_three(model, corpus.example_beyond);
    return run;
}

}    // namespace

std::vector<std::string> all_swap_encodings() {
    std::vector<std::string> all{swap_none,
                                 swap_table,
                                 "table_plus_linear(rows=24, state=8, rule_gain=0.15, dropout=0.5)",
                                 "sinusoidal(gain=0.15)",
                                 "rnn(gain=0.15)",
                                 swap_rnn,
                                 "rnn(init=rotation, state=8, gain=0.15)",
                                 "rnn_over_inputs",
                                 "gru_over_inputs",
                                 swap_closed_form,
                                 "linear(state=16, noise=0.8, gain=0.15)",
                                 swap_rotary,
                                 swap_alibi,
                                 "t5(max_distance=64)"};
    for (const std::string& name : encoding_names()) {    // and whatever else is registered, as it is by default
        Rng rng(1);
        const auto encoding = make_encoding(name, swap_request, rng);
        const bool listed = std::any_of(all.begin(), all.end(), [&](const std::string& other) {
            return other == name || other.starts_with(name + "(");
        });
        if (listed || encoding->traits().causal_only || name == "extended_table") continue;    // its rows are no news
        const bool additive = encoding->is_additive();
        all.push_back(additive ? name + "(gain=0.15)" : name);
    }
    return all;
}

void check_swap_encoding(const std::string& encoding) {
    Rng rng(1);
    make_encoding(encoding, swap_request, rng);
}

Transformer trained_swap_model(const SwapCorpus& corpus, std::shared_ptr<const Encoding> encoding, Index steps,
                               const StepDone& step_done, Rng& rng) {
    const TransformerOptions small_bert{.d_model = swap_request.d_model,
                                        .num_heads = swap_request.num_heads,
                                        .d_ff = 2 * swap_request.d_model,
                                        .num_layers = 2,
                                        .norm = NormPlacement::pre};
    Transformer model = masked_language_model(corpus.vocabulary.size(), small_bert, encoding, rng);
    const auto next_batch = [&](Rng& chance) { return corpus.training_batch(32, chance); };
    train(model, next_batch,
          {.steps = steps, .weight_decay = 0.1, .on_step = [&](Index, double loss) { step_done(loss); }}, rng);
    return model;
}

std::vector<SwapRun> run_swap(const SwapCorpus& corpus, const std::string& encoding_name, std::uint64_t seed,
                              Index steps, const StepDone& step_done) {
    Rng rng(seed);
    const auto encoding = make_encoding(encoding_name, swap_request, rng);
    const Transformer model = trained_swap_model(corpus, encoding, steps, step_done, rng);
    const auto* table = dynamic_cast<const LearnedTable*>(encoding.get());
    if (table == nullptr) return {ask(encoding_name, model, *encoding, corpus)};
    std::vector<SwapRun> runs{ask(encoding_name + untrained_rows, model, *encoding, corpus)};
    const Tensor trained(slice(table->weight().values(), 0, 0, swap_trained_length));
    for (const auto& [name, strategy] :
         {std::pair{repeated_rows, Extend::copy}, {hierarchical_rows, Extend::hierarchical}}) {
        table->weight().set_values(extend_table(trained, swap_asked_length, {.strategy = strategy}, rng).values());
        runs.push_back(ask(encoding_name + name, model, *encoding, corpus));
    }
    return runs;
}

}    // namespace ordinal
