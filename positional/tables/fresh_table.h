// How a table of position codes starts before any training.
#pragma once

#include <ordinal/core/random.h>
#include <ordinal/positional/room.h>

namespace ordinal {

// BERT's start: a normal cut at two deviations (what is left of 0.02 deviates by 0.0176). 0: all rows begin at 0.
inline NdArray fresh_table(const char* who, Index rows, Index d_model, double standard_deviation, Rng& rng) {
    require_room(who, "a table", {rows, d_model}, "take fewer rows");
    require<OptionError>(standard_deviation >= 0, who, ": expected a standard deviation (std) of 0 or more, got ",
                         standard_deviation);
    require<OptionError>(fits(2 * standard_deviation), who, ": a standard deviation (std) of ", standard_deviation,
                         " is too large for this build's numbers");
    return random_truncated_normal({rows, d_model}, standard_deviation, rng);
}

}    // namespace ordinal
