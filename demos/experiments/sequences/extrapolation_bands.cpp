#include "demos/experiments/sequences/extrapolation_bands.h"

#include <algorithm>

namespace ordinal {
namespace {

const char* const learned = "inside the trained length this is learned nearly perfectly; were there enough steps?";
const char* const unseen = "nothing is known about these positions; a value above chance is luck or a leak";
const char* const drift = "a frequency that is a little off is off by ever more; some seeds stop short";
const char* const cycle = "the state has not settled into the cycle of 5; some seeds need more steps";
const char* const blind = "rotary positions are relative; the absolute phase should stay unknown";
const char* const counts = "the RNN counts by itself; some seeds need more steps";
const char* const leans = "a net that always has the table leans on it, and falls with it; some seeds do not";

}    // namespace

std::vector<LengthBand> full_bands() {
    std::vector<LengthBand> bands{
        {"off3", learned_table, 32, at_least(0.99), learned},
        {"off3", learned_table, 64, at_most(0.15), unseen},
        {"off3", learned_table, 128, at_most(0.15), unseen},
        {"off3", learned_table, 256, at_most(0.15), unseen},
        {"off3", sinusoid, 64, at_most(0.35), unseen},
        {"off3", rotation_rnn, 64, at_least(0.85), drift},
        {"off3", rotation_rnn, 128, at_least(0.70), drift},
        {"off3", closed_form, 128, at_least(0.95), drift},
        {"off3", closed_form, 256, at_least(0.85), drift},
        {"off3", rotary, 128, at_least(0.95), drift},
        {"off3", rotary, 256, at_least(0.90), drift},
        {"off3", rnn_reads_tokens, 256, at_least(0.98), counts},
        {"mod5", learned_table, 32, at_least(0.99), learned},
        {"mod5", learned_table, 64, at_most(0.40), unseen},
        {"mod5", learned_table, 128, at_most(0.40), unseen},
        {"mod5", learned_table, 256, at_most(0.40), unseen},
        {"mod5", orthogonal_rnn, 256, at_least(0.99), cycle},
        {"mod5", default_rnn, 256, at_least(0.99), cycle},
        {"mod5", closed_form, 128, at_least(0.90), drift},
        {"marker", learned_table, 64, at_most(0.35), unseen},
        {"marker", rnn_reads_tokens, 256, at_least(0.98), counts},
    };
    for (const Index length : asked_lengths) bands.push_back({"mod5", rotary, length, at_most(0.40), blind});
    return bands;
}

std::vector<LengthBand> wide_margin_bands() {
    return {{"off3", learned_table, 64, at_most(0.20), unseen},   {"off3", rotary, 128, at_least(0.90), drift},
            {"off3", closed_form, 128, at_least(0.90), drift},    {"off3", hybrid, 128, at_most(0.35), leans},
            {"off3", hybrid_dropped, 128, at_least(0.50), drift}, {"mod5", orthogonal_rnn, 256, at_least(0.98), cycle}};
}

std::vector<LengthBand> hybrid_bands() {
    return {{"off3", hybrid, 128, at_most(0.25), leans},
            {"off3", hybrid_dropped, 128, at_least(0.75), drift},
            {"off3", closed_form, 128, at_least(0.95), drift}};
}

Expectations judge(const std::string& demo, const ExtrapolationResults& results, const std::vector<LengthBand>& bands) {
    Expectations expectations(demo);
    for (const LengthBand& b : bands)
        for (std::size_t t = 0; t < results.tasks.size(); ++t)
            for (std::size_t e = 0; e < results.encodings.size(); ++e) {
                if (results.tasks[t] != b.task || !same_encoding(results.encodings[e], b.encoding)) continue;
                const auto length = std::find(asked_lengths.begin(), asked_lengths.end(), b.length);
                expectations.add({.what = text_of(b.task, " at ", b.length, ": ", b.encoding),
                                  .measured = at_length(results.accuracy[t][e], length - asked_lengths.begin()),
                                  .band = b.band,
                                  .source = "reference runs in PyTorch",
                                  .if_missed = b.if_missed,
                                  .judged_by = JudgedBy::mean,
                                  .chance = sequence_task(b.task).chance});
            }
    return expectations;
}

}    // namespace ordinal
