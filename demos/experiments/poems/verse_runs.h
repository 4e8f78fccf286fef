// The two experiments of the demo `verse`.
//
// Rhythm:  train BERT's learned table on windows of poems and look for the verse's period in the table.
// Beyond:  train at 32 positions on short poems, then ask for 96 positions of long ones: does the encoding keep the
//          beat where the table has no trained rows?
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/core/nd_array.h>
#include <ordinal/positional/measures/similarity.h>
#include "demos/corpus/poems.h"

namespace ordinal {

struct TrainingSettings {
    std::uint64_t seed = 1;
    Index steps = 500;
    std::function<void(double loss)> on_step = {};
};

struct RhythmRun {
    NdArray before, after;              // cosine similarity of the table's rows, [48, 48]
    PeriodScore score_before, score;    // at the line's period: 6 or 8
};

// couplets: windows start at a couplet. Otherwise anywhere in the text: the control, in which position means nothing.
RhythmRun run_rhythm(const std::vector<Poem>& poems, Meter meter, bool couplets, const TrainingSettings& settings);

constexpr Index trained_length = 32;    // in the experiment "beyond"
constexpr Index shown_length = 96;

struct BeyondRun {
    std::string name;             // the encoding, and how its table was continued
    NdArray similarity;           // cosine of the codes, [96, 96]
    std::vector<double> where;    // [8]: for each couplet, the share of "punctuation here or not?" answered right
    double inside = 0;            // the same over positions 0 .. 23
    double middle = 0;            // over 24 .. 47: the end of training, 32, is inside
    double beyond = 0;            // and over 48 .. 95: never seen in training
    double score = 0;             // period score of positions 32 .. 95 at the couplet, 12
};

// Throws OptionError for an encoding that run_beyond cannot take: said before the training, not after it.
void check_beyond_encoding(const std::string& encoding);

// Trains once and evaluates. A table is evaluated three times: its untrained rows as they are, set to 0, and with the
// trained rows repeated. Every other encoding once.
std::vector<BeyondRun> run_beyond(const std::vector<Poem>& poems, const std::string& encoding,
                                  const TrainingSettings& settings);

// How often "no punctuation here, ever" would be right on the evaluation windows, positions 48 .. 95.
double never_punctuation(const std::vector<Poem>& poems);

}    // namespace ordinal
