// The demo `write_verse` on made-up poems: how marks are counted, by hand; what is written, and what is shown of it.
#include "demos/write_verse/writing.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/quote.h"
#include "demos/models/encodings.h"
#include "tests/demos/made_up_verse.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

NdArray marks_of(const std::string& picture) {    // "..o": 0, 0, 1
    std::vector<Scalar> marks;
    for (const char c : picture) marks.push_back(c == 'o' ? 1 : 0);
    return NdArray(Shape{1, std::ssize(marks)}, marks);
}

// 4 to 20 lines a poem: long ones to begin with, short ones to train on.
LongPoems long_poems_of(Index period) {
    Rng rng(1);
    std::vector<Poem> poems;
    for (Index lines = 4; lines <= 20; lines += 2) poems.push_back(made_up_poem(period, lines, 0x4e00, rng));
    return long_poems(made_up_verse(std::move(poems), {period}));
}

Measurements run_with(int threads, const LongPoems& poems, const std::vector<std::string>& encodings) {
    const int before = num_threads();
    set_num_threads(threads);
    const Measurements found = writing_runs(poems, encodings, {7}, 3);
    set_num_threads(before);
    return found;
}

}    // namespace

TEST_CASE("marks at their places are counted by hand") {
    // Lines of two characters and a mark. The second line is one too long; after it all marks are out of step.
    const NdArray marks = marks_of("..o...o..o..o");
    const Kept all = kept(marks, 3, {0, 13});
    CHECK(all.right == 1.0 / 4);
    CHECK(all.found == 1.0 / 4);    // places 2, 5, 8, 11
    CHECK(all.lines == 3.0 / 4);
    const Kept end = kept(marks, 3, {7, 13});    // the line that ends at 9 began before
    CHECK(end.right == 0);
    CHECK(end.found == 0);
    CHECK(end.lines == 1);
    const Kept two_marks = kept(marks_of("..oo..o.."), 3, {0, 9});    // a line of no characters between them
    CHECK(two_marks.right == 1.0 / 3);
    CHECK(two_marks.found == 1.0 / 3);
    CHECK(two_marks.lines == 2.0 / 3);
    const Kept none = kept(marks_of("......"), 3, {0, 6});
    CHECK(std::isnan(none.right));
    CHECK(none.found == 0);
    CHECK(std::isnan(none.lines));
}

TEST_CASE("a poet keeps the line everywhere and marks at random places keep it as often as computed") {
    const LongPoems poems = long_poems_of(6);
    const std::vector<Index>& tokens = poems.windows.values;
    const NdArray written(poems.windows.shape, std::vector<Scalar>(tokens.begin(), tokens.end()));
    const Kept poet = kept(marks_in(written, poems.is_mark), 6, {32, 64});
    CHECK(poet.right == 1);
    CHECK(poet.found == 1);
    CHECK(poet.lines == 1);

    Rng rng(1);
    std::vector<Scalar> thrown(2000 * 96);
    for (Scalar& mark : thrown) mark = rng.chance(0.2) ? 1 : 0;
    const Kept random = kept(NdArray(Shape{2000, 96}, thrown), 6, {32, 64}),
               computed = kept_by_chance(0.2, 6, {32, 64});
    CHECK(computed.right == 5.0 / 32);    // 35, 41, 47, 53 and 59
    CHECK(computed.found == 0.2);
    CHECK(std::abs(computed.lines - 0.2 * std::pow(0.8, 5)) < 1e-12);
    // Each is a mean of 10,000 draws or more, of a standard deviation below 0.4: five of theirs are 0.02.
    CHECK(std::abs(random.right - computed.right) < 0.02);
    CHECK(std::abs(random.found - computed.found) < 0.02);
    CHECK(std::abs(random.lines - computed.lines) < 0.02);
}

TEST_CASE("the beat of a couplet is drawn for readers without Chinese") {
    CHECK(beat_of(select(marks_of("..o..oo..o.."), 0, 0), 3) == "..o..ox.-x.-");
}

TEST_CASE("the demo write_verse writes the same poems for 1 and 2 threads and begins them with the poets' couplets") {
    const LongPoems poems = long_poems_of(6);
    const std::vector<std::string> encodings{"table", "rope", three_parts};
    const Measurements one = run_with(1, poems, encodings), two = run_with(2, poems, encodings);
    CHECK(two.csv("value") == one.csv("value"));
    const std::vector<std::string> names{"table, untrained rows", "table, repeated", "rope", three_parts};
    CHECK(one.where({"measure", "a mark is here"}).labels("encoding") == names);
    for (const std::string& name : names) {
        const NdArray& written = one.array({{"encoding", name}});
        CHECK(written.to_vector() == two.array({{"encoding", name}}).to_vector());
        REQUIRE(written.shape() == poems.windows.shape);
        Index other = 0;
        for (Index n = 0; n < written.dim(0); ++n)
            for (Index k = 0; k < 96; ++k) {
                const bool same = static_cast<Index>(written.at({n, k})) == poems.windows[n * 96 + k];
                if (k < 12) CHECK(same);
                other += same ? 0 : 1;
            }
        CHECK(other > 0);
    }
    // Up to place 32, which is written from position 31, the two readings of a table are one model with the same draws.
    const NdArray &fresh = one.array({{"encoding", names[0]}}), &repeated = one.array({{"encoding", names[1]}});
    CHECK(slice(fresh, 1, 0, 33).to_vector() == slice(repeated, 1, 0, 33).to_vector());
    CHECK(fresh.to_vector() != repeated.to_vector());
    for (const char* measure : {"right", "found", "lines"})
        CHECK(one.where({"measure", measure}).labels("places") ==
              std::vector<std::string>{"12..31", "32..63", "64..95"});
    CHECK(one.of({{"encoding", random_places}, {"measure", "right"}, {"places", "64..95"}}) ==
          std::vector<double>{6.0 / 32});
}

TEST_CASE("the demo write_verse takes verse of any line length and shows poems and beats side by side") {
    const LongPoems poems = long_poems_of(5);
    const Measurements found = run_with(2, poems, {"alibi"});
    const TempFolder folder;
    DemoOptions options;
    options.out = folder.path();
    options.about.name = "write_verse";
    Report report(options);
    std::ostringstream out;
    show_writing(found, poems, report, out);
    CHECK(report.finish(out) == 0);
    CHECK(out.str().find("\nalibi\n    0..9    ") != std::string::npos);
    CHECK(out.str().find("with four characters") != std::string::npos);
    const Json results = read_results(folder / "write_verse.json");
    const Table shown = quoted_table(results, "poems");
    REQUIRE(shown.rows.size() == 8);    // a couplet each
    CHECK(shown.rows[0][3] == "....o....o");
    CHECK(shown.rows[7][1] == "70..79");
    CHECK(quoted_table(results, "right").rows.back()[0] == random_places);
    REQUIRE(results.at("charts").size() == 1);
    const plot::LineChart chart = chart_of(results.at("charts")[0].at("charts")[0]);
    CHECK(chart.title == "alibi");
    CHECK(chart.lines[0].x.front() == 10);
    CHECK(chart.lines[0].x.back() == 79);
}

TEST_CASE("every encoding that write_verse lists can write and one that cannot is refused before the training") {
    const LongPoems poems = long_poems_of(6);
    CHECK_THROWS_WITH_AS(writing_runs(poems, {"tabel"}, {1}, 1),
                         "make_encoding: unknown encoding 'tabel'; did you mean table?", OptionError);
    const Measurements found = writing_runs(
        poems, {"ring(rows=32, std=0.1)", ring_and_forgetting, rnn_and_forgetting, "forgetting", "none"}, {1}, 1);
    for (const std::string& name : found.labels("encoding"))
        CHECK(std::isfinite(found.of({{"encoding", name}, {"measure", "found"}, {"places", "64..95"}}).at(0)));
}
