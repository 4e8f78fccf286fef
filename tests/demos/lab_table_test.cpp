#include "demos/lab/table.h"

#include <doctest/doctest.h>

#include <sstream>

#include "demos/lab/summary.h"

using namespace ordinal;
using namespace ordinal::demos;

TEST_CASE("a column more is made from the first cell of each row") {
    const Table table{.name = "t", .columns = {"a"}, .rows = {{"1"}, {"2"}}};
    const Table wider = with_column(table, "twice", [](const std::string& first) { return first + first; });
    CHECK(wider.columns == std::vector<std::string>{"a", "twice"});
    CHECK(wider.rows[1] == std::vector<std::string>{"2", "22"});
}

TEST_CASE("a number is written with all of its digits however large") {
    CHECK(fixed(-1.25, 1) == "-1.2");
    CHECK(fixed(1e100, 2).size() == 104);    // 101 digits, a point and two decimals
    CHECK(fixed(1e100, 2).ends_with(".00"));
}

TEST_CASE("only a cell with a range loses it") {
    CHECK(without_range("0.42 [0.37 .. 0.48]") == "0.42");
    CHECK(without_range("off1 .. off7") == "off1 .. off7");
    CHECK(without_range("a [b]") == "a [b]");
}

TEST_CASE("a table on the terminal is aligned and at most 100 columns wide") {
    const auto printed = [](const Table& table) {
        std::ostringstream out;
        print_table(out, table, "a.json");
        return out.str();
    };
    Table table{.name = "t", .title = "T", .columns = {"who", "right"}, .rows = {{"table", "0.42 [0.37 .. 0.48]"}}};
    CHECK(printed(table) == "\nT\n\nwho    right\ntable  0.42 [0.37 .. 0.48]\n");
    table.rows = {{"\u9ce5", "1"}, {"ab", "2"}};    // a Chinese character is as wide as two letters
    CHECK(printed(table) == "\nT\n\nwho  right\n\u9ce5   1\nab   2\n");

    table.look_at = "L";
    table.rows = {{std::string(80, 'e'), "0.42 [0.37 .. 0.48]"}};
    const std::string wide_name(80, 'e'), spaces(79, ' ');
    CHECK(printed(table) ==
          "\nT\nL\n\nwho" + spaces + "right\n" + wide_name + "  0.42\nThese are the means; the ranges are in a.json\n");
    table.rows = {{std::string(98, 'e'), "0.42"}};
    CHECK(printed(table) == "\nT\nL\n\nToo wide for a terminal; it is in a.json\n");
}
