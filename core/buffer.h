// Where the numbers of arrays live. A training step asks for the same sizes again and again: what it gives back is kept
// and handed out again, for fresh memory has to be mapped and cleared by the operating system, page by page.
#pragma once

#include <memory>

#include <ordinal/core/scalar.h>

namespace ordinal {

// `count` numbers with arbitrary values, at an address that vector registers like. Throws Error: no memory.
std::shared_ptr<Scalar[]> make_buffer(Index count);

}    // namespace ordinal
