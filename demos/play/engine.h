// What the page asks the library: C functions, which a browser can call. Each answers with a text in JSON that lives
// until the next question. Where something is wrong, the answer is {"error": "the library's sentence"}, and what was
// shown before stays. An array in an answer is {"at": its address, "shape": [...]}, and lives as long.
#pragma once

extern "C" {

// What there is: schemes and their options, tasks, the trained encodings, the colours of a heatmap from -1 to 1.
const char* ordinal_about();

// A trained encoding, by its place in the list: the cosine of its codes as far as it goes, and what it says beyond.
const char* ordinal_trained(int which, int length);

// Any scheme: the picture (positional/measures/kernel.h), its traits in words, how many numbers it learns. Then what
// the picture measures, the cell (i, j) of it with both codes, and the story of a position.
const char* ordinal_look(const char* specification, int length, int seed);
const char* ordinal_indicators();
const char* ordinal_cell(int i, int j);
const char* ordinal_explain(int k);

// Training: begins one; takes a step; the picture of the scheme as it is by now; the share of right answers.
const char* ordinal_train(const char* specification, const char* task, int seed, int steps);
const char* ordinal_step();
const char* ordinal_progress(int length);
const char* ordinal_accuracy(int length);

// Lets go of the scheme and the training.
const char* ordinal_forget();
}
