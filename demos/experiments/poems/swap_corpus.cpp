#include "demos/experiments/poems/swap_corpus.h"

#include <algorithm>

#include <ordinal/core/error.h>

namespace ordinal {
namespace {

struct Split {
    std::vector<Poem> training, held_out;
};

Split hold_out(const std::vector<Poem>& poems, Rng& rng) {
    Split split;
    for (const Meter meter : {Meter::five, Meter::seven}) {
        std::vector<Poem> shuffled = with_meter(poems, meter);
        rng.shuffle(std::span(shuffled));
        const auto first = shuffled.begin() + std::ssize(shuffled) * 15 / 100;
        split.held_out.insert(split.held_out.end(), shuffled.begin(), first);
        split.training.insert(split.training.end(), first, shuffled.end());
    }
    require<FileError>(!split.training.empty() && !split.held_out.empty(),
                       "swap: expected at least 7 poems of five or of seven characters a line, got ",
                       split.training.size() + split.held_out.size());
    return split;
}

// All windows of the length that start at a couplet: [N, length], five-character poems first.
IndexArray all_windows(const std::vector<Poem>& poems, const Vocabulary& vocabulary, Index length) {
    std::vector<Index> rows;
    for (const Meter meter : {Meter::five, Meter::seven}) {
        std::vector<Poem> fitting = with_meter(poems, meter);
        std::erase_if(fitting, [&](const Poem& poem) { return std::ssize(poem.text) < length; });
        if (fitting.empty()) continue;
        const IndexArray windows =
            all_couplet_windows(encode_poems(fitting, vocabulary), length, couplet_period(meter));
        rows.insert(rows.end(), windows.values.begin(), windows.values.end());
    }
    require<FileError>(!rows.empty(), "swap: no held-out poem has ", length, " characters; bring more or longer poems");
    return {{std::ssize(rows) / length, length}, rows};
}

MaskedBatch first_row(const MaskedBatch& batch) {
    const Index length = batch.inputs.shape[1];
    const auto row = [&](const IndexArray& all) {
        return IndexArray({1, length}, {all.values.begin(), all.values.begin() + length});
    };
    return {row(batch.inputs), row(batch.targets)};
}

Index total_tokens(const TokenLists& poems) {
    Index total = 0;
    for (const auto& poem : poems) total += std::ssize(poem);
    return total;
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

MaskedBatch SwapCorpus::training_batch(Index B, Rng& rng) const {
    const Index of_five = total_tokens(five), of_seven = total_tokens(seven);
    std::vector<Index> rows;
    for (Index b = 0; b < B; ++b) {
        const bool is_five = rng.below(of_five + of_seven) < of_five;
        const Index couplet = couplet_period(is_five ? Meter::five : Meter::seven);
        const IndexArray row = couplet_windows(is_five ? five : seven, 1, swap_trained_length, couplet, rng);
        rows.insert(rows.end(), row.values.begin(), row.values.end());
    }
    return hide_characters({{B, swap_trained_length}, rows}, 0, rng);
}

SwapCorpus swap_corpus(const std::vector<Poem>& poems) {
    Rng rng(1);
    const Split split = hold_out(poems, rng);
    const Vocabulary vocabulary(split.training);
    const auto training = [&](Meter meter) { return encode_poems(with_meter(split.training, meter), vocabulary); };
    SwapCorpus corpus{vocabulary, training(Meter::five), training(Meter::seven), {}, {}, {}, {}, {}};

    const IndexArray inside = all_windows(split.held_out, vocabulary, swap_trained_length);
    const IndexArray beyond = all_windows(split.held_out, vocabulary, swap_asked_length);
    for (int repetition = 0; repetition < 3; ++repetition) {
        corpus.inside.push_back(hide_characters(inside, 0, rng));
        corpus.beyond.push_back(hide_characters(beyond, swap_trained_length, rng));
    }
    corpus.example_inside = first_row(corpus.inside.front());
    corpus.example_beyond = first_row(corpus.beyond.front());

    corpus.marks.assign(static_cast<std::size_t>(vocabulary.size()), false);
    for (const char32_t mark : std::u32string(U"，。？！；"))
        if (const Index id = vocabulary.id(mark); id != Vocabulary::unknown)
            corpus.marks[static_cast<std::size_t>(id)] = true;
    return corpus;
}

double never_punctuation(const SwapCorpus& corpus, const std::vector<MaskedBatch>& questions) {
    Index none = 0, all = 0;
    for (const MaskedBatch& batch : questions)
        for (const Index target : batch.targets.values) {
            if (target == MaskedBatch::ignore_index) continue;
            ++all;
            none += !corpus.is_punctuation(target);
        }
    return static_cast<double>(none) / static_cast<double>(all);
}

}    // namespace ordinal
