#include "demos/experiments/poems/verse_runs.h"

#include <algorithm>
#include <array>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/registry.h>
#include <ordinal/positional/tables/learned_table.h>
#include "demos/corpus/vocabulary.h"
#include "demos/experiments/poems/masked_language_model.h"

namespace ordinal {
namespace {

constexpr TransformerOptions small_bert{
    .d_model = 32, .num_heads = 4, .d_ff = 64, .num_layers = 1, .norm = NormPlacement::pre};
constexpr Index batch_size = 32;
constexpr double mask_probability = 0.15;

MlmTraining mlm_training(const TrainingSettings& settings) {
    return {.steps = settings.steps, .on_step = [&settings](Index, double loss) {
                if (settings.on_step) settings.on_step(loss);
            }};
}

void require_vectors(const Encoding& encoding) {
    require<OptionError>(encoding.is_additive(), "only encodings with a vector for each position can be drawn here");
}

NdArray code_similarity(const Encoding& encoding, Index length) {
    NoGrad guard;
    require_vectors(encoding);
    return cosine_similarity(encoding.vectors(Positions::arange(length)).values());
}

}    // namespace

void check_beyond_encoding(const std::string& encoding) {
    Rng rng(1);
    require_vectors(*make_encoding(encoding, {.d_model = small_bert.d_model, .max_length = shown_length}, rng));
}

RhythmRun run_rhythm(const std::vector<Poem>& poems, Meter meter, bool couplets, const TrainingSettings& settings) {
    constexpr Index length = 48;
    const std::vector<Poem> chosen = with_meter(poems, meter);
    const Vocabulary vocabulary(chosen);
    const TokenLists tokens = encode_poems(chosen, vocabulary);
    Rng rng(settings.seed);
    // A start of 0.002 instead of BERT's 0.02: random rows that stay visible would hide faint stripes.
    const auto table = make_encoding("table(std=0.002)", {.d_model = small_bert.d_model, .max_length = length}, rng);
    const Transformer model = masked_language_model(vocabulary.size(), small_bert, table, rng);

    RhythmRun run;
    run.before = code_similarity(*table, length);
    const auto next_batch = [&](Rng& chance) {
        const IndexArray windows = couplets ? couplet_windows(tokens, batch_size, length, couplet_period(meter), chance)
                                            : stream_windows(tokens, batch_size, length, chance);
        return mask_tokens(windows, mask_probability, chance);
    };
    train(model, next_batch, mlm_training(settings), rng);
    run.after = code_similarity(*table, length);
    run.score_before = period_score(run.before, line_period(meter));
    run.score = period_score(run.after, line_period(meter));
    return run;
}

namespace {

struct BeyondData {
    Vocabulary vocabulary;
    TokenLists training;
    IndexArray evaluation;               // [N, 96] windows of long poems that training never saw
    std::vector<bool> is_punctuation;    // by token id
};

BeyondData beyond_data(const std::vector<Poem>& poems) {
    constexpr Index shortest = 24;
    const std::vector<Poem> five = with_meter(poems, Meter::five);
    Vocabulary vocabulary(five);
    TrainingSplit split = hold_out_long_poems(encode_poems(five, vocabulary), shortest, shown_length);
    const IndexArray evaluation = all_couplet_windows(split.held_out, shown_length, couplet_period(Meter::five));
    std::vector<bool> is_punctuation(static_cast<std::size_t>(vocabulary.size()), false);
    for (char32_t mark : std::u32string(U"，。？！；"))
        if (const Index id = vocabulary.id(mark); id != Vocabulary::unknown)
            is_punctuation[static_cast<std::size_t>(id)] = true;
    return {std::move(vocabulary), std::move(split.training), evaluation, std::move(is_punctuation)};
}

// Hides half of each held-out window, asks the model, and counts where it put punctuation.
BeyondRun evaluate(std::string name, const Transformer& model, const Encoding& encoding, const BeyondData& data) {
    NoGrad guard;
    std::array<Index, shown_length> right{}, asked{};
    Rng rng(5);    // the same hidden characters for every encoding and every seed of the training
    for (int repetition = 0; repetition < 2; ++repetition) {
        const MaskedBatch batch = mask_tokens(data.evaluation, 0.5, rng, 1);
        const IndexArray guesses = argmax_last(asked_logits(model, batch, Mode::evaluation()).values());
        Index next = 0;
        for (Index i = 0; i < batch.targets.size(); ++i) {
            if (batch.targets[i] == MaskedBatch::ignore_index) continue;
            const bool guessed = data.is_punctuation[static_cast<std::size_t>(guesses[next++])];
            const bool truth = data.is_punctuation[static_cast<std::size_t>(batch.targets[i])];
            const auto position = static_cast<std::size_t>(i % shown_length);
            ++asked[position];
            right[position] += guessed == truth;
        }
    }
    const auto share = [&](std::size_t begin, std::size_t end) {
        Index r = 0, a = 0;
        for (std::size_t i = begin; i < end; ++i) r += right[i], a += asked[i];
        return static_cast<double>(r) / static_cast<double>(a);
    };
    BeyondRun run{.name = std::move(name), .similarity = code_similarity(encoding, shown_length), .where = {}};
    for (std::size_t i = 0; i < shown_length; i += 12) run.where.push_back(share(i, i + 12));
    run.inside = share(0, 24);
    run.middle = share(24, 48);
    run.beyond = share(48, shown_length);
    const NdArray unseen =
        slice(slice(run.similarity, 0, trained_length, shown_length), 1, trained_length, shown_length);
    run.score = period_score(unseen, couplet_period(Meter::five)).score;
    return run;
}

}    // namespace

std::vector<BeyondRun> run_beyond(const std::vector<Poem>& poems, const std::string& encoding_name,
                                  const TrainingSettings& settings) {
    const BeyondData data = beyond_data(poems);
    Rng rng(settings.seed);
    const auto encoding =
        make_encoding(encoding_name, {.d_model = small_bert.d_model, .max_length = shown_length}, rng);
    const Transformer model = masked_language_model(data.vocabulary.size(), small_bert, encoding, rng);
    const auto next_batch = [&](Rng& chance) {
        return mask_tokens(
            couplet_windows(data.training, batch_size, trained_length, couplet_period(Meter::five), chance),
            mask_probability, chance);
    };
    train(model, next_batch, mlm_training(settings), rng);
    const auto* table = dynamic_cast<const LearnedTable*>(encoding.get());
    if (table == nullptr) return {evaluate(encoding_name, model, *encoding, data)};

    std::vector<BeyondRun> runs{evaluate(encoding_name + ", untrained rows", model, *encoding, data)};
    const NdArray trained = slice(table->weight().values(), 0, 0, trained_length);
    const NdArray nothing = zeros({shown_length - trained_length, trained.dim(1)});
    table->weight().set_values(concat(std::vector<NdArray>{trained, nothing}, 0));
    runs.push_back(evaluate(encoding_name + ", rows of zeros", model, *encoding, data));
    table->weight().set_values(concat(std::vector<NdArray>{trained, trained, trained}, 0));
    runs.push_back(evaluate(encoding_name + ", repeated", model, *encoding, data));
    return runs;
}

double never_punctuation(const std::vector<Poem>& poems) {
    const BeyondData data = beyond_data(poems);
    Index none = 0, all = 0;
    for (Index i = 0; i < data.evaluation.size(); ++i) {
        if (i % shown_length < 48) continue;
        ++all;
        none += !data.is_punctuation[static_cast<std::size_t>(data.evaluation[i])];
    }
    return static_cast<double>(none) / static_cast<double>(all);
}

}    // namespace ordinal
