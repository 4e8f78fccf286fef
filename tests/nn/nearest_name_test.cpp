#include <ordinal/nn/nearest_name.h>

#include <doctest/doctest.h>

using namespace ordinal;

TEST_CASE("edit distance counts inserted and deleted and replaced letters") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("rnn", "rnn") == 0);
    CHECK(edit_distance("", "rope") == 4);
    CHECK(edit_distance("rope", "") == 4);
    CHECK(edit_distance("kitten", "sitting") == 3);    // k -> s, e -> i, + g
    CHECK(edit_distance("sitting", "kitten") == 3);
    CHECK(edit_distance("abc", "bc") == 1);
}

TEST_CASE("the nearest name is the one with the fewest changes and the first of equals") {
    CHECK(nearest_name("--qick", {"--seed", "--quick", "--out"}) == "--quick");
    CHECK(nearest_name("tabel", {"rnn", "table", "label"}) == "label");    // 1 change against 2
    CHECK(nearest_name("cat", {"bat", "rat"}) == "bat");
}

TEST_CASE("a name that needs more than half of its letters changed has no nearest name") {
    CHECK(nearest_name("abcd", {"abxy"}) == "abxy");    // 2 of 4
    CHECK(nearest_name("abcd", {"axyz"}) == "");        // 3 of 4
    CHECK(nearest_name("rope", {}) == "");
    CHECK(nearest_name("", {"a"}) == "");
}

TEST_CASE("did_you_mean proposes the nearest name or lists the known ones") {
    CHECK(did_you_mean("rn", {"table", "rnn"}) == "did you mean rnn?");
    CHECK(did_you_mean("xyzxyz", {"table", "rnn"}) == "known: table, rnn");
}

TEST_CASE("a name of megabytes costs no time") {
    const std::string endless(5'000'000, 'x');
    CHECK(nearest_name(endless, {"table", "rnn"}).empty());
}
