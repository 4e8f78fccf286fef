// KeyValueCache: what a causal model keeps of the texts that it is writing, so that one more token costs one row of
// attention and not a whole pass. One cache is one batch of texts; a new text begins with a new cache.
#pragma once

#include <memory>
#include <vector>

#include <ordinal/nn/attention.h>

namespace ordinal {

struct KeyValueCache {
    Index length = 0;                                // tokens so far
    std::vector<KeptTokens> layers = {};             // of each layer
    std::vector<std::unique_ptr<Stream>> streams;    // of each layer's position scheme, where it has one
    bool interrupted = false;                        // by an exception, between two layers: it cannot go on
};

}    // namespace ordinal
