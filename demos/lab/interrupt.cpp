#include "demos/lab/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace ordinal::demos {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void on_interrupt(int signal_number) {    // may call only what is safe inside a signal handler
    interrupted = 1;
    std::signal(signal_number, SIG_DFL);
    constexpr char text[] = "\nstopping after this step; once more, and it ends at once\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text, sizeof text - 1);
}

}    // namespace

void stop_if_interrupted() {
    [[maybe_unused]] static const bool listening = [] {
        std::signal(SIGINT, on_interrupt);
        std::signal(SIGTERM, on_interrupt);
        return true;
    }();
    require<Interrupted>(interrupted == 0, "interrupted");
}

}    // namespace ordinal::demos
