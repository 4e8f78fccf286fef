// Verse that a small causal model writes, and how well it keeps the line.
#pragma once

#include "demos/lab/report.h"
#include "demos/models/long_poems.h"

namespace ordinal::demos {

constexpr double writing_temperature = 0.8;

struct Places {
    Index begin, end;    // end is not one of them
    std::string text() const { return text_of(begin, "..", end - 1); }
};

// Does the place hold a mark?  tokens: [...] -> [...] of 1 and 0
NdArray marks_in(const NdArray& tokens, const std::vector<bool>& is_mark);

// Three shares, all of them 1 in a poet's poem. NaN where there is nothing to divide by.
struct Kept {
    double right;    // of the marks: those at a place where a mark belongs (5, 11, 17, ...)
    double found;    // of the places where a mark belongs: those that hold one
    double lines;    // of the lines that end here: those with as many characters as they should have
};
Kept kept(const NdArray& marks, Index period, const Places& places);    // marks: [N, L]
// Of marks that are as frequent, and fall anywhere.
Kept kept_by_chance(double share_of_marks, Index period, const Places& places);

// Each model goes on with all openings, which are a couplet long; beside them stand marks at random places. A table
// writes twice: with the rows that training has not reached as they are, and with the trained ones repeated. The
// measure "reading" is "right" where the text so far is a poet's. Kept: the written poems, [N, 96] tokens.
inline const std::string random_places = "marks at random places";
Measurements writing_runs(const LongPoems& poems, const std::vector<std::string>& encodings,
                          const std::vector<std::uint64_t>& seeds, Index steps);

// For readers without Chinese: o a mark where one belongs, x a mark elsewhere, - a mark that is missing, . a character.
std::string beat_of(const NdArray& marks, Index period);    // marks: [L], from the beginning of a line on

// Two poems of each model of the first seed, the chart, and a table for each measure.
void show_writing(const Measurements& found, const LongPoems& poems, Report& report, std::ostream& out = std::cout);

}    // namespace ordinal::demos
