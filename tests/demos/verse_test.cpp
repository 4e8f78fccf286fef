// The demo `verse` on made-up poems: the same bytes for every number of threads, and what a reader's own encoding or
// text can do wrong.
#include "demos/verse/verse.h"

#include <doctest/doctest.h>

#include <filesystem>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/nn/files/file.h>
#include "tests/demos/made_up_verse.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// 4 to 20 lines a poem: long ones to be evaluated on, short ones to train on.
Verse poems_of(std::vector<Index> periods) {
    Rng rng(1);
    std::vector<Poem> poems;
    for (const Index period : periods)
        for (Index lines = 4; lines <= 20; lines += 2) poems.push_back(made_up_poem(period, lines, 0x4e00, rng));
    return made_up_verse(std::move(poems), std::move(periods));
}

struct Shown {
    Measurements found;
    std::string pictures, numbers;
};

Shown run_with(int threads, const std::vector<Index>& periods) {
    const int before = num_threads();
    set_num_threads(threads);
    const VersePlan plan =
        verse_plan(poems_of(periods), {"table", "rnn(init=orthogonal, gain=0.15)", "rnn(gain=0.15)"});
    const TempFolder folder;
    DemoOptions options;
    options.out = folder.path();
    options.about.name = "verse";
    options.quick = true;
    Report report(options, verse_claims(plan.readings, plan.never()));
    Shown shown{verse_runs(plan, {7}, 3), "", ""};
    std::ostringstream out;
    show_verse(shown.found, plan, report, out);
    CHECK(plan.readings == shown.found.labels("encoding"));
    report.judge(shown.found);
    report.finish(out);
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        (entry.path().extension() == ".json" ? shown.numbers : shown.pictures) += read_file(entry.path().string());
    set_num_threads(before);
    return shown;
}

}    // namespace

TEST_CASE("the demo verse gives the same numbers and pictures for 1 and 2 and 4 threads") {
    const Shown one = run_with(1, {6, 8});
    for (const int threads : {2, 4}) {
        const Shown more = run_with(threads, {6, 8});
        CHECK((more.pictures == one.pictures));
        CHECK(more.found.csv("value") == one.found.csv("value"));
    }
    CHECK(one.numbers.find("\"face.png\"") != std::string::npos);
    CHECK(one.found.labels("encoding") == std::vector<std::string>{"table, untrained rows", "table, rows of zeros",
                                                                   "table, repeated", "rnn(init=orthogonal, gain=0.15)",
                                                                   "rnn(gain=0.15)"});
    const NdArray& repeated = one.found.array({{"encoding", "table, repeated"}});
    CHECK(repeated.shape() == Shape{96, 96});
    CHECK(repeated.at({0, 32}) > Scalar(0.9999));    // its copies are equal
    CHECK(one.found.labels("position").size() == 8);
    CHECK(one.found.labels("verse") == std::vector<std::string>{"five characters a line, period 6",
                                                                "seven characters a line, period 8",
                                                                "control: five, windows start anywhere, period 6"});
}

TEST_CASE("the demo verse takes verse of any line length") {
    const Shown shown = run_with(2, {5});
    CHECK(shown.found.labels("verse") == std::vector<std::string>{"four characters a line, period 5",
                                                                  "control: four, windows start anywhere, period 5"});
    CHECK(shown.found.array({{"encoding", "table, repeated"}}).shape() == Shape{80, 80});
    CHECK(shown.found.labels("measure").back() == "score(10) at 26..79");
    CHECK(shown.numbers.find("\"face.png\"") == std::string::npos);    // it is about lines of five and of seven
    CHECK(shown.numbers.find("Before and after training on a test.") != std::string::npos);    // not on Tang poems
    CHECK(shown.numbers.find("Shown: one seed.") != std::string::npos);
}

TEST_CASE("lines of 16 characters and a mark are scored in three periods") {
    const VersePlan plan = verse_plan(poems_of({17}), {});
    const Measurements found = verse_runs(plan, {7}, 1);
    CHECK(found.array({{"verse", verse_label(17)}, {"measure", "after"}}).shape() == Shape{51, 51});
    CHECK(found.array({{"verse", control_label(17)}, {"measure", "after"}}).shape() == Shape{51, 51});
}

TEST_CASE("verse judges every encoding inside the trained length and the orthogonal RNN seed by seed beyond") {
    const std::string orthogonal = "rnn(init=orthogonal, gain=0.15)";
    Measurements made;
    const auto record = [&](std::uint64_t seed, const std::string& encoding, double inside, double beyond) {
        made.numbers.push_back({{{"encoding", encoding}, {"measure", "right at 0..23"}}, seed, inside});
        made.numbers.push_back({{{"encoding", encoding}, {"measure", "at 48..95"}}, seed, beyond});
    };
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        record(seed, orthogonal, 0.98, seed == 2 ? 0.87 : 0.97);
        record(seed, "mine", seed == 2 ? 0.9 : 1, 0.5);
    }
    const auto found = [&](const std::string& what, bool quick = false) -> std::optional<Claim> {
        Verdicts verdicts({.quick = quick}, verse_claims(made.labels("encoding"), 0.833));
        verdicts.judge(made);
        for (const Claim& claim : verdicts.judged())
            if (claim.what == what) return claim;
        return {};
    };
    CHECK(is_met(found(orthogonal + ": right at 48..95").value()));    // its mean is 0.937
    CHECK_FALSE(is_met(found(orthogonal + ": right at 48..95, each seed").value()));
    CHECK(found(orthogonal + ": right at 48..95")->chance == 0.833);
    CHECK(found(orthogonal + ": right at 48..95", true)->band.low == 0.85);
    CHECK(is_met(found(orthogonal + ": right at 0..23").value()));
    CHECK_FALSE(is_met(found("mine: right at 0..23").value()));    // 0.967
    CHECK_FALSE(found("mine: right at 0..23", true).has_value());
    CHECK_FALSE(found("mine: right at 48..95").has_value());
}

TEST_CASE("an encoding that cannot be drawn is refused before the training") {
    const auto plan_with = [](const std::string& encoding) { verse_plan(poems_of({6}), {encoding}); };
    plan_with("sinusoidal(gain=0.15)");
    CHECK_THROWS_WITH_AS(plan_with("rnn_over_inputs"),
                         "--encodings: expected a vector for each position, got rnn_over_inputs, which reads the "
                         "tokens; ./go demos family shows it",
                         OptionError);
    CHECK_THROWS_WITH_AS(plan_with("tabel"), "make_encoding: unknown encoding 'tabel'; did you mean table?",
                         OptionError);
}

TEST_CASE("verse without long poems or without short ones is refused before the training") {
    Rng rng(1);
    const auto refused = [&](Index lines, const std::string& got) {
        const Verse verse = made_up_verse({made_up_poem(6, lines, 0x4e00, rng)}, {6});
        CHECK_THROWS_WITH_AS(
            verse_plan(verse, {"table"}),
            ("corpus: expected poems of 4 to 15 lines of 5 characters to train on, and one of 16 lines "
             "or more to be evaluated on, got " +
             got +
             " lines of 5 characters in a test; bring more or longer poems, with a blank line "
             "between two")
                .c_str(),
            FileError);
    };
    refused(15, "15");
    refused(16, "16");
}

// Counted by an independent program.
TEST_CASE("the Tang poems give the known evaluation set of verse" *
          doctest::skip(!std::filesystem::exists(tang_poems_file))) {
    const VersePlan plan = verse_plan(load_verse(""), {});
    CHECK(plan.training.size() == 145);
    CHECK(plan.windows.shape == Shape{34, 96});
}

TEST_CASE("the poems in the tree are enough for verse") {
    const VersePlan plan = verse_plan(read_verse(few_tang_poems), {});
    CHECK(plan.training.size() == 71);
    CHECK(plan.windows.shape == Shape{19, 96});
}
