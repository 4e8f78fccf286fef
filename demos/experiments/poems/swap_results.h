// All runs of the experiment "swap", and the rows of its table.
#pragma once

#include "demos/experiments/poems/swap_runs.h"

namespace ordinal {

struct SwapResults {
    std::vector<std::string> encodings;
    std::vector<std::uint64_t> seeds;
    // [encoding][seed]: the readings of one trained model, several for a table (see run_swap)
    std::vector<std::vector<std::vector<SwapRun>>> runs;
};

// "0..23" and "24..47"
inline const std::string inside_positions = text_of("0..", swap_trained_length - 1);
inline const std::string beyond_positions = text_of(swap_trained_length, "..", swap_asked_length - 1);

// The same reading of the same encoding, over all seeds.
struct SwapRow {
    std::string name;
    std::vector<const SwapRun*> seeds;

    std::vector<double> of(GuessScore SwapRun::*place, double GuessScore::*number) const {
        std::vector<double> values;
        for (const SwapRun* run : seeds) values.push_back(run->*place.*number);
        return values;
    }
};

// They point into `results`.
inline std::vector<SwapRow> swap_rows(const SwapResults& results) {
    std::vector<SwapRow> rows;
    for (const auto& seeds : results.runs)
        for (std::size_t reading = 0; reading < seeds.front().size(); ++reading) {
            SwapRow row{seeds.front()[reading].name, {}};
            for (const auto& readings : seeds) row.seeds.push_back(&readings[reading]);
            rows.push_back(std::move(row));
        }
    return rows;
}

}    // namespace ordinal
