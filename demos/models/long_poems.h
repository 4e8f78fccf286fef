// Short poems to train on, and long ones that training never sees: what the demos `verse` and `write_verse` need.
#pragma once

#include "demos/models/windows.h"

namespace ordinal::demos {

// Of a text's main period.
struct LongPoems {
    Verse verse;
    Vocabulary vocabulary;
    TokenLists training = {};          // poems of 4 to 15 lines
    IndexArray windows = {};           // [N, 96] of the longer ones, each from a couplet on
    std::vector<bool> is_mark = {};    // [V]

    Index couplet() const { return couplet_of(verse.period()); }
    // Two couplets and two thirds, 32 positions of five-character verse: rows that are repeated fall out of step.
    Index trained() const { return couplet() * 8 / 3; }
    Index evaluated() const { return couplet() * 8; }
};

// Throws FileError, before any training, for a text with too few lines.
LongPoems long_poems(const Verse& verse);

}    // namespace ordinal::demos
