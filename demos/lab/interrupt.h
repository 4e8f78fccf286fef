// Ctrl-C: the work ends between two steps, so that what is being written is written whole or never appears.
#pragma once

#include <ordinal/core/error.h>

namespace ordinal::demos {

struct Interrupted : Error {
    using Error::Error;
};

// Progress calls it at each step. From the first call on it throws Interrupted after a SIGINT or SIGTERM; a second one
// ends the program at once. So does any before the first step: a program may wait for ever for the other end of a pipe.
void stop_if_interrupted();

}    // namespace ordinal::demos
