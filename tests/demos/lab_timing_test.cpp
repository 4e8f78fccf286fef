// How long things take depends on the machine; that works take turns, and how often, does not.
#include "demos/lab/timing.h"

#include <doctest/doctest.h>

#include <thread>

using namespace ordinal;
using namespace ordinal::demos;

TEST_CASE("works take turns and slow ones sit out after the first round") {
    std::string turns;
    const auto timed = [&](const std::string& name, int milliseconds) {
        return Timed{{{"work", name}}, [&turns, name, milliseconds] {
                         turns += name;
                         std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
                     }};
    };
    const Measurements found = least_milliseconds("turns", {timed("a", 2), timed("b", 160)}, 3, 0);
    CHECK(turns == "abaa");
    CHECK(found.of({{"work", "a"}}).front() >= 2);
    CHECK(found.of({{"work", "b"}}).front() >= 160);
}
