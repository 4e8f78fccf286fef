#include "demos/lab/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "demos/lab/interrupt.h"

namespace ordinal::demos {
namespace {

constexpr double seconds_between_drawings = 0.1;
constexpr Index bar_width = 20;

std::string bar(Index percent) {
    const auto filled = static_cast<std::size_t>(bar_width * percent / 100);
    return '[' + std::string(filled, '#') + std::string(bar_width - filled, ' ') + ']';
}

}    // namespace

ProgressDisplay ProgressDisplay::standard_error() {
    const char* terminal = std::getenv("TERM");
    const bool is_dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
    winsize size{};
    const bool knows_size = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    const auto now = [] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    };
    return {.out = &std::cerr,
            .is_terminal = isatty(STDERR_FILENO) != 0 && !is_dumb,
            .columns = knows_size ? size.ws_col : 80,
            .seconds = now};
}

Progress::Progress(std::string what, Index steps, ProgressDisplay display)
    : what_(std::move(what)),
      steps_(std::max<Index>(steps, 1)),
      display_(std::move(display)),
      started_(display_.seconds()) {}

Progress::~Progress() {
    if (line_open_) *display_.out << '\n' << std::flush;
}

std::string Progress::status(Index steps_done) const {
    const Index percent = 100 * steps_done / steps_;
    char text[16];
    std::snprintf(text, sizeof text, " %3d %%", static_cast<int>(percent));
    std::string line = what_ + ' ' + (display_.is_terminal ? bar(percent) : "") + text + value_;
    if (steps_done > 0) {    // the rest at the pace so far
        const double elapsed = display_.seconds() - started_;
        const double rest = elapsed * static_cast<double>(steps_ - steps_done) / static_cast<double>(steps_done);
        line += "  ETA " + minutes_and_seconds(rest);
    }
    return line;
}

void Progress::draw(const std::string& text) {
    const std::string visible = text.substr(0, static_cast<std::size_t>(std::max(display_.columns - 1, 1)));
    const char* clear_rest_of_line = "\x1b[K";
    *display_.out << '\r' << visible << clear_rest_of_line << std::flush;
    line_open_ = true;
}

void Progress::update(Index steps_done, const char* name, double value) {
    stop_if_interrupted();
    steps_done = std::clamp<Index>(steps_done, 0, steps_);
    char number[32];
    std::snprintf(number, sizeof number, "%.3g", value);
    value_ = std::string("  ") + name + ' ' + number;
    const double now = display_.seconds();
    if (display_.is_terminal) {
        if (now - last_drawn_ < seconds_between_drawings && steps_done < steps_) return;
        last_drawn_ = now;
        draw(status(steps_done));
    } else if (const Index tenths = 10 * steps_done / steps_; tenths > tenths_shown_ && tenths < 10) {
        tenths_shown_ = tenths;    // the last tenth is finish()'s
        *display_.out << status(steps_done) << '\n' << std::flush;
    }
}

void Progress::finish() {
    const std::string line = what_ + "  done in " + minutes_and_seconds(display_.seconds() - started_) + value_;
    if (display_.is_terminal)
        draw(line);
    else
        *display_.out << line;
    *display_.out << '\n' << std::flush;
    line_open_ = false;
}

std::string minutes_and_seconds(double seconds) {
    const long long whole = static_cast<long long>(std::max(seconds, 0.0));
    char text[32];
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
    return text;
}

}    // namespace ordinal::demos
