// Ctrl-C: the work ends between two steps, so that what is being written is written whole or never appears.
#pragma once

#include <ordinal/core/error.h>

namespace ordinal::demos {

struct Interrupted : Error {
    using Error::Error;
};

// From here on the first SIGINT or SIGTERM lets stop_if_interrupted() throw; the second one ends the program at once.
// So does the first one where no step has been made yet: a program may wait for ever for the other end of a pipe.
void end_at_next_step_when_interrupted();

// Throws Interrupted. Progress calls it at each step.
void stop_if_interrupted();

}    // namespace ordinal::demos
