// The experiment "swap": one small BERT on Tang poems, and nothing changes but its position encoding.
#pragma once

#include <array>
#include <string>
#include <vector>

#include <ordinal/positional/registry.h>
#include "demos/experiments/poems/masked_language_model.h"
#include "demos/experiments/poems/swap_corpus.h"
#include "demos/experiments/poems/swap_score.h"
#include "demos/lab/jobs.h"

namespace ordinal {

using TopThree = std::array<Index, 3>;    // token ids, the likeliest first

struct SwapRun {
    std::string name;                                        // the encoding, and how its table was continued
    GuessScore inside, beyond;                               // NaN beyond, where the encoding has no such position
    std::vector<TopThree> example_inside, example_beyond;    // for each hidden character of the examples
};

// Functional codes start quiet (gain=0.15), about as loud as the token vectors.
inline const std::string swap_none = "none", swap_table = "table", swap_rnn = "rnn(init=orthogonal, gain=0.15)",
                         swap_rotary = "rope", swap_closed_form = "linear(state=8, gain=0.15)", swap_alibi = "alibi";
std::vector<std::string> all_swap_encodings();    // all that have a meaning where tokens see both sides

// How a trained table goes on beyond its last row, in the names of its runs.
inline const std::string untrained_rows = ", untrained rows", repeated_rows = ", repeated",
                         hierarchical_rows = ", hierarchical";

constexpr EncodingRequest swap_request{.d_model = 64, .max_length = swap_asked_length, .num_heads = 4};

// Throws OptionError for an encoding that does not exist: said before the training, not after it.
void check_swap_encoding(const std::string& encoding);

// Two layers, 64 wide, 4 heads; 32 windows a step.
Transformer trained_swap_model(const SwapCorpus& corpus, std::shared_ptr<const Encoding> encoding, Index steps,
                               const StepDone& step_done, Rng& rng);

// Trains once. A table is asked three times: with the rows that training has not reached as they are, with the trained
// ones repeated, and with Su's hierarchical continuation. Every other encoding once.
std::vector<SwapRun> run_swap(const SwapCorpus& corpus, const std::string& encoding, std::uint64_t seed, Index steps,
                              const StepDone& step_done);

}    // namespace ordinal
