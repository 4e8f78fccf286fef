// Ctrl-C: the work ends between two steps, so that what is being written is written whole or never appears.
#pragma once

#include <ordinal/core/error.h>

namespace ordinal::demos {

struct Interrupted : Error {
    using Error::Error;
};

// From here on the first SIGINT or SIGTERM lets stop_if_interrupted() throw; the second one ends the program at once.
void end_at_next_step_when_interrupted();

// Throws Interrupted. Progress calls it at each step; work without a progress bar ends at its own end.
void stop_if_interrupted();

}    // namespace ordinal::demos
