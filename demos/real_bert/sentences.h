// The sentences that the experiments with a real BERT move about.
#pragma once

#include <string>
#include <vector>

#include "demos/real_bert/movable_bert.h"

namespace ordinal::demos {

struct SentenceSource {
    std::string name;    // "the English quotes of Debian's package fortunes"
    std::vector<std::string> sentences;
    bool many = false;    // enough for the claims
};

// The lines of a file, each of them one text, and an empty line as well. FileError: not there, empty, or no UTF-8, with
// the place of the byte in the file.
std::vector<std::string> read_lines(const std::string& path);

// The quotes of 60 to 260 bytes in a file of fortunes: texts with a line "%" between them, without who said it (a line
// that begins with "--") and with single blanks.
std::vector<std::string> quotes_in(const std::string& text);

// Quotes of Debian's package fortunes (wisdom, literature, people), where it is installed; else a few that come along.
SentenceSource load_sentences(const std::string& folder = "/usr/share/games/fortunes");

// One draw of them: some to test with, where each is at home and what becomes of it with its pieces in another order;
// and the others, to train with.
struct Draw {
    std::vector<Tokens> test, rest;
    NdArray home;                     // [N, D]: the vectors of `test` on the model's own table from row 0 on
    std::vector<NdArray> shuffled;    // seven times [N, D]
};
Draw draw_sentences(std::vector<Tokens> all, Index count, const MovableBert& bert, std::uint64_t seed);

// How a text is found that was moved. `vectors`: [N, D], of the draw's tests.
struct Scores {
    double faithful = 0;    // the mean cosine of a text's vector with the one it has at home
    double in_order = 0;    // the share nearer to home than to all seven copies with shuffled pieces; chance: 1/8
};
Scores scores_of(const NdArray& vectors, const Draw& draw);

}    // namespace ordinal::demos
