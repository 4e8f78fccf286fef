// The two experiments of the demo `verse`, and what is claimed and shown of them.
#pragma once

#include "demos/lab/report.h"
#include "demos/models/kept_encodings.h"
#include "demos/models/long_poems.h"

namespace ordinal::demos {

// What there is to run. The experiment "beyond" is about the long poems.
struct VersePlan : LongPoems {
    std::vector<std::string> encodings = {};
    std::vector<std::string> readings = {};    // the labels of axis "encoding": one an encoding, three of a table

    double never() const;    // how often "no mark here" would be right in the second half of the windows
};

// Throws before any training: FileError for a text with too few lines, OptionError for an encoding that has no vector
// for each position, or too few.
VersePlan verse_plan(const Verse& verse, const std::vector<std::string>& encodings);

// Rhythm: a row for each period of the verse, and for the control. Beyond: a row for each encoding; a table has three,
// with its untrained rows as they are, set to 0, and with the trained rows repeated. Kept: cosines of the codes, and
// what the encodings have learned.
Measurements verse_runs(const VersePlan& plan, const std::vector<std::uint64_t>& seeds, Index steps);

// The encodings of the README's picture and a ring, trained by --all: for demos/play.
std::vector<KeptEncoding> trained_encodings(const Measurements& found, const VersePlan& plan);

std::string verse_label(Index period);      // "five characters a line, period 6"
std::string control_label(Index period);    // its windows start anywhere in the text, so that a position means nothing

// The bands are those of reference runs made with PyTorch before this code existed.
std::vector<Claim> verse_claims(const std::vector<std::string>& encodings, double never);

// verse_rhythm.png, verse_beyond.png, verse_where.svg and the README's face.png, of the first seed; two tables.
void show_verse(const Measurements& found, const VersePlan& plan, Report& report, std::ostream& out = std::cout);

}    // namespace ordinal::demos
