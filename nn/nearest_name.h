// "unknown encoding rn; did you mean rnn?": finding the name somebody meant to type.
#pragma once

#include <string>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal {

// Levenshtein's edit distance: the least number of letters to insert, delete or replace that turns a into b.
Index edit_distance(const std::string& a, const std::string& b);

// The candidate with the smallest distance to name (the first of several); "" when all are too far off to be meant,
// that is when more than half of the name's letters would have to change.
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

// The end of an error message: "did you mean rnn?" or, when nothing is near, "known: table, rnn, sinusoidal".
std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates);

}    // namespace ordinal
