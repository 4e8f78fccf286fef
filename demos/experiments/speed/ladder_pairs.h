// Two ways to the same numbers: in the plain form that one reads first, and in the one that the library uses.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/core/nd_array.h>

namespace ordinal {

struct Pair {
    std::string what;
    std::function<NdArray()> plain, fast;
};

// T: the length of the sequences, which the other sizes follow. The demo takes 1024.
std::vector<Pair> ladder_pairs(Index T);

}    // namespace ordinal
