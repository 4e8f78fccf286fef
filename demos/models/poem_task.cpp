#include "demos/models/poem_task.h"

#include <algorithm>

namespace ordinal::demos {
namespace {

// All windows of the length that start at a couplet, in the order of the periods: [N, length].
IndexArray all_windows(const Verse& poems, const Vocabulary& vocabulary, Index length) {
    std::vector<Index> rows;
    for (const Index period : poems.periods) {
        const TokenLists tokens = vocabulary.encode(poems.with_period(period));
        const IndexArray windows = all_couplet_windows(tokens, length, couplet_of(period));
        rows.insert(rows.end(), windows.values.begin(), windows.values.end());
    }
    return {{std::ssize(rows) / length, length}, rows};
}

}    // namespace

MaskedBatch hide_characters(const IndexArray& windows, Index first, Rng& rng) {
    MaskedBatch batch = mask_tokens(windows, 0.3, rng, 0.9);
    for (Index i = 0; i < windows.size(); ++i) {
        if (windows[i] != Vocabulary::unknown && i % windows.shape[1] >= first) continue;
        batch.inputs.values[static_cast<std::size_t>(i)] = windows[i];
        batch.targets.values[static_cast<std::size_t>(i)] = MaskedBatch::ignore_index;
    }
    return batch;
}

MaskedBatch PoemTask::training_batch(Index B, Rng& rng) const {
    Index total = 0;
    for (const TokenLists& poems : training) total += total_tokens(poems);
    std::vector<Index> rows;
    for (Index b = 0; b < B; ++b) {
        std::size_t which = 0;
        for (Index place = rng.below(total); place >= total_tokens(training[which]); ++which)
            place -= total_tokens(training[which]);
        const Index couplet = couplet_of(verse.periods[which]);
        const IndexArray row = couplet_windows(training[which], 1, trained_length(), couplet, rng);
        rows.insert(rows.end(), row.values.begin(), row.values.end());
    }
    return hide_characters({{B, trained_length()}, rows}, 0, rng);
}

double PoemTask::never(const std::vector<MaskedBatch>& questions) const {
    std::vector<Index> hidden;
    for (const MaskedBatch& batch : questions)
        std::ranges::copy_if(batch.targets.values, std::back_inserter(hidden),
                             [](Index target) { return target != MaskedBatch::ignore_index; });
    return share_without_mark(hidden, marks);
}

PoemTask poem_task(const Verse& verse) {
    Rng rng(1);
    Verse training = verse, held_out = verse;
    training.poems.clear();
    held_out.poems.clear();
    for (const Index period : verse.periods) {
        std::vector<Poem> shuffled = verse.with_period(period);
        rng.shuffle(std::span(shuffled));
        const auto first = shuffled.begin() + std::ssize(shuffled) * 15 / 100;
        held_out.poems.insert(held_out.poems.end(), shuffled.begin(), first);
        training.poems.insert(training.poems.end(), first, shuffled.end());
    }
    const Vocabulary vocabulary(training.poems);
    PoemTask task{verse, vocabulary, {}, {}, {}, vocabulary.are_among(verse.marks)};
    for (const Index period : verse.periods) task.training.push_back(vocabulary.encode(training.with_period(period)));
    const IndexArray inside = all_windows(held_out, vocabulary, task.trained_length());
    const IndexArray beyond = all_windows(held_out, vocabulary, task.evaluated_length());
    verse.require_enough(beyond.size() > 0,
                         text_of("7 poems with lines of one length, and among the 15 % that are held out one of ",
                                 task.evaluated_length(), " characters"));
    for (int repetition = 0; repetition < 3; ++repetition) {
        task.inside.push_back(hide_characters(inside, 0, rng));
        task.beyond.push_back(hide_characters(beyond, task.trained_length(), rng));
    }
    return task;
}

Transformer trained_poem_model(const PoemTask& task, const std::shared_ptr<const Encoding>& encoding, Index steps,
                               const std::function<void(double loss)>& step_done, Rng& rng) {
    const TinyBert bert{.vocab_size = task.vocabulary.size(),
                        .width = task.request().d_model,
                        .layers = 2,
                        .next_batch = [&](Rng& chance) { return task.training_batch(32, chance); }};
    return trained_bert(bert, encoding, {steps, 2e-3, 0.1, step_done}, rng);
}

}    // namespace ordinal::demos
