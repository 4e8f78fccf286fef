// The experiment "attention_maps": what do the heads of a trained model look at?
#pragma once

#include <string>
#include <vector>

#include "demos/experiments/attention/attention_maps_measures.h"
#include "demos/experiments/poems/swap_corpus.h"
#include "demos/lab/jobs.h"
#include "demos/models/sequence_model.h"

namespace ordinal {

// Where a punctuation mark can stand in windows that start at a couplet: 5, 11, 17, 23 in verse of five characters a
// line, 7, 15, 23 in verse of seven. Those of one meter only tell the meters apart.
std::vector<Index> mark_places();                    // all of them
std::vector<Index> mark_places_only(Meter meter);    // 5, 11, 17; or 7, 15
std::vector<Index> other_places();

// The first layer of one trained model, its heads.
struct AttentionMaps {
    NdArray attention;                // [H, T, T]: the weights on real inputs, averaged over them
    std::vector<BestLag> looks_at;    // [H]
    std::vector<LagRule> rules;       // [H]: of the scores when no token says anything (all token vectors 0)
    double unseen = 0;    // off3: right answers at 32 .. 63, twice the trained length; NaN: no such position
    double codes = 0;     // off3: code_invariance of the 32 trained codes; NaN: it adds none

    double mean_invariance() const;    // over the heads
    double mean_asymmetry() const;
    const BestLag& clearest() const;    // the head with the largest share at one lag
    // Poems: how much `queries` look at `keys`, in the head where they do it most.
    double largest_share(const std::vector<Index>& queries, const std::vector<Index>& keys) const;
};

// One layer trained on off3 (answer with the token three places back) at up to 32 positions, looked at with 32.
AttentionMaps maps_on_off3(const std::string& encoding, std::uint64_t seed, Index steps, const StepDone& step_done);

// The model of the demo `swap`, looked at with windows of five-character poems.
AttentionMaps maps_on_poems(const SwapCorpus& corpus, const std::string& encoding, std::uint64_t seed, Index steps,
                            const StepDone& step_done);

}    // namespace ordinal
