// Is what explain() tells what the batch computes?
#pragma once

#include <ordinal/positional/registry.h>

namespace ordinal {

// Position k by the batch computation, in the form that Encoding::explain promises.
NdArray told_by_batch(const Encoding& encoding, Index k, const EncodingRequest& request);

}    // namespace ordinal
