#include "demos/lab/progress.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "demos/lab/interrupt.h"

namespace ordinal::demos {

ProgressDisplay ProgressDisplay::standard_error() {
    const char* terminal = std::getenv("TERM");
    const bool is_dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
    const auto now = [] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    };
    return {.out = &std::cerr, .is_terminal = isatty(STDERR_FILENO) != 0 && !is_dumb, .seconds = now};
}

Progress::Progress(std::string what, Index steps, ProgressDisplay display)
    : what_(std::move(what)),
      steps_(std::max<Index>(steps, 1)),
      display_(std::move(display)),
      started_(display_.seconds()) {}

Progress::~Progress() {
    if (line_open_) *display_.out << '\n' << std::flush;
}

void Progress::show(const std::string& text) {
    // Terminals: to the left edge; what is too long for the line is cut (DECAWM off) and the rest of it cleared.
    if (display_.is_terminal)
        *display_.out << "\r\x1b[?7l" << text << "\x1b[K\x1b[?7h" << std::flush;
    else
        *display_.out << text << std::endl;
    line_open_ = display_.is_terminal;
}

void Progress::update(Index steps_done, const char* name, double value) {
    stop_if_interrupted();
    steps_done = std::clamp<Index>(steps_done, 0, steps_);
    char text[64];
    std::snprintf(text, sizeof text, "  %s %.3g", name, value);
    value_ = text;
    const Index parts = display_.is_terminal ? 1000 : 10, parts_done = parts * steps_done / steps_;
    if (parts_done == parts_shown_ || parts_done == parts) return;    // the last part is finish()'s
    parts_shown_ = parts_done;
    std::snprintf(text, sizeof text, " %3d %%", static_cast<int>(100 * steps_done / steps_));
    const double pace = (display_.seconds() - started_) / static_cast<double>(steps_done);
    show(what_ + text + value_ + "  ETA " + minutes_and_seconds(pace * static_cast<double>(steps_ - steps_done)));
}

void Progress::finish() {
    show(what_ + "  done in " + minutes_and_seconds(display_.seconds() - started_) + value_);
    if (line_open_) *display_.out << '\n' << std::flush;
    line_open_ = false;
}

std::string minutes_and_seconds(double seconds) {
    const long long whole = static_cast<long long>(std::max(seconds, 0.0));
    char text[32];
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
    return text;
}

}    // namespace ordinal::demos
