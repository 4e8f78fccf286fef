#include "demos/models/lengths.h"

#include <doctest/doctest.h>

using namespace ordinal;
using namespace ordinal::demos;

TEST_CASE("every encoding is evaluated at each length and a table beyond its rows is no number") {
    const Measurements found =
        measure_lengths("a test", {"off3", "mod7"}, {"extended_table(rows=32, strategy=copy)", "rnn"}, 2, {5});
    CHECK(found.numbers.size() == 2 * 2 * 4);
    const Table table = length_table(found, "mod7");
    CHECK(table.name == "mod7");
    CHECK(table.title ==
          "mod7: What is the position modulo 7? Right at each length; one seed. The best blind guess: 0.14");
    CHECK(table.columns == std::vector<std::string>{"encoding", "32", "64", "128", "256", "dependent steps"});
    CHECK(table.rows[1].front() == "rnn");
    CHECK(table.rows[1].back() == "T");
    CHECK(table.rows[0].back() == "1");
    CHECK(table.look_at == "Peak learning rate 3e-3.");

    const std::vector<plot::LineChart> charts = length_charts(found);
    REQUIRE(charts.size() == 2);
    CHECK(charts[1].title == "mod7: What is the position modulo 7?");
    CHECK(charts[1].horizontal[0].at == 1.0 / 7);
    CHECK(charts[1].x_ticks == std::vector<double>{32, 64, 128, 256});
    CHECK(charts[1].lines[1].name == "rnn");
}

TEST_CASE("learning rates and numbers of layers are said where they differ") {
    const Measurements found =
        measure_lengths("a test", {"off3"}, {closed_form, "none", "by_layer(rope, none)"}, 1, {1});
    CHECK(length_table(found, "off3").look_at ==
          "Peak learning rate 3e-3; of " + closed_form + " 6e-3. by_layer(rope, none): 2 layers instead of one.");
}

TEST_CASE("more layers for all are said, beside a rate for all, too, and which rows have others") {
    const std::vector<std::string> encodings{"none", "by_layer(rope, none)", "by_layer(rope, rope, none)"};
    const auto said = [&](const Setup& setup) {
        return length_table(measure_lengths("a test", {"off3"}, encodings, 1, {1}, setup), "off3", setup).look_at;
    };
    CHECK(said({.layers = 2}) ==
          "Peak learning rate 3e-3. 2 layers. by_layer(rope, rope, none): 3 layers instead of 2.");
    CHECK(said({.learning_rate = 1.5e-3}) ==
          "Peak learning rate 0.0015. by_layer(rope, none): 2 layers instead of one. "
          "by_layer(rope, rope, none): 3 layers instead of one.");
    CHECK(said({.layers = 2, .learning_rate = 1.5e-3}) ==
          "Peak learning rate 0.0015. 2 layers. by_layer(rope, rope, none): 3 layers instead of 2.");
}

TEST_CASE("a longer training is evaluated at its own lengths and a rate for all is said") {
    const Setup setup{.trained_length = 64, .learning_rate = 1.5e-3};
    const Measurements found = measure_lengths("a test", {"off3"}, {closed_form, "table"}, 1, {1}, setup);
    const Table table = length_table(found, "off3", setup);
    CHECK(table.columns == std::vector<std::string>{"encoding", "64", "128", "256", "512", "dependent steps"});
    CHECK(table.rows[1][4] != "-");    // the table has rows for all of them
    CHECK(table.look_at == "Peak learning rate 0.0015.");
}

TEST_CASE("a task, an encoding or a number of layers that cannot be is refused before any training") {
    const Index for_ever = 1'000'000'000;
    CHECK_THROWS_WITH_AS(measure_lengths("a test", {"off3"}, {"tabel"}, for_ever, {1}),
                         "make_encoding: unknown encoding 'tabel'; did you mean table?", OptionError);
    CHECK_THROWS_WITH_AS(measure_lengths("a test", {"of3"}, {"table"}, for_ever, {1}),
                         doctest::Contains("did you mean off3?"), OptionError);
    CHECK_THROWS_WITH_AS(
        measure_lengths("a test", {"off3"}, {"none", "by_layer(rope, none)"}, for_ever, {1}, {.layers = 3}),
        "measure_lengths: expected a scheme for each of 3 layers, got by_layer(rope, none) for 2; name 3 schemes or "
        "ask for fewer layers",
        OptionError);
}

TEST_CASE("what is claimed of a length is about that number and says its chance") {
    const Claim claim = length_claim("mod5", 256, rotary, at_most(0.4), at_most(0.5), "why");
    CHECK(claim.what == "mod5 at 256: rope");
    CHECK(claim.of == Labels{{"task", "mod5"}, {"encoding", "rope"}, {"length", 256}});
    CHECK(claim.band.high == 0.4);
    CHECK(claim.few_seeds->high == 0.5);
    CHECK(*claim.chance == 0.2);
}
