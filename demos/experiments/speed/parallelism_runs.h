// What the experiment "parallelism" measures: how long an encoding takes, and how many of its steps wait for each
// other.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/positional/encoding.h>

namespace ordinal {

// A width of 64, as everywhere in these experiments.
constexpr Index parallelism_width = 64;

// Nothing, a look-up, three recursions that need no waiting, and four that do. Of these, what the registry has.
std::vector<std::string> parallelism_encodings();

// The work that they stand beside: two Transformer layers, forward, on one sequence.
inline const std::string the_encoder = "2 Transformer layers";

struct EncodingTimes {
    std::string encoding;                  // or the_encoder
    std::vector<double> milliseconds;      // [length] one sequence, forward, the least of all rounds
    std::vector<Index> dependent_steps;    // [length] operations on the longest path of the recorded graph
};

// On as many threads as the program uses now. Rounds take turns, so that a slow moment of the machine meets all.
// progress: called after each measurement, with the milliseconds.
std::vector<EncodingTimes> measure_lengths(const std::vector<std::string>& encodings, const std::vector<Index>& lengths,
                                           Index rounds, const std::function<void(double)>& progress);

// The codes of all positions as a table: what an encoding that does not read the tokens is, once training is over.
std::shared_ptr<Encoding> as_table(const Encoding& encoding, Index length);

// The price of a batch of 8 sequences of one length, in milliseconds.
struct BatchTimes {
    std::string encoding;
    double forward = 0;     // a model that reads
    double training = 0;    // forward and backward
    double cached = 0;      // forward, when the codes lie in a table; NaN where they depend on the tokens
};
std::vector<BatchTimes> measure_batches(const std::vector<std::string>& encodings, Index length, Index rounds,
                                        const std::function<void(double)>& progress);

}    // namespace ordinal
