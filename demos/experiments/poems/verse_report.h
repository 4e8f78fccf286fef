// What the demo `verse` shows of its training runs: three pictures, and the numbers against their bands.
#pragma once

#include "demos/experiments/poems/verse_runs.h"
#include "demos/lab/report.h"

namespace ordinal {

struct VerseResults {
    std::vector<RhythmRun> five, seven, control;    // [seed]
    // [encoding][seed]: the readings of one trained model, several for a table (see run_beyond)
    std::vector<std::vector<std::vector<BeyondRun>>> beyond;
};

// verse_rhythm.png, verse_beyond.png, verse_where.png and the README's face.png, of the first seed.
// Curves: the mean of all seeds, from the least to the greatest.
// never: how often "no punctuation here" would be right, drawn as a line to beat.
void draw_verse(const VerseResults& results, double never, Report& report);

// A row for each encoding (and each continuation of a table); mean [least .. greatest] over the seeds.
Table where_table(const VerseResults& results, double never);
// How periodic the trained table is: verse of five, of seven, and the control.
Table rhythm_table(const VerseResults& results);

// The bands are those of reference runs made with PyTorch before this code existed. They are stated for 500 steps and
// the mean of 3 seeds, one of them for every single seed. Inside the trained length all encodings are judged.
// With wide_margin: those few of them that one seed and 250 steps meet, too, with room to spare.
enum class VerseBands { full, wide_margin };
Expectations judge_verse(const VerseResults& results, VerseBands bands, double never);

}    // namespace ordinal
