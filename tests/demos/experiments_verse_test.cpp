// The verse experiments on a small made-up corpus: the same bytes for every number of threads, and what a reader's own
// encoding or corpus can do wrong.
#include "demos/experiments/poems/verse_runs.h"

#include <doctest/doctest.h>

#include <atomic>
#include <sstream>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/random.h>
#include <ordinal/nn/files/file.h>
#include "demos/experiments/poems/verse_report.h"
#include "demos/lab/jobs.h"
#include "tests/temp_folder.h"

using namespace ordinal;

namespace {

// Five random characters and a mark, again and again: 24 to 120 characters a poem.
std::vector<Poem> made_up_poems() {
    Rng rng(1);
    std::vector<Poem> poems;
    for (Index couplets = 2; couplets <= 10; ++couplets) {
        Poem poem{"", "", U"", Meter::five};
        for (Index line = 0; line < 2 * couplets; ++line) {
            for (int i = 0; i < 5; ++i) poem.text += static_cast<char32_t>(0x4e00 + rng.below(12));
            poem.text += line % 2 == 0 ? U'，' : U'。';
        }
        poems.push_back(std::move(poem));
    }
    return poems;
}

struct Trained {
    VerseResults results;
    std::string pictures, numbers;
};

Trained train_with(int threads) {
    const std::vector<Poem> poems = made_up_poems();
    const int before = num_threads();
    set_num_threads(threads);
    Trained trained;
    VerseResults& results = trained.results;
    results.five.resize(1);
    results.seven.resize(1);
    results.control.resize(1);
    const std::vector<std::string> encodings{"table", "rnn(gain=0.15)"};
    results.beyond.assign(encodings.size(), std::vector<std::vector<BeyondRun>>(1));
    constexpr Index steps = 3;
    const auto rhythm = [&](RhythmRun& run, bool couplets) {
        return Job{steps, [&, couplets](const StepDone& done) {
                       run = run_rhythm(poems, Meter::five, couplets, {7, steps, done});
                   }};
    };
    std::vector<Job> jobs{rhythm(results.five[0], true), rhythm(results.seven[0], true),
                          rhythm(results.control[0], false)};
    for (std::size_t e = 0; e < encodings.size(); ++e)
        jobs.push_back({steps, [&, e](const StepDone& done) {
                            results.beyond[e][0] = run_beyond(poems, encodings[e], {7, steps, done});
                        }});
    run_jobs("a test", jobs);
    const TempFolder folder;
    DemoOptions options;
    options.out = folder.path();
    Report report(options);
    draw_verse(results, 0.8, report);
    Results numbers;
    numbers.expectations = judge_verse(results, VerseBands::full, 0.8).list();
    write_results(options.output("verse.json"), numbers);
    for (const char* name : {"verse_rhythm.png", "verse_beyond.png", "verse_where.svg"})
        trained.pictures += read_file(options.output(name));
    trained.numbers = read_file(options.output("verse.json"));
    set_num_threads(before);
    return trained;
}

}    // namespace

TEST_CASE("training runs give the same weights and numbers and pictures for 1 and 2 and 4 threads") {
    const Trained one = train_with(1);
    for (const int threads : {2, 4}) {
        const Trained more = train_with(threads);
        CHECK(more.numbers == one.numbers);
        CHECK((more.pictures == one.pictures));
        CHECK(max_abs_difference(more.results.five[0].after, one.results.five[0].after) == 0);
        CHECK(max_abs_difference(more.results.beyond[1][0][0].similarity, one.results.beyond[1][0][0].similarity) == 0);
    }
    CHECK(one.results.beyond[0].at(0).size() == 3);    // a table is read three times
    CHECK(one.results.beyond[0][0][2].name == "table, repeated");
    CHECK(one.results.beyond[0][0][2].similarity.at({0, 32}) > Scalar(0.9999));    // its copies are equal
}

TEST_CASE("verse judges every encoding inside the trained length and the orthogonal RNN seed by seed beyond") {
    const std::string orthogonal = "rnn(init=orthogonal, gain=0.15)";
    const auto run = [](const std::string& name, double inside, double beyond) {
        BeyondRun made;
        made.name = name;
        made.inside = inside;
        made.middle = 0.9;
        made.beyond = beyond;
        made.score = 0.9;
        return std::vector<BeyondRun>{made};
    };
    VerseResults results{{RhythmRun{}, RhythmRun{}}, {RhythmRun{}, RhythmRun{}}, {RhythmRun{}, RhythmRun{}}, {}};
    results.beyond = {{run(orthogonal, 1, 1), run(orthogonal, 0.98, 0.87)},
                      {run("mine", 0.9, 0.5), run("mine", 1, 0.5)}};
    const auto found = [&](const std::string& what) {
        const Expectations judged = judge_verse(results, VerseBands::full, 0.833);
        for (const Expectation& e : judged.list())
            if (e.what == what) return e;
        throw OptionError("no expectation " + what);
    };
    CHECK(is_met(found(orthogonal + ": right at 48..95")));    // its mean is 0.935
    CHECK_FALSE(is_met(found(orthogonal + ": right at 48..95, each seed")));
    CHECK(found(orthogonal + ": right at 48..95").chance == 0.833);
    CHECK(is_met(found(orthogonal + ": right at 0..23")));
    CHECK_FALSE(is_met(found("mine: right at 0..23")));
    const Table table = where_table(results, 0.833);
    CHECK((table.rows[1] == std::vector<std::string>{"mine", "0.95 [0.90 .. 1.00]", "0.90 [0.90 .. 0.90]",
                                                     "0.50 [0.50 .. 0.50]", "0.90 [0.90 .. 0.90]"}));
    CHECK(rhythm_table(results).rows.size() == 3);
}

TEST_CASE("an encoding that cannot be drawn is refused before the training") {
    check_beyond_encoding("sinusoidal(gain=0.15)");
    CHECK_THROWS_WITH_AS(check_beyond_encoding("rnn_over_inputs"),
                         "only encodings with a vector for each position can be drawn here", OptionError);
    CHECK_THROWS_WITH_AS(check_beyond_encoding("tabel"), "make_encoding: unknown encoding 'tabel'; did you mean table?",
                         OptionError);
}

TEST_CASE("a failing job ends the others and its error reaches the caller") {
    std::atomic<int> ran{0};
    std::vector<Job> jobs{{1, [](const StepDone&) { throw OptionError("no such thing"); }}};
    for (int i = 0; i < 100; ++i) jobs.push_back({1, [&](const StepDone&) { ++ran; }});
    const int before = num_threads();
    set_num_threads(1);
    CHECK_THROWS_WITH_AS(run_jobs("a test", jobs), "no such thing", OptionError);
    set_num_threads(before);
    CHECK(ran == 0);
}
