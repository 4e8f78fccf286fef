#include <algorithm>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/measures/similarity.h>
#include <ordinal/positional/registry.h>
#include <ordinal/positional/tables/extend_table.h>
#include <ordinal/positional/tables/learned_table.h>
#include "demos/models/masked_language_model.h"
#include "demos/verse/verse.h"

namespace ordinal::demos {
namespace {

constexpr TransformerOptions small_bert{
    .d_model = 32, .num_heads = 4, .d_ff = 64, .num_layers = 1, .norm = NormPlacement::pre};
constexpr Index batch_size = 32;
constexpr double mask_probability = 0.15;

void require_vectors(const Encoding& encoding) {
    require<OptionError>(encoding.is_additive(), "only encodings with a vector for each position can be drawn here");
}

NdArray code_similarity(const Encoding& encoding, Index length) {
    const NoGrad guard;
    require_vectors(encoding);
    return cosine_similarity(encoding.vectors(Positions::arange(length)).values());
}

// One token in seven is hidden in windows of the text, and the model learns to guess it.
void train_to_guess(const Transformer& model, const std::function<IndexArray(Rng&)>& windows, const Run& run,
                    Rng& rng) {
    const auto next_batch = [&](Rng& chance) { return mask_tokens(windows(chance), mask_probability, chance); };
    train(model, next_batch, {.steps = run.steps, .on_step = run.step_done}, rng);
}

// A learned table, trained on verse of one period: does the period show in the table?
void rhythm(Run& run, const VersePlan& plan) {
    constexpr Index length = 48;
    const Index period = std::stoll(run["period"]);
    const std::vector<Poem> chosen = plan.verse.with_period(period);
    const Vocabulary vocabulary(chosen);
    const TokenLists tokens = vocabulary.encode(chosen);
    Rng rng(run.seed);
    // A start of 0.002 instead of BERT's 0.02: random rows that stay visible would hide faint stripes.
    const auto table = make_encoding("table(std=0.002)", {.d_model = small_bert.d_model, .max_length = length}, rng);
    const Transformer model = masked_language_model(vocabulary.size(), small_bert, table, rng);

    const auto look = [&](const std::string& when) {
        const NdArray similarity = code_similarity(*table, length);
        const PeriodScore score = period_score(similarity, period);
        run.record({{"measure", when}}, score.score);
        run.record({{"measure", "share " + when}}, score.harmonics);
        run.keep({{"when", when}}, similarity);
    };
    look("before");
    const bool control = run["verse"] == control_label(period);
    train_to_guess(
        model,
        [&](Rng& chance) {
            return control ? stream_windows(tokens, batch_size, length, chance)
                           : couplet_windows(tokens, batch_size, length, couplet_of(period), chance);
        },
        run, rng);
    look("after");
}

// Hides half of each held-out window and counts where the model puts marks.
void evaluate(Run& run, const std::string& name, const Transformer& model, const Encoding& encoding,
              const VersePlan& plan) {
    const NoGrad guard;
    const Index length = plan.evaluated(), couplet = plan.couplet(), trained = plan.trained();
    std::vector<Index> right(static_cast<std::size_t>(length)), hidden = right;
    Rng rng(5);    // the same hidden characters for every encoding and every seed of the training
    for (int repetition = 0; repetition < 2; ++repetition) {
        const MaskedBatch batch = mask_tokens(plan.windows, 0.5, rng, 1);
        const IndexArray guesses = argmax_last(masked_logits(model, batch, Mode::evaluation()).values());
        Index next = 0;
        for (Index i = 0; i < batch.targets.size(); ++i) {
            if (batch.targets[i] == MaskedBatch::ignore_index) continue;
            const auto is_mark = [&](Index token) { return plan.is_mark[static_cast<std::size_t>(token)]; };
            const auto position = static_cast<std::size_t>(i % length);
            ++hidden[position];
            right[position] += is_mark(guesses[next++]) == is_mark(batch.targets[i]);
        }
    }
    const auto record = [&](const Label& what, Index begin, Index end) {
        Index r = 0, all = 0;
        for (Index i = begin; i < end; ++i) {
            r += right[static_cast<std::size_t>(i)];
            all += hidden[static_cast<std::size_t>(i)];
        }
        run.record({{"encoding", name}, what}, static_cast<double>(r) / static_cast<double>(all));
    };
    for (const auto& [begin, end] :
         {std::pair{Index{0}, 2 * couplet}, {2 * couplet, 4 * couplet}, {4 * couplet, length}})
        record({"measure", text_of(begin == 0 ? "right at " : "at ", begin, "..", end - 1)}, begin, end);
    for (Index i = 0; i < length; i += couplet)    // in the middle of each couplet
        record({"position", text_of(static_cast<double>(i) + static_cast<double>(couplet - 1) / 2)}, i, i + couplet);

    const NdArray similarity = code_similarity(encoding, length);
    const NdArray unseen = slice(slice(similarity, 0, trained, length), 1, trained, length);
    run.record({{"encoding", name}, {"measure", text_of("score(", couplet, ") at ", trained, "..", length - 1)}},
               period_score(unseen, couplet).score);
    run.keep({{"encoding", name}}, similarity);
}

std::vector<std::string> readings_of(const std::string& name, const Encoding& encoding) {
    if (dynamic_cast<const LearnedTable*>(&encoding) == nullptr) return {name};
    return {name + ", untrained rows", name + ", rows of zeros", name + ", repeated"};
}

// Trains on short windows, and evaluates on long ones: where the table has no trained rows.
void beyond(Run& run, const VersePlan& plan) {
    const std::string& name = run["model"];
    Rng rng(run.seed);
    const auto encoding = make_encoding(name, {.d_model = small_bert.d_model, .max_length = plan.evaluated()}, rng);
    const Transformer model = masked_language_model(plan.vocabulary.size(), small_bert, encoding, rng);
    train_to_guess(
        model,
        [&](Rng& chance) { return couplet_windows(plan.training, batch_size, plan.trained(), plan.couplet(), chance); },
        run, rng);
    const std::vector<std::string> readings = readings_of(name, *encoding);
    evaluate(run, readings[0], model, *encoding, plan);
    if (readings.size() == 1) return;
    const auto& table = dynamic_cast<const LearnedTable&>(*encoding);
    const Tensor rows(slice(table.weight().values(), 0, 0, plan.trained()));
    for (const auto& [reading, strategy] : {std::pair{readings[1], Extend::zero}, {readings[2], Extend::copy}}) {
        table.weight().set_values(extend_table(rows, plan.evaluated(), {.strategy = strategy}, rng).values());
        evaluate(run, reading, model, *encoding, plan);
    }
}

}    // namespace

double VersePlan::never() const {
    Index none = 0, all = 0;
    for (Index i = 0; i < windows.size(); ++i) {
        if (i % evaluated() < evaluated() / 2) continue;
        ++all;
        none += !is_mark[static_cast<std::size_t>(windows[i])];
    }
    return static_cast<double>(none) / static_cast<double>(all);
}

VersePlan verse_plan(const Verse& verse, const std::vector<std::string>& encodings,
                     const std::vector<std::uint64_t>& seeds, Index steps) {
    const std::vector<Poem> poems = verse.with_period(verse.period());
    VersePlan plan{verse, encodings, seeds, steps, Vocabulary(poems), {}, {}, {}, {}};
    TokenLists held_out;
    for (const auto& poem : plan.vocabulary.encode(poems)) {
        if (std::ssize(poem) >= plan.evaluated())
            held_out.push_back(poem);
        else if (std::ssize(poem) >= 2 * plan.couplet())
            plan.training.push_back(poem);
    }
    verse.require_enough(!plan.training.empty() && !held_out.empty(),
                         text_of("poems of 4 to 15 lines of ", verse.period() - 1,
                                 " characters to train on, and one of 16 lines or more to be evaluated on"));
    plan.windows = all_couplet_windows(held_out, plan.evaluated(), plan.couplet());
    plan.is_mark = plan.vocabulary.are_among(verse.source.marks);
    for (const std::string& encoding : encodings) {
        Rng rng(1);
        const auto made = make_encoding(encoding, {.d_model = small_bert.d_model, .max_length = plan.evaluated()}, rng);
        require_vectors(*made);
        for (const std::string& reading : readings_of(encoding, *made)) plan.readings.push_back(reading);
    }
    return plan;
}

std::string verse_label(Index period) {
    return text_of(characters_a_line(period), " characters a line, period ", period);
}

std::string control_label(Index period) {
    return text_of("control: ", characters_a_line(period), ", windows start anywhere, period ", period);
}

Measurements verse_runs(const VersePlan& plan) {
    std::vector<Case> runs;
    const auto rhythm_of = [&](const std::string& name, Index period) {
        runs.push_back({{{"experiment", "rhythm"}, {"verse", name}, {"period", period}}, plan.steps});
    };
    for (const Index period : plan.verse.source.periods) rhythm_of(verse_label(period), period);
    rhythm_of(control_label(plan.verse.period()), plan.verse.period());
    for (const std::string& encoding : plan.encodings)
        runs.push_back({{{"experiment", "beyond"}, {"model", encoding}}, plan.steps});
    return measure("verse", runs, plan.seeds, [&](Run& run) {
        if (run["experiment"] == "rhythm")
            rhythm(run, plan);
        else
            beyond(run, plan);
    });
}

}    // namespace ordinal::demos
