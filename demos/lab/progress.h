// Progress: where a long piece of work is, how long it will still take, and how the loss does.
//
//     Progress progress("verse: five-character, table, seed 1", steps);
//     for (Index step = 1; step <= steps; ++step) { ...; progress.update(step, "loss", loss); }
//     progress.finish();
//
// On a terminal one line that is drawn again and again:
//     verse: five-character, table, seed 1 [########        ]  52 %  loss 3.21  ETA 0:04
// Anywhere else (a file, a pipe) a plain line at each tenth of the work.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <ordinal/core/scalar.h>

namespace ordinal::demos {

// Where progress is shown. Tests bring their own stream and clock.
struct ProgressDisplay {
    std::ostream* out;
    bool is_terminal;
    int columns;                        // a longer line would wrap, and could not be drawn over
    std::function<double()> seconds;    // a clock that never goes back

    static ProgressDisplay standard_error();
};

class Progress {
public:
    Progress(std::string what, Index steps, ProgressDisplay display = ProgressDisplay::standard_error());
    ~Progress();    // ends a line that was not finished, so that an error message starts on a fresh one
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // With a number to show, such as the loss. Throws Interrupted after Ctrl-C.
    void update(Index steps_done, const char* name, double value);
    void finish();    // says how long it took

private:
    std::string status(Index steps_done) const;
    void draw(const std::string& text);

    std::string what_;
    Index steps_;
    ProgressDisplay display_;
    double started_;
    double last_drawn_ = -1e9;
    Index tenths_shown_ = 0;
    bool line_open_ = false;
    std::string value_;    // the latest, with its name
};

std::string minutes_and_seconds(double seconds);    // 75.2 -> "1:15"

}    // namespace ordinal::demos
