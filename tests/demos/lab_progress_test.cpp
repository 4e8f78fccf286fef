#include "demos/lab/progress.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

struct Screen {
    std::ostringstream out;
    double now = 100;

    ProgressDisplay display(bool is_terminal, int columns = 120) {
        return {&out, is_terminal, columns, [this] { return now; }};
    }
    std::string take() {
        std::string text = out.str();
        out.str("");
        return text;
    }
};

}    // namespace

TEST_CASE("without a terminal there is one plain line for each tenth and one at the end") {
    Screen screen;
    Progress progress("train", 100, screen.display(false));
    for (Index step = 1; step <= 100; ++step) {
        screen.now += 0.5;
        progress.update(step, "loss", 3.2149);
        if (step == 9) CHECK(screen.take() == "");
        if (step == 10) CHECK(screen.take() == "train   10 %  loss 3.21  ETA 0:45\n");
        if (step == 89) CHECK(screen.take().find("80 %") != std::string::npos);
        if (step == 90) CHECK(screen.take() == "train   90 %  loss 3.21  ETA 0:05\n");
    }
    progress.finish();
    CHECK(screen.take() == "train  done in 0:50  loss 3.21\n");
}

TEST_CASE("fewer steps than tenths give no line twice") {
    Screen screen;
    Progress progress("train", 3, screen.display(false));
    for (Index step = 1; step <= 3; ++step) progress.update(step, "loss", 1);
    progress.finish();
    CHECK(screen.take() ==
          "train   33 %  loss 1  ETA 0:00\ntrain   66 %  loss 1  ETA 0:00\ntrain  done in 0:00  loss 1\n");
}

TEST_CASE("a terminal gets one line that is drawn over") {
    Screen screen;
    {
        Progress progress("train", 200, screen.display(true));
        screen.now += 10;
        progress.update(100, "loss", 0.5);
        CHECK(screen.take() == "\rtrain [##########          ]  50 %  loss 0.5  ETA 0:10\x1b[K");
        screen.now += 75;
        progress.update(200, "loss", 0.25);
        CHECK(screen.take() == "\rtrain [####################] 100 %  loss 0.25  ETA 0:00\x1b[K");
        progress.finish();
        CHECK(screen.take() == "\rtrain  done in 1:25  loss 0.25\x1b[K\n");
    }
    CHECK(screen.take() == "");
}

TEST_CASE("a terminal is drawn at most ten times a second") {
    Screen screen;
    Progress progress("train", 1000, screen.display(true));
    progress.update(1, "loss", 1);
    CHECK(screen.take() != "");
    screen.now += 0.05;
    progress.update(2, "loss", 1);
    CHECK(screen.take() == "");
    screen.now += 0.06;
    progress.update(3, "loss", 1);
    CHECK(screen.take() != "");
}

TEST_CASE("a line never reaches the last column") {
    Screen screen;
    Progress progress("a long name for a piece of work", 2, screen.display(true, 12));
    progress.update(1, "loss", 1);
    CHECK(screen.take() == "\ra long name\x1b[K");
}

TEST_CASE("work that ends early leaves the cursor on a fresh line") {
    Screen screen;
    {
        Progress progress("t", 2, screen.display(true));
        progress.update(1, "loss", 1);
        screen.take();
    }
    CHECK(screen.take() == "\n");
}

TEST_CASE("steps beyond the end and no steps at all do no harm") {
    Screen screen;
    Progress progress("t", 0, screen.display(true));
    progress.update(5, "loss", 1);
    CHECK(screen.take() == "\rt [####################] 100 %  loss 1  ETA 0:00\x1b[K");
    progress.finish();
}

TEST_CASE("durations are printed as minutes and seconds") {
    CHECK(minutes_and_seconds(0.9) == "0:00");
    CHECK(minutes_and_seconds(75.2) == "1:15");
    CHECK(minutes_and_seconds(3600) == "60:00");
    CHECK(minutes_and_seconds(-1) == "0:00");
}
