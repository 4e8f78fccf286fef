#include "demos/lab/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace ordinal::demos {
namespace {

volatile std::sig_atomic_t interrupted = 0, in_steps = 0;

extern "C" void on_interrupt(int signal_number) {    // may call only what is safe inside a signal handler
    interrupted = 1;
    std::signal(signal_number, SIG_DFL);
    if (in_steps == 0) {
        std::raise(signal_number);    // comes through when this function has returned
        return;
    }
    constexpr char text[] = "\nstopping after this step; once more, and it ends at once\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text, sizeof text - 1);
}

}    // namespace

void end_at_next_step_when_interrupted() {
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
}

void stop_if_interrupted() {
    in_steps = 1;
    require<Interrupted>(interrupted == 0, "interrupted");
}

}    // namespace ordinal::demos
