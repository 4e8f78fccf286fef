#include <algorithm>
#include <numeric>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/measures/similarity.h>
#include "demos/models/encodings.h"
#include "demos/models/longer_tables.h"
#include "demos/models/masked_language_model.h"
#include "demos/verse/verse.h"

namespace ordinal::demos {
namespace {

constexpr Index width = 32, batch_size = 32;

NdArray code_similarity(const Encoding& encoding, Index length) {
    const NoGrad guard;
    return cosine_similarity(encoding.vectors(Positions::arange(length)).values());
}

// One token in seven is hidden in windows of the text, and the model learns to guess it.
Transformer trained_to_guess(const Vocabulary& vocabulary, const std::shared_ptr<const Encoding>& encoding,
                             const std::function<IndexArray(Rng&)>& windows, const Run& run, Rng& rng) {
    const auto next_batch = [&](Rng& chance) { return mask_tokens(windows(chance), 0.15, chance); };
    return trained_bert({vocabulary.size(), width, 1, next_batch}, encoding, {run.steps, 2e-3, 0, run.step_done}, rng);
}

void keep_parameters(Run& run, const Encoding& encoding) {
    for (const NamedParameter& parameter : encoding.parameters())
        run.keep({{"parameter", parameter.name}}, parameter.tensor.values());
}

// A learned table, trained on verse of one period: does the period show in the table?
void rhythm(Run& run, const VersePlan& plan) {
    const Index period = std::stoll(run["period"]),
                length = std::max<Index>(48, 3 * period);    // period_score asks for 3
    const std::vector<Poem> chosen = plan.verse.with_period(period);
    const Vocabulary vocabulary(chosen);
    const TokenLists tokens = vocabulary.encode(chosen);
    Rng rng(run.seed);
    // A start of 0.002 instead of BERT's 0.02: random rows that stay visible would hide faint stripes.
    const auto table = make_encoding("table(std=0.002)", {.d_model = width, .max_length = length}, rng);
    const auto look = [&](const std::string& when) {
        const NdArray similarity = code_similarity(*table, length);
        const PeriodScore score = period_score(similarity, period);
        run.record({{"measure", when}}, score.score);
        run.record({{"measure", "share " + when}}, score.harmonics);
        run.keep({{"measure", when}}, similarity);
    };
    look("before");
    const auto windows = [&](Rng& chance) {
        return run["verse"] == control_label(period)
                   ? stream_windows(tokens, batch_size, length, chance)
                   : couplet_windows(tokens, batch_size, length, couplet_of(period), chance);
    };
    trained_to_guess(vocabulary, table, windows, run, rng);
    look("after");
    keep_parameters(run, *table);
}

// Hides half of each held-out window and counts where the model puts marks.
void evaluate(Run& run, const std::string& name, const Transformer& model, const Encoding& encoding,
              const VersePlan& plan) {
    const NoGrad guard;
    const Index length = plan.evaluated(), couplet = plan.couplet(), trained = plan.trained();
    const auto is_mark = [&](Index token) { return plan.is_mark[static_cast<std::size_t>(token)]; };
    std::vector<double> right(static_cast<std::size_t>(length)), hidden = right;    // of all windows, by position
    Rng rng(5);    // the same hidden characters for every encoding and every seed of the training
    for (int repetition = 0; repetition < 2; ++repetition) {
        const MaskedBatch batch = mask_tokens(plan.windows, 0.5, rng, 1);
        const IndexArray guesses = argmax_last(masked_logits(model, batch, Mode::evaluation()).values());
        Index next = 0;
        for (Index i = 0; i < batch.targets.size(); ++i) {
            if (batch.targets[i] == MaskedBatch::ignore_index) continue;
            const auto position = static_cast<std::size_t>(i % length);
            ++hidden[position];
            right[position] += is_mark(guesses[next++]) == is_mark(batch.targets[i]);
        }
    }
    const auto record = [&](const Label& what, Index begin, Index end) {
        const auto sum = [&](const std::vector<double>& counts) {
            return std::accumulate(counts.begin() + begin, counts.begin() + end, 0.0);
        };
        run.record({{"encoding", name}, what}, sum(right) / sum(hidden));
    };
    record({"measure", text_of("right at 0..", 2 * couplet - 1)}, 0, 2 * couplet);
    record({"measure", text_of("at ", 2 * couplet, "..", 4 * couplet - 1)}, 2 * couplet, 4 * couplet);
    record({"measure", text_of("at ", 4 * couplet, "..", length - 1)}, 4 * couplet, length);
    for (Index i = 0; i < length; i += couplet)    // in the middle of each couplet
        record({"position", text_of(static_cast<double>(i) + static_cast<double>(couplet - 1) / 2)}, i, i + couplet);

    const NdArray similarity = code_similarity(encoding, length);
    const NdArray unseen = slice(slice(similarity, 0, trained, length), 1, trained, length);
    run.record({{"encoding", name}, {"measure", text_of("score(", couplet, ") at ", trained, "..", length - 1)}},
               period_score(unseen, couplet).score);
    run.keep({{"encoding", name}}, similarity);
}

const std::vector<std::pair<std::string, Extend>> made_longer{{"rows of zeros", Extend::zero},
                                                              {"repeated", Extend::copy}};

// Trains on short windows, and evaluates on long ones: where the table has no trained rows.
void beyond(Run& run, const VersePlan& plan) {
    const std::string& name = run["model"];
    Rng rng(run.seed);
    const auto encoding =
        make_encoding(name, {.d_model = width, .max_length = plan.evaluated(), .num_heads = bert_heads}, rng);
    const auto windows = [&](Rng& chance) {
        return couplet_windows(plan.training, batch_size, plan.trained(), plan.couplet(), chance);
    };
    const Transformer model = trained_to_guess(plan.vocabulary, encoding, windows, run, rng);
    keep_parameters(run, *encoding);
    each_reading(name, *encoding, plan.trained(), made_longer, rng,
                 [&](const std::string& reading) { evaluate(run, reading, model, *encoding, plan); });
}

}    // namespace

double VersePlan::never() const {
    std::vector<Index> second_half;
    for (Index i = 0; i < windows.size(); ++i)
        if (i % evaluated() >= evaluated() / 2) second_half.push_back(windows[i]);
    return share_without_mark(second_half, is_mark);
}

VersePlan verse_plan(const Verse& verse, const std::vector<std::string>& encodings) {
    VersePlan plan{long_poems(verse), encodings};
    for (const std::string& encoding : encodings) {
        const Index longest = plan.evaluated();
        const auto sample =
            sample_of(encoding, {.d_model = width, .max_length = longest, .num_heads = bert_heads}, longest);
        require_vectors(encoding, *sample);
        Rng rng(1);
        each_reading(encoding, *sample, plan.trained(), made_longer, rng,
                     [&](const std::string& reading) { plan.readings.push_back(reading); });
    }
    return plan;
}

std::string verse_label(Index period) {
    return text_of(characters_a_line(period), " characters a line, period ", period);
}

std::string control_label(Index period) {
    return text_of("control: ", characters_a_line(period), ", windows start anywhere, period ", period);
}

Measurements verse_runs(const VersePlan& plan, const std::vector<std::uint64_t>& seeds, Index steps) {
    std::vector<Case> runs;
    const auto rhythm_of = [&](const std::string& name, Index period) {
        runs.push_back({{{"experiment", "rhythm"}, {"verse", name}, {"period", period}}, steps});
    };
    for (const Index period : plan.verse.periods) rhythm_of(verse_label(period), period);
    rhythm_of(control_label(plan.verse.period()), plan.verse.period());
    for (const std::string& encoding : plan.encodings)
        runs.push_back({{{"experiment", "beyond"}, {"model", encoding}}, steps});
    return measure("verse", runs, seeds,
                   [&](Run& run) { (run["experiment"] == "rhythm" ? rhythm : beyond)(run, plan); });
}

}    // namespace ordinal::demos
