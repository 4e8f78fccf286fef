// What the demo `verse` shows of its training runs: three pictures, and the numbers against their bands.
#pragma once

#include <ostream>

#include "demos/common/expectation.h"
#include "demos/common/options.h"
#include "demos/experiments/verse_runs.h"

namespace ordinal {

struct VerseResults {
    std::vector<RhythmRun> five, seven, control;    // [seed]
    // [encoding][seed]: the readings of one trained model, several for a table (see run_beyond)
    std::vector<std::vector<std::vector<BeyondRun>>> beyond;
};

// verse_rhythm.png, verse_beyond.png and verse_where.png, of the first seed.
// never: how often "no punctuation here" would be right, drawn as a line to beat.
void draw_verse(const VerseResults& results, double never, const DemoOptions& options);

// The bands are those of reference runs made with PyTorch before this code existed. They are stated for 500 steps and
// the mean of 3 seeds. Encodings without a stated band are printed only.
Expectations judge_verse(const VerseResults& results, std::ostream& out);

}    // namespace ordinal
