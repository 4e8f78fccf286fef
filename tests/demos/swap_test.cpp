// The demo `swap` on made-up poems: what is measured, claimed and shown, and how answers are counted.
#include "demos/swap/swap.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/quote.h"
#include "demos/swap/guesses.h"
#include "tests/demos/made_up_verse.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

PoemTask made_up_task(Index poems) {
    Rng rng(1);
    std::vector<Poem> made;
    for (Index n = 0; n < poems; ++n) made.push_back(made_up_poem(6, 8, 0x4e00, rng));
    return poem_task(made_up_verse(std::move(made), {6}));
}

// Of one encoding on one seed: its losses, and the shares of "is this a mark?" answered right.
void record(Measurements& made, const std::string& encoding, std::uint64_t seed, double loss_inside, double loss_beyond,
            double where_beyond, double f1) {
    const auto one = [&](const std::string& measure, double value) {
        made.numbers.push_back({{{"encoding", encoding}, {"measure", measure}}, seed, value});
    };
    one("loss at 0..23", loss_inside);
    one("where at 0..23", 0.9);
    one("loss at 24..47", loss_beyond);
    one("where at 24..47", where_beyond);
    one("F1", f1);
}

}    // namespace

TEST_CASE("a tally counts losses and places of punctuation by hand") {
    // Tokens 0 and 1 are characters, 2 and 3 are marks. p of each guess: 1/2, the others 1/6.
    Guesses guesses;
    const auto row = [](Index likely) {
        std::vector<Scalar> logits(4, 0);
        logits[static_cast<std::size_t>(likely)] = static_cast<Scalar>(std::log(3.0));
        return NdArray({1, 4}, logits);
    };
    const auto guess = [&](Index likely, Index truth) {
        guesses.add(row(likely), IndexArray({1}, {truth}), {false, false, true, true});
    };
    guess(0, 0);    // right
    guess(1, 0);    // a character, but another one: the place is right
    guess(2, 3);    // a mark, but another one: found
    guess(0, 2);    // a mark that was missed
    guess(3, 1);    // a mark where there is none
    CHECK(std::abs(guesses.loss() - (std::log(2.0) + 4 * std::log(6.0)) / 5) < 1e-6);
    CHECK(std::abs(guesses.character_loss() - (std::log(2.0) + 2 * std::log(6.0)) / 3) < 1e-6);
    CHECK(guesses.where() == 3.0 / 5);
    CHECK(guesses.recall() == 1.0 / 2);
    CHECK(guesses.precision() == 1.0 / 2);    // of two guessed marks one stands where one was hidden
    CHECK(guesses.f1() == 1.0 / 2);
    CHECK(Guesses{.all = 4, .characters = 3, .found = 1, .guessed = 4}.f1() == 0.4);    // always saying yes
}

TEST_CASE("a tally that nothing was asked of says NaN and never saying punctuation finds none") {
    const auto of = [](Index truth) {    // token 1 is a mark; the guess is 0
        Guesses guesses;
        guesses.add(NdArray({1, 2}, {1, 0}), IndexArray({1}, {truth}), {false, true});
        return guesses;
    };
    const Guesses empty, never = of(1), no_mark = of(0);
    for (const double number :
         {empty.loss(), empty.character_loss(), empty.where(), empty.recall(), empty.precision(), empty.f1()})
        CHECK(std::isnan(number));
    CHECK(never.recall() == 0);
    CHECK(std::isnan(never.precision()));
    CHECK(never.f1() == 0);
    CHECK(std::isnan(no_mark.recall()));
    CHECK(std::isnan(no_mark.f1()));
}

TEST_CASE("the demo swap gives the same numbers and guesses for 1 and 2 threads and evaluates a table three times") {
    const PoemTask task = made_up_task(20);
    const auto run_with = [&](int threads) {
        const int before = num_threads();
        set_num_threads(threads);
        const Measurements found = swap_runs(task, {"table", "alibi"}, {7}, 2);
        set_num_threads(before);
        return found;
    };
    const Measurements one = run_with(1), two = run_with(2);
    CHECK(two.csv("value") == one.csv("value"));
    CHECK(one.csv("value").find("\nalibi,alibi,loss at 24..47,7,") != std::string::npos);
    const auto loss = [&](const std::string& encoding, const std::string& place) {
        return one.of({{"encoding", encoding}, {"measure", "loss at " + place}}).at(0);
    };
    CHECK(loss("table, untrained rows", "0..23") == loss("table, hierarchical", "0..23"));    // old rows stay
    CHECK(loss("table, untrained rows", "24..47") != loss("table, hierarchical", "24..47"));
    CHECK(loss("table, untrained rows", "24..47") != loss("table, repeated", "24..47"));

    const Table poems = poems_table_of(one, task);
    CHECK(markdown(poems_table_of(two, task)) == markdown(poems));
    CHECK((poems.columns == std::vector<std::string>{"position", "around it", "truth", "table, untrained rows",
                                                     "table, repeated", "table, hierarchical", "alibi"}));
    CHECK(std::ssize(poems.rows) == one.array({{"encoding", "alibi"}, {"window", "0..23"}}).dim(0) +
                                        one.array({{"encoding", "alibi"}, {"window", "24..47"}}).dim(0));
    for (const auto& row : poems.rows) {
        CHECK(row[1].find("\u25a1") != std::string::npos);    // at least the character itself, or it is shown
        for (std::size_t c = 3; c < row.size(); ++c) CHECK(row[c].size() == 9);    // three characters of 3 bytes
    }
}

TEST_CASE("the demo swap leaves its chart and tables and prints narrow ones") {
    const PoemTask task = made_up_task(20);
    const Measurements found = swap_runs(task, {"none", "table"}, {1}, 1);
    const TempFolder folder;
    DemoOptions options;
    options.out = folder.path();
    options.about.name = "swap";
    Report report(options);
    std::ostringstream out;
    show_swap(found, task, report, out);
    CHECK(out.str().find("\nencoding               loss at 0..23") != std::string::npos);
    CHECK(report.finish(out) == 0);
    const Json results = read_results(folder / "swap.json");
    CHECK(quoted_table(results, "swap").columns.size() == 9);
    CHECK(quoted_table(results, "poems").columns.size() == 3 + 4);
    REQUIRE(results.at("charts").size() == 1);
    CHECK(results.at("charts")[0].at("title") == "made up: one small BERT, the encoding swapped");
    CHECK(
        results.at("charts")[0].at("look_at") ==
        "A dot a seed. Left: who stands at the left learned well, who stands low goes on well. `none` is the control, "
        "and yet below the table beyond: a wrong position is worse than none.");    // there is no RNN in it
    const Json& charts = results.at("charts")[0].at("charts");
    CHECK(charts.size() == 2);
    CHECK(chart_of(charts[0]).lines.size() == 4);
    CHECK(chart_of(charts[0]).lines[3].name == "table, hierarchical");
    CHECK(chart_of(charts[1]).lines[0].only_dots);
}

TEST_CASE("every encoding that swap lists can be trained and evaluated beyond") {
    const PoemTask task = made_up_task(14);
    std::set<std::string> names;
    for (const std::string& encoding : all_swap_encodings()) CHECK(names.insert(encoding).second);
    const Measurements found = swap_runs(task, all_swap_encodings(), {1}, 1);
    for (const std::string& encoding : found.labels("encoding")) {
        INFO(encoding);
        for (const char* measure : {"loss at 0..23", "loss at 24..47"})
            CHECK(std::isfinite(found.of({{"encoding", encoding}, {"measure", measure}}).at(0)));
    }
    CHECK(found.labels("model").size() == names.size());
    CHECK(names.contains(orthogonal_rnn));
    CHECK(names.contains("learned_sinusoid(gain=0.15)"));    // listed by nobody, found in the registry
    CHECK(!names.contains("forgetting"));                    // it looks back only
}

TEST_CASE("the table of swap shows the best first") {
    Measurements made;
    record(made, "worse", 1, 5, 6, 0.5, 0.5);
    record(made, "better", 1, 4, 6, 0.5, 0.5);
    const Table table = swap_table_of(made, made_up_task(20));
    CHECK((table.columns == std::vector<std::string>{"encoding", "loss at 0..23", "where at 0..23", "loss at 24..47",
                                                     "where at 24..47", "F1"}));
    CHECK((table.rows[0] == std::vector<std::string>{"better", "4.00", "0.90", "6.00", "0.50", "0.50"}));
    CHECK(table.rows[1][0] == "worse");
}

TEST_CASE("the claims of swap compare the RNN with the table and skip what did not run") {
    const auto judged = [](const Measurements& made, bool quick = false) {
        Verdicts verdicts({.quick = quick}, swap_claims(0.84));
        verdicts.judge(made);
        return verdicts;
    };
    const auto measured = [](const Verdicts& verdicts, const std::string& what) {
        for (const Claim& claim : verdicts.judged())
            if (claim.what == what) return claim.measured.at(0);
        return std::nan("");
    };
    Measurements good, reversed;
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        record(good, "table, untrained rows", seed, 5, 6.5, 0.7, 0.29);
        record(good, orthogonal_rnn, seed, 5, 6, 0.9, 0.85);
        record(reversed, "table, untrained rows", seed, 5, 6, 0.9, 0.85);
        record(reversed, orthogonal_rnn, seed, 5, 6.5, 0.7, 0.29);
    }
    const Verdicts full = judged(good);
    CHECK(measured(full, "table minus RNN: loss at 24..47") == 0.5);
    CHECK(measured(full, "RNN: punctuation or not at 24..47") == 0.9);
    CHECK(measured(full, "RNN minus table: punctuation found at 24..47, F1") > 0.5);
    CHECK(std::isnan(measured(full, "no positions: loss at 0..23")));
    CHECK(full.all_met());
    CHECK(std::isnan(measured(judged(good, true), "RNN: punctuation or not at 24..47")));    // for three seeds and more
    for (const Claim& claim : full.judged())
        if (claim.what == "RNN: punctuation or not at 24..47")
            CHECK(claim.if_missed ==
                  "some seeds settle late into the couplets' rhythm; mind that always saying \"no "
                  "punctuation\" reaches 0.84 here");
    CHECK(!judged(reversed).all_met());
    CHECK(!judged(reversed, true).all_met());
}
