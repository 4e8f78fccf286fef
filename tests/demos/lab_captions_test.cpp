#include "demos/lab/captions.h"

#include <doctest/doctest.h>

using namespace ordinal::demos;

TEST_CASE("a caption says a sentence only where all that it speaks of was measured") {
    Measurements shown;
    shown.numbers.push_back({{{"task", "off3"}, {"encoding", "table"}}, 1, 0.5});
    shown.numbers.push_back({{{"task", "off3"}, {"encoding", "rope"}}, 1, 0.9});
    CHECK(caption(shown, {{"Of all."},
                          {"Of the table.", {"table"}},
                          {"Of another.", {"alibi"}},
                          {"Of two.", {"rope", "alibi"}},
                          {"Of both, on off3.", {"table", "rope", "off3"}}}) ==
          "Of all. Of the table. Of both, on off3.");
    CHECK(caption(shown, {{"Of another.", {"alibi"}}}) == "");
}
